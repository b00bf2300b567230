//! The worker on a real broker: the Review replayed, good and bad messages, two workers, a second consumption, worker processes
//! killed, ClickHouse away. The same tests run on the embedded broker and on Apache Kafka, with one broker and with three.

mod apache;
mod away;
mod books;
mod by_fingerprint;
mod embedded;
mod huge;
mod killed;
mod outcomes;
mod replay;
pub mod trap;
mod twice;
mod watched;

pub use replay::{Broker, Replay};
