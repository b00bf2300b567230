//! The measures of two stores beside each other.

use std::collections::BTreeMap;

use anyhow::Result;
use quarterday_store::{MeasureRow, Shown, Store};
use serde::Serialize;

use crate::marks;
use crate::progress::Progress;

/// A number that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The measure.
    pub id: String,
    /// The period.
    pub period: String,
    /// The ward or partner; empty for the number of all.
    pub by: String,
    /// What readers see.
    pub shown: String,
    /// What was derived again.
    pub derived: String,
}

/// What a number is of: measure, period, ward, partner.
type Key = (String, String, Option<String>, Option<String>);

/// Compares every measure of every kept period, in all its breakdowns. Returns how many were compared, and those that differ.
pub(super) async fn run(
    live: &Store,
    beside: &Store,
    shown: &Shown,
    progress: &Progress,
) -> Result<(usize, Vec<Difference>)> {
    let step = progress.step("comparing measures");
    let derived = by_key(beside.measures_kept(None).await?);
    let mut now = Some(live.measures_kept(None).await?);
    // Readers may see others by now.
    if live.shown().await? != *shown {
        now = None;
    }
    let shown = by_key(match (now, shown.at) {
        (Some(now), _) => now,
        (None, None) => Vec::new(),
        (None, Some(at)) => live.measures_kept_as_known(at).await?,
    });
    step.done();
    Ok((shown.len().max(derived.len()), differing(&shown, &derived)))
}

fn by_key(rows: Vec<MeasureRow>) -> BTreeMap<Key, MeasureRow> {
    rows.into_iter().map(|row| (key(&row), comparable(row))).collect()
}

fn key(row: &MeasureRow) -> Key {
    (
        row.id.clone(),
        row.period.clone(),
        row.ward.clone(),
        row.partner.clone(),
    )
}

/// Without what says how it was computed.
fn comparable(row: MeasureRow) -> MeasureRow {
    MeasureRow {
        watermark: BTreeMap::new(),
        computed_at: String::new(),
        ..row
    }
}

fn differing(shown: &BTreeMap<Key, MeasureRow>, derived: &BTreeMap<Key, MeasureRow>) -> Vec<Difference> {
    let mut keys: Vec<&Key> = shown.keys().chain(derived.keys()).collect();
    keys.sort();
    keys.dedup();
    let differing = keys.into_iter().filter_map(|key| {
        let (shown, derived) = (shown.get(key), derived.get(key));
        let row = shown.or(derived).filter(|_| shown != derived)?;
        Some(Difference {
            id: row.id.clone(),
            period: row.period.clone(),
            by: row.ward.clone().or(row.partner.clone()).unwrap_or_default(),
            shown: told(shown),
            derived: told(derived),
        })
    });
    differing.collect()
}

/// The number and everything that stands beside it.
fn told(row: Option<&MeasureRow>) -> String {
    row.map_or_else(
        || "nothing".to_owned(),
        |row| {
            format!(
                "{} {}, {} of {} returned",
                marks::printed(row),
                row.status,
                row.coverage.returned,
                row.coverage.expected
            )
        },
    )
}
