//! What is different from one snapshot to another of the same period, or to what is known now, and why: each change in parts that add up
//! to it, with the records behind each.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use quarterday_plan::period::Period;
use quarterday_snapshot::{Changed, Header, Part, Snapshot};
use quarterday_store::{CAUSES, ChangedRecord, FrozenValue, Store};
use serde::Serialize;

use super::then;
use crate::progress::{Progress, Step};
use crate::system::System;

/// A measure's own definition is another.
const DEFINITION: &str = "definition changed";
/// Its definition is the same; feeds, code lists or schemas are not, or the software that computes it.
const REFERENCE_DATA: &str = "reference data changed";
/// Notices that say what was returned, and FULL returns, which leave records out.
const NOTICES: &str = "return notices";
/// The number is the same; the year to date, the year before, what it is made of, coverage or definition are not.
const BESIDE: &str = "beside the number";
/// The number is the same; whether it is final, nil or not returned is not.
const STATUS: &str = "status";
/// What the logs do not give any more.
const NOT_DERIVABLE: &str = "not derivable";

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
        let declared = in_force.declared();
        let proof = system.store.proof(&declared, &period).await?;
        let way = Way {
            proof: &proof,
            live: &system.store,
            notices: in_force.notice_topics(),
            types: declared.record_types.keys().map(String::as_str).collect(),
            progress: &progress,
            period,
        };
        let found = way.walk(from, to).await;
        let dropped = proof.drop_proof().await;
        let (steps, records) = found?;
        dropped?;
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
    /// Record types that there are by the definitions of the later one.
    types: BTreeSet<&'w str>,
    progress: &'w Progress,
    period: Period,
}

impl Way<'_> {
    /// The numbers after each step: by the definitions of the later one, then with one cause more each. And the records.
    async fn walk(&self, from: &Snapshot, to: &Snapshot) -> Result<(Vec<Numbers>, Vec<ChangedRecord>)> {
        let (before, now) = (from.header.made_of(), to.header.made_of());
        let is_final = !to.header.provisional;
        let bar = self.progress.bar("steps between the snapshots", CAUSES.len());
        self.proof.place_up_to(&before, &self.notices).await?;
        let mut steps = vec![self.all_placed(is_final).await?];
        self.proof.note_before().await?;
        self.proof.place_up_to(&now, &self.notices).await?;
        let types: Vec<&str> = now.iter().map(|each| each.record_type.as_str()).collect();
        let types: Vec<&str> = types
            .into_iter()
            .filter(|name| self.types.contains(name))
            .collect();
        self.proof.note_changes(self.live, &types).await?;
        self.causes(&mut steps, is_final, &bar).await?;
        steps.push(self.all_placed(is_final).await?);
        steps.push(numbers(&to.values));
        bar.done();
        Ok((steps, self.proof.changed_records(&self.period).await?))
    }

    /// Adds the numbers after each of [`CAUSES`]. What no record has as its cause changes nothing.
    async fn causes(&self, steps: &mut Vec<Numbers>, is_final: bool, bar: &Step) -> Result<()> {
        let there = self.proof.steps_with_changes().await?;
        for step in 1..=CAUSES.len() {
            bar.at_of(as_count(step), as_count(CAUSES.len()));
            let next = if there.contains(&step) {
                let values = self.proof.frozen_values_at_step(&self.period, step, is_final);
                numbers(&values.await?)
            } else {
                steps.last().cloned().unwrap_or_default()
            };
            steps.push(next);
        }
        Ok(())
    }

    /// The numbers of all that is placed by now.
    async fn all_placed(&self, is_final: bool) -> Result<Numbers> {
        let values = self.proof.frozen_values(&self.period, None, is_final).await?;
        Ok(numbers(&values))
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn numbers(values: &[FrozenValue]) -> Numbers {
    values
        .iter()
        .map(|value| (value.id.clone(), value.value))
        .collect()
}

/// Measures that differ, each with its parts. `steps`: the numbers by other definitions, after each of [`CAUSES`], with the later notices, and
/// as they were frozen.
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
    // By the same files nothing else can have made the logs others than what was lost, or accepted at a rebuild.
    let otherwise = if from.header.contents == to.header.contents {
        NOT_DERIVABLE
    } else {
        REFERENCE_DATA
    };
    let later = to.values.iter().filter(|after| {
        let before = earlier.get(after.id.as_str());
        before.is_none_or(|before| before != after)
    });
    let changes = later.map(|after| {
        let before = earlier.get(after.id.as_str()).copied();
        let records = by_measure.remove(&after.id).unwrap_or_default();
        one(before, after, (steps, otherwise), &records)
    });
    let mut changes: Vec<Changed> = changes.collect();
    let is_gone = |before: &&FrozenValue| to.values.iter().all(|after| after.id != before.id);
    changes.extend(from.values.iter().filter(is_gone).map(gone));
    changes
}

/// A measure that there is no more.
fn gone(before: &FrozenValue) -> Changed {
    let change = difference(0.0, before.value.unwrap_or(0.0));
    Changed {
        id: before.id.clone(),
        title: before.title.clone(),
        before: before.value,
        after: None,
        status_before: before.status.clone(),
        status_after: String::new(),
        change,
        parts: vec![part(DEFINITION, change, &[])],
    }
}

fn part(cause: &str, change: f64, records: &[ChangedRecord]) -> Part {
    let of_cause = records.iter().filter(|record| record.cause == cause);
    let records: Vec<ChangedRecord> = of_cause.cloned().collect();
    Part {
        cause: cause.to_owned(),
        change,
        count: records.len(),
        records,
    }
}

fn one(
    before: Option<&FrozenValue>,
    after: &FrozenValue,
    (steps, otherwise): (&[Numbers], &'static str),
    records: &[ChangedRecord],
) -> Changed {
    let value = before.and_then(|before| before.value);
    let is_another = before.is_none_or(|before| before.definition_hash != after.definition_hash);
    let first = if is_another { DEFINITION } else { otherwise };
    let causes = [first].into_iter().chain(CAUSES).chain([NOTICES, NOT_DERIVABLE]);
    let mut at = value;
    let parts = causes.zip(steps).map(|(cause, numbers)| {
        let next = numbers.get(&after.id).copied().flatten();
        let (change, was_known) = (difference(next.unwrap_or(0.0), at.unwrap_or(0.0)), at.is_some());
        at = next;
        (was_known != next.is_some(), part(cause, change, records))
    });
    // Zero that was not known before is no change of the number, and one all the same (I7). A record that counts otherwise is told of though
    // others make up for it; that a notice came says little by itself.
    let is_of_status = before.is_some_and(|before| before.status != after.status);
    let tells = |part: &Part| !part.records.is_empty() && (is_of_status || part.cause != NOTICES);
    let mut parts: Vec<Part> = parts
        .filter(|(is_other, part)| *is_other || part.change != 0.0 || tells(part))
        .map(|(_, part)| part)
        .collect();
    if parts.is_empty() {
        parts.push(part(if is_of_status { STATUS } else { BESIDE }, 0.0, &[]));
    }
    // Of a measure that there was not, nothing else is a cause.
    if before.is_none() {
        parts = vec![part(DEFINITION, difference(after.value.unwrap_or(0.0), 0.0), &[])];
    }
    Changed {
        id: after.id.clone(),
        title: after.title.clone(),
        before: value,
        after: after.value,
        status_before: before.map_or_else(String::new, |before| before.status.clone()),
        status_after: after.status.clone(),
        change: difference(after.value.unwrap_or(0.0), value.unwrap_or(0.0)),
        parts,
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
