//! What the log does not have any more: retention or an erasure took it, and it cannot be derived again.

use anyhow::{Result, bail};
use quarterday_kafka::positions::Positions;
use quarterday_kafka::{decisions, quarantine};
use quarterday_store::Taken;
use serde::Serialize;

use crate::system::System;

/// So many ranges are told.
const TOLD: usize = 50;

/// The beginning of a partition that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The first offset that is still there; all below it are gone.
    pub first: i64,
}

/// The partitions whose log does not start at 0.
///
/// # Errors
/// Kafka did not answer.
pub(super) async fn of(system: &System) -> Result<Vec<Missing>> {
    let mut topics: Vec<String> = system
        .in_force
        .catalogue
        .topics()
        .into_iter()
        .map(str::to_owned)
        .collect();
    topics.extend([decisions::TOPIC, quarantine::TOPIC].map(str::to_owned));
    let kafka = system.kafka.clone();
    let read = move || {
        let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
        Positions::new(&kafka, "quarterday-rebuild")?.read(&topics)
    };
    let positions = tokio::task::spawn_blocking(read).await??;
    let missing = positions.into_iter().filter(|(_, position)| position.low > 0);
    Ok(missing
        .map(|((topic, partition), position)| Missing {
            topic,
            partition,
            first: position.low,
        })
        .collect())
}

/// Refuses to go on without what was taken out of the middle of the log.
pub(super) fn refuse_taken(taken: &[Taken]) -> Result<()> {
    if taken.is_empty() {
        return Ok(());
    }
    let each: Vec<String> = taken.iter().take(TOLD).map(range).collect();
    let more = match taken.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("\n  and {more} ranges more"),
    };
    bail!(
        "the log has lost messages that the store in force was derived from:\n  {}{more}\nWith --attest-missing this is noted in the new \
         store, and what was in them is not in its numbers",
        each.join("\n  ")
    )
}

/// A range in words.
pub fn range(taken: &Taken) -> String {
    let Taken {
        topic,
        partition,
        first,
        next,
        kind,
        ..
    } = taken;
    let why = match kind.as_str() {
        "damaged" => "their record batch is damaged",
        _ => "taken by compaction or an erasure",
    };
    format!("{topic}/{partition}: offsets {first} to {}, {why}", next - 1)
}

/// Refuses to go on without them.
pub(super) fn refuse(missing: &[Missing]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let each: Vec<String> = missing
        .iter()
        .map(
            |Missing {
                 topic,
                 partition,
                 first,
             }| format!("{topic}/{partition}: offsets 0 to {}", first - 1),
        )
        .collect();
    bail!(
        "the log does not start at 0 any more, so not everything can be derived from it again:\n  {}\nWith --attest-missing this is noted \
         in the new store, and what was in those messages is not in its numbers",
        each.join("\n  ")
    )
}
