//! All integration tests, in one binary.
//!
//! They go through a Kafka protocol broker and the ClickHouse engine; those of `worker::apache` through real Apache Kafka
//! (Java and Maven needed), those of `clients` through Python programs. A test whose tool is missing prints `SKIPPED` on
//! stderr and passes, or fails where `QUARTERDAY_NO_SKIPS` is set.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `QUARTERDAY_DATA` | folder with real public files (`police.uk/*.csv`, `avro/*.json`); tests that read them are skipped without it |
//! | `QUARTERDAY_ORACLE_CASES` | runs of the oracle test, each over the histories of 700 partners |
//! | `QUARTERDAY_FAULTS` | `long` runs the long campaign of [`faults`] |
//! | `QUARTERDAY_FAULTS_SEED` | seed of that campaign |
//! | `QUARTERDAY_CHDB` | the ClickHouse engine's library, instead of the one in the cache |

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that cannot go on panics; the modules of a test binary are reached from everywhere in it"
)]

mod cli;
mod clients;
mod faults;
mod frozen;
mod oracle;
mod store;
mod support;
mod worker;
