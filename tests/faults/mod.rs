//! Faults under load, seeded ([`flow`]): workers killed at any instant, ClickHouse that refuses, hangs, cuts inserts and answers 503, Kafka's
//! leaders killed, partitions added, record batches damaged, the whole system in one process killed, its disk full, its clock set back. After each the books are drawn up and
//! every measure is compared with the model.
//!
//! A short campaign runs with the other tests. `QUARTERDAY_FAULTS=long` runs the long one and prints its table;
//! `QUARTERDAY_FAULTS_SEED` repeats one of another seed.

mod clickhouse;
mod clock;
mod damage;
pub mod field;
pub mod files;
mod flow;
mod kafka;
mod own;
mod proxy;
mod rebuild;
mod table;
mod told;
pub mod traffic;
mod up;
mod workers;

use proptest::test_runner::{Config, RngAlgorithm, TestRng};

use crate::oracle::history::dice::Dice;

/// How often each fault is made.
#[derive(Clone, Copy)]
struct Times {
    worker_killed: usize,
    clickhouse: usize,
    leader_killed: usize,
    up_killed: usize,
}

const SHORT: Times = Times {
    worker_killed: 4,
    clickhouse: 1,
    leader_killed: 2,
    up_killed: 2,
};

const LONG: Times = Times {
    worker_killed: 200,
    clickhouse: 25,
    leader_killed: 20,
    up_killed: 50,
};

fn times() -> Times {
    if is_long() { LONG } else { SHORT }
}

fn is_long() -> bool {
    std::env::var("QUARTERDAY_FAULTS").is_ok_and(|campaign| campaign == "long")
}

/// The same faults at the same places for the same seed.
fn dice(what: u8) -> Dice {
    let seed = std::env::var("QUARTERDAY_FAULTS_SEED");
    let seed: u64 = seed.map_or(2015, |seed| seed.parse().expect("a number"));
    let mut bytes = [what; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    Dice::new(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Runs of one seed have the same histories.
fn runner(what: u8) -> proptest::test_runner::TestRunner {
    let mut dice = dice(what);
    let mut bytes = [0; 32];
    bytes
        .iter_mut()
        .for_each(|byte| *byte = u8::try_from(dice.below(256)).unwrap());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    proptest::test_runner::TestRunner::new_with_rng(Config::default(), rng)
}
