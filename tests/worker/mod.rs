//! The worker on a real broker: the Review replayed, good and bad messages, two workers, a second consumption, ClickHouse away. Some of
//! the tests run on the embedded broker and on Apache Kafka. Faults under load are those of [`crate::faults`].

mod apache;
mod away;
mod behind;
mod books;
mod both;
mod by_fingerprint;
mod certified;
mod embedded;
mod erased;
mod gaps;
mod held;
mod huge;
mod outcomes;
mod replay;
mod twice;
mod unwell;
mod watched;

pub use replay::{Broker, Replay};
