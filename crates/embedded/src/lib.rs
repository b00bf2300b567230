//! Broker, ClickHouse engine and schema registry inside one process.

pub mod broker;
pub mod engine;
mod runtime;
