//! Kafka broker, ClickHouse engine and schema registry inside one process.
//!
//! [`Embedded::start`] gives addresses, and everything else goes over the Kafka protocol and HTTP: nothing outside this
//! crate knows that a part is embedded. Everything lies in one data directory, which one process holds at a time:
//!
//! ```text
//! LOCK            held by the process that uses the directory
//! FORMAT          number of the layout
//! endpoints.json  where the parts of a running `up` answer
//! kafka/          the broker's log, an SQLite file
//! clickhouse/     the engine's data
//! ```

mod allocator;
pub mod broker;
#[cfg(target_env = "gnu")]
mod code;
pub mod data_dir;
pub mod endpoints;
pub mod engine;
pub mod http;
mod leave;
mod ports;
pub mod registry;
mod runtime;
mod system;

pub use allocator::give_memory_back;
pub use leave::leave;
pub use ports::{PortChoice, PortError, Ports};
pub use system::{ENGINE_MEMORY, Embedded, Error, Options};
