//! The numbers of one instant, which a whole and its parts can be compared by.
//!
//! That the parts are all there is, a reader may guess if it is so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::facts::Count;
use super::families::Kinship;
use super::feasible::Row;

/// First and last day.
pub(super) type Span = (Date, Date);

/// What was counted in some spans, and of which unknowns that is the sum.
#[derive(Debug, Default)]
pub(super) struct Instant {
    of_counts: BTreeMap<Count, BTreeMap<Span, Sum>>,
}

/// A number as the sum of unknowns; not known of those that readers can only reckon with.
#[derive(Debug)]
pub(super) struct Sum {
    unknowns: Vec<usize>,
    value: Option<i64>,
}

impl Sum {
    pub(super) fn new(unknowns: Vec<usize>, value: Option<i64>) -> Self {
        Sum { unknowns, value }
    }

    fn times(&self, factor: i32) -> impl Iterator<Item = (usize, i32)> {
        self.unknowns.iter().map(move |unknown| (*unknown, factor))
    }
}

impl Instant {
    /// Adds a number of a count.
    pub(super) fn note(&mut self, count: &Count, span: Span, sum: Sum) {
        let of_count = self.of_counts.entry(count.clone()).or_default();
        of_count.insert(span, sum);
    }

    /// What is known of a whole and its parts, span by span.
    pub(super) fn rows(&self, kinship: &Kinship) -> Vec<Row> {
        let Some(wholes) = self.of_counts.get(&kinship.whole) else {
            return Vec::new();
        };
        let of_parts = kinship.parts.iter().filter_map(|part| self.of_counts.get(part));
        let of_parts: Vec<_> = of_parts.collect();
        let mut rows = Vec::new();
        for (span, whole) in wholes {
            let parts: Vec<&Sum> = of_parts.iter().filter_map(|sums| sums.get(span)).collect();
            rows.extend(compared(kinship, whole, &parts));
        }
        rows
    }
}

fn compared(kinship: &Kinship, whole: &Sum, parts: &[&Sum]) -> Vec<Row> {
    let mut rows = Vec::new();
    if parts.is_empty() {
        return rows;
    }
    let rest = rest(whole, parts);
    if kinship.adds_up && rest.is_none_or(|rest| rest >= 0) {
        rows.push(row(whole, parts, Some(0), None, true));
        if kinship.may_be_all && rest == Some(0) {
            rows.push(row(whole, parts, Some(0), Some(0), false));
        }
    }
    if !kinship.adds_up {
        for part in parts
            .iter()
            .filter(|part| self::rest(whole, &[part]).is_none_or(|rest| rest >= 0))
        {
            rows.push(row(whole, &[part], Some(0), None, true));
        }
        // That they are all there is.
        if rest.is_some_and(|rest| rest <= 0) {
            rows.push(row(whole, parts, None, Some(0), false));
        }
    }
    rows.extend(parts.iter().filter_map(|part| some_of_some(part)));
    rows
}

/// Of a whole less its parts.
fn row(whole: &Sum, parts: &[&Sum], least: Option<i64>, most: Option<i64>, is_certain: bool) -> Row {
    let parts: BTreeSet<(usize, i32)> = parts.iter().flat_map(|part| part.times(-1)).collect();
    Row {
        terms: whole.times(1).chain(parts).collect(),
        least,
        most,
        is_certain,
    }
}

/// Zeros are shown, as a rule: what is hidden is none.
fn some_of_some(part: &Sum) -> Option<Row> {
    part.value.is_some_and(|value| value > 0).then(|| Row {
        terms: part.times(1).collect(),
        least: Some(1),
        most: None,
        is_certain: false,
    })
}

fn rest(whole: &Sum, parts: &[&Sum]) -> Option<i64> {
    let parts: Option<Vec<i64>> = parts.iter().map(|part| part.value).collect();
    Some(whole.value? - parts?.iter().sum::<i64>())
}
