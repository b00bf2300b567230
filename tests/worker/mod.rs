//! The worker on a real broker: the Review replayed, good and bad messages, two workers, a second consumption, ClickHouse and
//! the registry away. The same tests run on the embedded broker and on Apache Kafka, with one broker and with three.

mod apache;
mod away;
mod books;
mod embedded;
mod replay;

pub use replay::Replay;
