//! What is different from one snapshot to another of the same period, or to what is known now, and why: each change in parts that add up
//! to it, with the records behind each.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use quarterday_plan::period::Period;
use quarterday_snapshot::{Header, Snapshot};
use quarterday_store::{CAUSES, ChangedRecord, FrozenValue, MadeOf, Store};
use serde::Serialize;

use super::then;
use crate::progress::Progress;
use crate::system::System;

/// A measure's own definition is another.
const DEFINITION: &str = "definition changed";
/// Its definition is the same; feeds, code lists or schemas are not, or the software that computes it.
const REFERENCE_DATA: &str = "reference data changed";

/// Two snapshots compared.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// The earlier one.
    pub from: String,
    /// The later one.
    pub to: String,
    /// Measures whose number or status is another.
    pub changes: Vec<Changed>,
}

/// What has changed of one measure.
#[derive(Debug, PartialEq, Serialize)]
pub struct Changed {
    /// The measure.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The number of the earlier snapshot.
    pub before: Option<f64>,
    /// That of the later one.
    pub after: Option<f64>,
    /// The status of the earlier one.
    pub status_before: String,
    /// That of the later one.
    pub status_after: String,
    /// By how much, no number taken for zero.
    pub change: f64,
    /// What it is made of: they add up to it.
    pub parts: Vec<Part>,
}

/// What one cause has changed.
#[derive(Debug, PartialEq, Serialize)]
pub struct Part {
    /// late, amended, withdrawn, replayed, definition changed or reference data changed.
    pub cause: String,
    /// By how much.
    pub change: f64,
    /// The records, of causes that are messages. They may be there without a part: what two records change may be nothing.
    pub records: Vec<ChangedRecord>,
}

/// The numbers of one step on the way, by measure.
type Numbers = BTreeMap<String, Option<f64>>;

/// Explains the change from one snapshot to a later one.
///
/// # Errors
/// They are of different periods, or the second is the earlier one. As [`super::prove`].
pub async fn explain(system: &System, from: &Snapshot, to: &Snapshot) -> Result<Explained> {
    let period: Period = from
        .header
        .period
        .parse()
        .context("a snapshot's period is none")?;
    refuse_others(&from.header, &to.header)?;
    let changes = if is_same(from, to) {
        Vec::new()
    } else {
        let progress = Progress::steps();
        let in_force = then::in_force(system, &to.header.contents).await?;
        let proof = system.store.proof(&in_force.declared()).await?;
        let way = Way {
            proof: &proof,
            live: &system.store,
            notices: in_force.notice_topics(),
            progress: &progress,
            period,
        };
        let found = way.walk(from, to).await;
        proof.drop_proof().await?;
        let (steps, records) = found?;
        changed(from, to, &steps, records)
    };
    Ok(Explained {
        from: from.header.id.clone(),
        to: to.header.id.clone(),
        changes,
    })
}

fn refuse_others(from: &Header, to: &Header) -> Result<()> {
    if from.period != to.period {
        bail!("{} and {} are of different periods", from.id, to.id);
    }
    let offsets = |header: &Header| -> BTreeMap<String, u64> {
        header
            .watermark
            .values()
            .flatten()
            .map(|(place, next)| (place.clone(), *next))
            .collect()
    };
    let later = offsets(to);
    let is_behind = |(place, next): (&String, &u64)| later.get(place).is_some_and(|later| later < next);
    if offsets(from).iter().any(is_behind) {
        bail!(
            "{} was made of more messages than {}: name the earlier one first",
            from.id,
            to.id
        );
    }
    Ok(())
}

fn is_same(from: &Snapshot, to: &Snapshot) -> bool {
    from.header.values_hash == to.header.values_hash
}

/// From one snapshot to another.
struct Way<'w> {
    proof: &'w Store,
    live: &'w Store,
    notices: Vec<&'w str>,
    progress: &'w Progress,
    period: Period,
}

impl Way<'_> {
    /// The numbers after each step: by the definitions of the later one, then with one cause more each. And the records.
    async fn walk(&self, from: &Snapshot, to: &Snapshot) -> Result<(Vec<Numbers>, Vec<ChangedRecord>)> {
        let (before, now) = (made_of(&from.header), made_of(&to.header));
        let is_final = !to.header.provisional;
        let bar = self.progress.bar("steps between the snapshots", CAUSES.len() + 1);
        self.proof.place_up_to(&before, &self.notices).await?;
        let values = self.proof.frozen_values(&self.period, None, is_final).await?;
        let mut steps = vec![numbers(&values)];
        self.proof.place_up_to(&now, &self.notices).await?;
        self.proof.note_changes(self.live, &before, &now).await?;
        for step in 1..CAUSES.len() {
            bar.at_of(as_count(step), as_count(CAUSES.len() + 1));
            let values = self
                .proof
                .frozen_values_at_step(&self.period, step, is_final)
                .await?;
            steps.push(numbers(&values));
        }
        steps.push(numbers(&to.values));
        bar.done();
        Ok((steps, self.proof.changed_records(&self.period).await?))
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn made_of(header: &Header) -> Vec<MadeOf> {
    let each = header.watermark.iter();
    each.map(|(record_type, watermark)| MadeOf {
        record_type: record_type.clone(),
        watermark: watermark.clone(),
    })
    .collect()
}

fn numbers(values: &[FrozenValue]) -> Numbers {
    values
        .iter()
        .map(|value| (value.id.clone(), value.value))
        .collect()
}

/// Measures that differ, each with its parts. `steps`: the numbers by other definitions, then after each of [`CAUSES`].
fn changed(from: &Snapshot, to: &Snapshot, steps: &[Numbers], records: Vec<ChangedRecord>) -> Vec<Changed> {
    let mut by_measure: BTreeMap<String, Vec<ChangedRecord>> = BTreeMap::new();
    for record in records {
        by_measure.entry(record.measure.clone()).or_default().push(record);
    }
    let earlier: BTreeMap<&str, &FrozenValue> = from
        .values
        .iter()
        .map(|value| (value.id.as_str(), value))
        .collect();
    let later = to.values.iter().filter(|after| {
        let before = earlier.get(after.id.as_str());
        before.is_none_or(|before| (before.value, &before.status) != (after.value, &after.status))
    });
    later
        .map(|after| {
            let before = earlier.get(after.id.as_str()).copied();
            let records = by_measure.remove(&after.id).unwrap_or_default();
            one(before, after, steps, &records)
        })
        .collect()
}

fn one(
    before: Option<&FrozenValue>,
    after: &FrozenValue,
    steps: &[Numbers],
    records: &[ChangedRecord],
) -> Changed {
    let value = before.and_then(|before| before.value);
    let is_another = before.is_none_or(|before| before.definition_hash != after.definition_hash);
    let first = if is_another { DEFINITION } else { REFERENCE_DATA };
    let causes = [first].into_iter().chain(CAUSES);
    let mut at = value.unwrap_or(0.0);
    let parts = causes.zip(steps).map(|(cause, numbers)| {
        let next = numbers.get(&after.id).copied().flatten().unwrap_or(0.0);
        let change = difference(next, at);
        at = next;
        let of_cause = records.iter().filter(|record| record.cause == cause);
        Part {
            cause: cause.to_owned(),
            change,
            records: of_cause.cloned().collect(),
        }
    });
    let parts = parts.filter(|part| part.change != 0.0 || !part.records.is_empty());
    Changed {
        id: after.id.clone(),
        title: after.title.clone(),
        before: value,
        after: after.value,
        status_before: before.map_or_else(String::new, |before| before.status.clone()),
        status_after: after.status.clone(),
        change: difference(after.value.unwrap_or(0.0), value.unwrap_or(0.0)),
        parts: parts.collect(),
    }
}

/// Numbers have six decimals at most.
fn difference(a: f64, b: f64) -> f64 {
    ((a - b) * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_no_noise() {
        assert_eq!(difference(12.3, 10.1), 2.2);
        assert_eq!(difference(0.0, 2.0), -2.0);
    }
}
