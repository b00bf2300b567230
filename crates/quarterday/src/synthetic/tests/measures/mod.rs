//! The 72 measures of the plan by plain loops, as the domain's catalogue has them.

mod abuse_and_roads;
mod behaviour;
mod misuse;
mod rows;
mod violence;

pub(super) use rows::{Rows, number, twelve_months_after};

use super::super::targets::Span;
use super::model::{Live, Record};

/// A measure: the feeds that it is returned in, the codes of their scope that it is about, and its value in a span.
pub(super) struct Measure {
    pub(super) id: &'static str,
    pub(super) feeds: &'static [&'static str],
    pub(super) scope: &'static [&'static str],
    date: &'static str,
    value: fn(Rows<'_, '_>) -> i64,
}

impl Measure {
    /// The count of the span itself: of a change this side of it.
    pub(super) fn of(&self, live: &Live<'_>, span: Span) -> i64 {
        (self.value)(Rows {
            live,
            feeds: self.feeds,
            date: self.date,
            span,
        })
    }

    pub(super) fn is_change(&self) -> bool {
        ["P3.06c", "P5.06a", "P5.06b"].contains(&self.id)
    }
}

const fn measure(
    id: &'static str,
    feeds: &'static [&'static str],
    scope: &'static [&'static str],
    date: &'static str,
    value: fn(Rows<'_, '_>) -> i64,
) -> Measure {
    Measure {
        id,
        feeds,
        scope,
        date,
        value,
    }
}

pub(super) fn held(row: &Record<'_>, kind: &str) -> bool {
    row.is("type", &[kind]) && row.is("status", &["HELD", "COMPLETED"]) && row.flag("lead")
}

pub(super) fn young(row: &Record<'_>) -> bool {
    row.is("age_band", &["10-17", "18-19"])
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Measure> {
    abuse_and_roads::MEASURES
        .iter()
        .chain(&violence::MEASURES)
        .chain(&behaviour::MEASURES)
        .chain(&misuse::MEASURES)
}
