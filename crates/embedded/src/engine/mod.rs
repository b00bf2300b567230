//! The ClickHouse engine inside this process: libchdb, found or fetched once, loaded at run time and never linked.
//!
//! Contract: one [`Engine`] per process and one data path per engine. Every request has a [`Connection`] of its own,
//! because settings, parameters and temporary tables are state of a connection. Work runs on dedicated threads with
//! 8 MiB stacks (the engine recurses on its caller's stack), reached through [`Engine::submit`]. Data of an insert
//! never stands in the text of a statement: the engine would cut it at the first empty line and run the rest as SQL.

mod access;
mod connection;
mod error;
mod fetch;
mod ffi;
mod insert;
mod locate;
mod options;
mod outcome;
mod package;
mod pool;
mod running;
mod stream;
#[cfg(test)]
pub(crate) mod testing;

pub use connection::{Class, Classified, Connection, Statement};
pub use error::{Error, Failure};
pub use insert::Insert;
pub use locate::locate;
pub use options::{Options, READERS};
pub use outcome::{Outcome, Stats};
pub use running::Engine;
pub use stream::Stream;

pub(crate) use access::reader_role;
#[cfg(target_env = "gnu")]
pub(crate) use package::LIBRARY as LIBRARY_FILE;
