//! How counts of people hang together, who may be in several quarters: a run of quarters has as many as any run in it at least, and at most
//! as many as its two parts together.
//!
//! Every run inside one that is told is an unknown, whether it stands somewhere or not: readers can reckon with it. A run whose quarters have
//! the same numbers at two instants is one unknown, so that readers are taken to know which quarters have changed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::facts::Count;
use super::feasible::Row;

/// Quarters that follow each other, by their first days and the numbers of them alone.
pub(super) type Run = Vec<(Date, i64)>;

/// The unknowns of all runs.
#[derive(Debug, Default)]
pub(super) struct Runs {
    of_counts: BTreeMap<Count, BTreeMap<Run, usize>>,
}

impl Runs {
    /// The unknown of a run, which is `next` if there is none yet.
    pub(super) fn unknown(&mut self, count: &Count, run: &[(Date, i64)], next: usize) -> usize {
        let of_count = self.of_counts.entry(count.clone()).or_default();
        *of_count.entry(run.to_vec()).or_insert(next)
    }

    /// All runs of a count, with their unknowns.
    pub(super) fn of(&self, count: &Count) -> impl Iterator<Item = (&Run, usize)> {
        let runs = self.of_counts.get(count).into_iter().flatten();
        runs.map(|(run, unknown)| (run, *unknown))
    }

    /// What is known of them, whatever is told.
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for runs in self.of_counts.values() {
            for (run, whole) in runs.iter().filter(|(run, _)| run.len() > 1) {
                rows.extend(between(runs, run, *whole));
            }
        }
        rows
    }
}

/// What is known of a run beside those that are a quarter shorter, and beside its two parts; the rest follows from these.
fn between(runs: &BTreeMap<Run, usize>, run: &[(Date, i64)], whole: usize) -> Vec<Row> {
    let length = run.len();
    let unknown = |from: usize, to: usize| runs.get(run.get(from..to)?).copied();
    let mut rows = Vec::new();
    let (but_first, but_last) = (unknown(1, length), unknown(0, length - 1));
    for part in [but_first, but_last].into_iter().flatten() {
        rows.push(not_below_zero(&[(whole, 1), (part, -1)]));
    }
    for split in 1..length {
        if let (Some(one), Some(other)) = (unknown(0, split), unknown(split, length)) {
            rows.push(not_below_zero(&[(one, 1), (other, 1), (whole, -1)]));
        }
    }
    // Who is in the first and in the last quarter alone has come once too often.
    if let (Some(one), Some(other), Some(middle)) = (but_first, but_last, unknown(1, length - 1)) {
        rows.push(not_below_zero(&[(one, 1), (other, 1), (whole, -1), (middle, -1)]));
    }
    rows
}

fn not_below_zero(terms: &[(usize, i32)]) -> Row {
    Row {
        terms: terms.to_vec(),
        least: Some(0),
        most: None,
        is_certain: true,
    }
}
