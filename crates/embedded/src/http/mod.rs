//! The ClickHouse HTTP interface in front of the embedded engine, as far as the `clickhouse` crate,
//! `clickhouse-connect` and curl use it.
//!
//! A request comes in through `listener` and `handler`; `origin`, `auth` and `parameters` judge it; a `job` runs it on
//! a thread of the engine, reading the body through `body` as it arrives; `reply` carries the answer back.
//!
//! Contract: what was cut off is never committed and never looks whole. Users are enforced by the engine's own grants
//! plus the rules of `sql`; nothing a user sends reaches files, other hosts or programs.

mod auth;
mod body;
mod failure;
mod form;
mod formats;
mod handler;
mod job;
mod listener;
mod options;
pub(crate) mod origin;
mod parameters;
mod reply;
mod server;
mod session;
mod sql;
mod under_way;

pub use options::{Access, Options, User};
pub use server::{Error, Server};

#[cfg(test)]
mod tests;
