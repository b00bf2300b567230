//! The feed's own checks, compiled to columns.

mod days;
mod notices;
mod test;

use quarterday_plan::feeds::Severity;

pub(super) use days::{Day, Relation};
pub(super) use notices::Scopes;
pub(super) use test::Test;

use super::rejection::{Reason, Rejection};
use crate::columns::{Column, Columns};

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
    /// The conditions of the rows that it holds for.
    pub(super) when: Vec<When>,
    pub(super) test: Test,
}

/// A failed test: what there is to say beside the check's message, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Failed(pub(super) String);

/// A condition on one column.
#[derive(Debug)]
pub(super) struct When {
    pub(super) column: usize,
    pub(super) values: Wanted,
    pub(super) is_negated: bool,
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
    /// Judges the last row; gives the check's id where it warns.
    pub(super) fn judge(&self, rows: &mut Columns, row: usize) -> Result<Option<&str>, Rejection> {
        if !self.when.iter().all(|when| when.holds(rows, row)) {
            return Ok(None);
        }
        let Err(Failed(more)) = self.test.run(rows, row) else {
            return Ok(None);
        };
        match self.severity {
            Severity::Warning => Ok(Some(&self.id)),
            Severity::Error => {
                let detail = if more.is_empty() {
                    self.message.clone()
                } else {
                    format!("{} {more}", self.message)
                };
                let rejection = Rejection::new(Reason::CheckFailed, &self.path, detail);
                Err(Rejection {
                    check: Some(self.id.clone()),
                    ..rejection
                })
            }
        }
    }
}

impl When {
    fn holds(&self, rows: &Columns, row: usize) -> bool {
        is_given(rows, self.column, row) && self.values.include(rows, self.column, row) != self.is_negated
    }
}

impl Wanted {
    pub(super) fn include(&self, rows: &Columns, column: usize, row: usize) -> bool {
        match self {
            Self::Texts(texts) => {
                let wanted = |value: &str| texts.iter().any(|text| text == value);
                rows.str(column, row).is_some_and(wanted)
                    || rows.list(column, row).is_some_and(|mut items| items.any(wanted))
            }
            Self::Symbols(symbols) => rows.symbol(column, row).is_some_and(|s| symbols.contains(&s)),
            Self::Booleans(values) => rows.boolean(column, row).is_some_and(|v| values.contains(&v)),
            Self::Integers(values) => rows.integer(column, row).is_some_and(|v| values.contains(&v)),
        }
    }
}

fn is_given(rows: &Columns, column: usize, row: usize) -> bool {
    match rows.column(column) {
        Some(Column::Str(strs)) => strs.get(row).is_some_and(|text| !text.trim().is_empty()),
        Some(Column::StrList(lists)) => lists.get(row).is_some_and(|items| items.len() > 0),
        Some(Column::DateList(lists)) => lists.get(row).is_some_and(|items| items.len() > 0),
        _ => !rows.is_null(column, row),
    }
}
