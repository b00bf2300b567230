//! Freezing periods: what is taken, when it may be, and that ClickHouse has for readers what the topic `snapshots` has.

mod concealing;
mod due;
mod explaining;
mod from_kafka;
pub(crate) mod losses;
mod proving;
mod publishing;
mod reporting;
mod rows;
pub mod schedule;
mod seeing;
mod taking;
mod then;

use anyhow::{Context, Result};
use quarterday_snapshot::{Journal, Snapshot};

use crate::system::System;

pub use concealing::concealments;
pub use due::{due_now, left_behind, take_due};
pub use explaining::{Explained, explain};
pub use proving::{Difference, Proof, Source, prove};
pub use reporting::report;
pub use seeing::{Eyes, Seen};
pub(crate) use taking::refuse_what_no_plan_covers;
pub use taking::{Taken, Wanted, now, take};
pub(crate) use then::in_force as in_force_of;

/// The snapshots of a system; readers of ClickHouse see all of them from here on, each audience what is for it.
///
/// # Errors
/// Kafka or ClickHouse refuses or is away.
pub async fn journal(system: &System) -> Result<Journal> {
    let older =
        "could not read the snapshots; a system that is older than they are needs 'quarterday migrate' once";
    let journal = Journal::read(&system.kafka, system.store.names().bi()).await;
    let journal = journal.context(older)?;
    let kept = system.store.snapshots_kept().await.context(older)?;
    for snapshot in journal.newest_first() {
        if !kept.contains(&snapshot.header.id) {
            keep(system, snapshot).await?;
        }
    }
    if publishing::is_missing(&journal, &system.store.shown_to().await.context(older)?) {
        concealments(system, &journal).await?;
    }
    Ok(journal)
}

/// Adds a snapshot to the tables of readers.
async fn keep(system: &System, snapshot: &Snapshot) -> Result<()> {
    Ok(system.store.keep_snapshot(&rows::of(snapshot)?).await?)
}
