//! The feed's own checks, compiled to columns.

use quarterday_plan::feeds::Severity;

use super::forms::is_reference;
use super::rejection::{Reason, Rejection};
use crate::columns::{Column, Columns};
use crate::london;

/// One check of a feed.
#[derive(Debug)]
pub(super) struct CompiledCheck {
    pub(super) id: String,
    pub(super) severity: Severity,
    pub(super) message: String,
    /// The path that a rejection names.
    pub(super) path: String,
    /// Whether it looks at a field of the body.
    pub(super) needs_body: bool,
    pub(super) when: Option<When>,
    pub(super) test: Test,
}

/// What is tested. Null passes all but `Required`.
#[derive(Debug)]
pub(super) enum Test {
    /// Days in order; `strictly` if they may not be the same.
    Order {
        earlier: Day,
        later: Day,
        strictly: bool,
    },
    /// A number within bounds that it may reach.
    Range { column: usize, min: i64, max: i64 },
    /// Given: neither null nor empty.
    Required { column: usize },
    /// Not given: null or empty.
    Absent { column: usize },
    /// A day within bounds that it may reach.
    Within { day: Day, from: i64, until: i64 },
    /// A text in the form of a reference.
    Reference { column: usize },
}

/// A column that says a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub(super) column: usize,
    /// Whether it holds instants, whose day is London's.
    pub(super) is_instant: bool,
}

/// The rows that a check holds for.
#[derive(Debug)]
pub(super) struct When {
    pub(super) column: usize,
    pub(super) values: Wanted,
}

/// Values of a condition, in the type of its column.
#[derive(Debug)]
pub(super) enum Wanted {
    /// Of strings, and of arrays that hold one of them.
    Texts(Vec<String>),
    /// Positions of an enum's symbols.
    Symbols(Vec<u8>),
    /// Of booleans.
    Booleans(Vec<bool>),
    /// Of whole numbers.
    Integers(Vec<i64>),
}

impl CompiledCheck {
    pub(super) fn passes(&self, rows: &Columns, row: usize) -> bool {
        self.when.as_ref().is_some_and(|when| !when.holds(rows, row)) || self.test.passes(rows, row)
    }

    /// What a failure means: the check's id as a warning, or a rejection.
    pub(super) fn failed(&self) -> Result<&str, Rejection> {
        match self.severity {
            Severity::Warning => Ok(&self.id),
            Severity::Error => {
                let rejection = Rejection::new(Reason::CheckFailed, &self.path, self.message.as_str());
                Err(Rejection {
                    check: Some(self.id.clone()),
                    ..rejection
                })
            }
        }
    }
}

impl Test {
    fn passes(&self, rows: &Columns, row: usize) -> bool {
        match *self {
            Self::Order {
                earlier,
                later,
                strictly,
            } => match (earlier.of(rows, row), later.of(rows, row)) {
                (Some(earlier), Some(later)) => later > earlier || (later == earlier && !strictly),
                _ => true,
            },
            Self::Range { column, min, max } => rows
                .integer(column, row)
                .is_none_or(|value| min <= value && value <= max),
            Self::Required { column } => is_given(rows, column, row),
            Self::Absent { column } => !is_given(rows, column, row),
            Self::Within { day, from, until } => {
                day.of(rows, row).is_none_or(|day| from <= day && day <= until)
            }
            Self::Reference { column } => rows.str(column, row).is_none_or(is_reference),
        }
    }
}

impl Day {
    fn of(self, rows: &Columns, row: usize) -> Option<i64> {
        let value = rows.integer(self.column, row)?;
        if self.is_instant {
            london::day_of(value)
        } else {
            Some(value)
        }
    }
}

impl When {
    fn holds(&self, rows: &Columns, row: usize) -> bool {
        match &self.values {
            Wanted::Texts(texts) => {
                let wanted = |value: &str| texts.iter().any(|text| text == value);
                rows.str(self.column, row).is_some_and(wanted)
                    || rows
                        .list(self.column, row)
                        .is_some_and(|mut items| items.any(wanted))
            }
            Wanted::Symbols(symbols) => rows
                .symbol(self.column, row)
                .is_some_and(|s| symbols.contains(&s)),
            Wanted::Booleans(values) => rows
                .boolean(self.column, row)
                .is_some_and(|v| values.contains(&v)),
            Wanted::Integers(values) => rows
                .integer(self.column, row)
                .is_some_and(|v| values.contains(&v)),
        }
    }
}

fn is_given(rows: &Columns, column: usize, row: usize) -> bool {
    match rows.column(column) {
        Some(Column::Str(strs)) => strs.get(row).is_some_and(|text| !text.trim().is_empty()),
        Some(Column::StrList(lists)) => lists.get(row).is_some_and(|items| items.len() > 0),
        _ => !rows.is_null(column, row),
    }
}
