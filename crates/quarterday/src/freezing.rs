//! Freezing periods: what is taken, when it may be, and that ClickHouse has for readers what the topic `snapshots` has.

mod due;
mod explaining;
mod from_kafka;
mod proving;
pub mod schedule;
mod taking;
mod then;

use anyhow::Result;
use quarterday_snapshot::{Journal, Snapshot};
use serde_json::{Value, json};

use crate::system::System;

pub use due::{due_now, take_due};
pub use explaining::{Changed, Explained, Part, explain};
pub use proving::{Difference, Proof, Source, prove};
pub use taking::{Taken, Wanted, now, take};

/// The snapshots of a system; readers of ClickHouse see all of them from here on.
///
/// # Errors
/// Kafka or ClickHouse refuses or is away.
pub async fn journal(system: &System) -> Result<Journal> {
    let journal = Journal::read(&system.kafka, system.store.names().bi()).await?;
    let kept = system.store.snapshots_kept().await?;
    for snapshot in journal.newest_first() {
        if !kept.contains(&snapshot.header.id) {
            keep(system, snapshot).await?;
        }
    }
    Ok(journal)
}

/// Adds a snapshot to the tables of readers.
async fn keep(system: &System, snapshot: &Snapshot) -> Result<()> {
    let mut header = serde_json::to_value(&snapshot.header)?;
    if let Value::Object(fields) = &mut header {
        fields.insert("hash".to_owned(), Value::from(snapshot.hash.clone()));
    }
    let rows = snapshot.values.iter().zip(1_u32..).map(|(value, position)| {
        let mut row = serde_json::to_value(value)?;
        if let Value::Object(fields) = &mut row {
            let of = &snapshot.header;
            let place = json!({"snapshot": of.id, "period": of.period, "revision": of.revision, "position": position});
            fields.extend(place.as_object().cloned().unwrap_or_default());
        }
        Ok(row.to_string())
    });
    let rows: Vec<String> = rows.collect::<Result<_>>()?;
    system
        .store
        .keep_snapshot(&header.to_string(), &rows.join("\n"))
        .await?;
    Ok(())
}
