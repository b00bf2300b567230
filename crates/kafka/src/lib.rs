//! Everything that speaks the Kafka protocol, and the client of a schema registry.
//!
//! The workspace's only user of `rdkafka`. What the other crates see:
//!
//! | need | module |
//! | --- | --- |
//! | where Kafka is and how to log in | [`settings`] |
//! | create topics, list partitions | [`topics`] |
//! | what their settings take away | [`retention`] |
//! | how far a log goes, how far a group has come | [`positions`] |
//! | produce and wait for the acknowledgement | [`producer`] |
//! | consume as a member of a group | [`consumer`] |
//! | read a small topic whole, or one message | [`read`] |
//! | put a rejected message aside and read it back | [`quarantine`] |
//! | put it through again, decide about it | [`replay`], [`decisions`] |
//! | what refreshes were made of | [`watermarks`] |
//! | schemas by id | [`registry`] |
//!
//! Blocking and async: [`consumer`], [`positions`] and [`read`] block (librdkafka does) and belong on a thread of
//! their own or in `spawn_blocking`; [`topics`], [`producer`], [`quarantine`] and [`registry`] are async.

pub mod consumer;
mod context;
pub mod damaged;
pub mod decisions;
pub mod error;
pub mod key;
pub mod message;
#[cfg(test)]
mod mock;
pub mod place;
pub mod positions;
pub mod producer;
pub mod quarantine;
pub mod read;
pub mod registry;
pub mod replay;
pub mod retention;
pub mod settings;
pub mod topics;
pub mod watermarks;

pub use error::Error;
pub use key::record_key;
pub use message::{Header, Message};
pub use place::Place;
pub use settings::KafkaSettings;

/// The librdkafka message that [`consumer::GroupConsumer::poll`] hands out; its key and value are borrowed, not copied.
pub use rdkafka::message::BorrowedMessage;
/// The accessors of [`BorrowedMessage`]: `key()`, `payload()`, `topic()`, `partition()`, `offset()`, `timestamp()`.
pub use rdkafka::message::Message as MessageFields;
