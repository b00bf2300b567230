//! The worker: from Kafka through the events to the store.
//!
//! One thread consumes, decodes into columns and judges; one task writes finished batches and then commits; one task
//! brings measures up to date. A batch is written in this order, each step safe to repeat:
//!
//! 1. rejected messages to the quarantine topic, whole;
//! 2. accepted ones to the version log, one block per feed;
//! 3. the list of rejected ones, and warnings, to the store;
//! 4. replays, decisions, gaps of the log;
//! 5. the store's positions;
//! 6. the group's offsets to Kafka.
//!
//! Killed anywhere, the next worker begins at the store's position and writes the same rows again, which collapse (I1, I2). What
//! the killed one had decided beyond that stands (`outcomes`). Partitions go to another worker when what was taken from them is
//! written; what cannot be in time is given up (`listener`), and taken anew by whoever has the partition.
//! Memory is bounded: one batch being filled, one waiting, one being written, and what librdkafka fetched ahead; when
//! the store is slow the partitions are paused.

mod backlog;
mod batch;
mod catalogue;
mod causes;
mod consume;
mod error;
mod examiner;
mod gaps;
mod health;
mod judge;
mod listener;
pub mod metrics;
mod observed;
mod outcomes;
mod partitions;
mod plan_fields;
mod probe;
mod question;
mod refresher;
mod retry;
mod settings;
mod signs;
mod task;
mod under_way;
mod watermarks;
mod worker;
mod writer;

pub use backlog::{Backlog, ends, wait_until_stored, wait_until_worked_off};
pub use catalogue::{Catalogue, CatalogueError, CatalogueFeed};
pub use error::Error;
pub use health::Health;
pub use observed::Observed;
pub use probe::NAME as PROBE;
pub use settings::WorkerSettings;
pub use task::Task;
pub use worker::{Counts, Parts, Worker};
