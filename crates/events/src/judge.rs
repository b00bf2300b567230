//! Judging and normalising of one row: the envelope, the codes, the form of every field, the feed's checks.
//!
//! A [`Judge`] is compiled for a record type, a feed and the code lists, and works on the last row of [`Columns`], in
//! place: references and GSS codes in upper case, every spelling of a code replaced by the code, a missing district by
//! the feed's default, coded arrays sorted and without repeats (they are sets; the columns of an array of records are
//! not, and keep their order), and what follows from a field by a mapping filled in. It looks at one record only; duplicates,
//! conflicts and orphans are derived elsewhere. A row without anything to mend costs no allocation.
//!
//! A row without a body (a WITHDRAW) passes every rule about fields of the body, and needs no district: a withdrawal that
//! waited in quarantine would leave a record standing that is not true.

mod checks;
mod codes;
mod compile;
mod derive;
mod envelope;
mod forms;
mod rejection;

use std::sync::Arc;

use quarterday_plan::codes::CodeLists;
use quarterday_plan::feeds::Feed;

pub use envelope::is_well_formed_ref;
pub use forms::is_pseudonym;
pub use rejection::{Reason, Rejection};

use crate::columns::Columns;
use crate::record_type::RecordType;
use checks::CompiledCheck;
use derive::Derived;
use envelope::Envelope;
use forms::FieldRule;

/// What one feed's rows must be.
#[derive(Debug)]
pub struct Judge {
    envelope: Envelope,
    fields: Vec<FieldRule>,
    derived: Vec<Derived>,
    checks: Vec<CompiledCheck>,
}

/// Finds a record type by its name.
pub type RecordTypes<'r> = dyn Fn(&str) -> Option<Arc<RecordType>> + 'r;

/// The ids of the checks that warn about a row, in the order of the feed's checks.
pub type Warnings<'j> = std::vec::IntoIter<&'j str>;

/// Schema, feed and code lists that do not fit each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("feed {feed} and record type {record_type} do not fit: {}", problems.join("; "))]
pub struct JudgeError {
    /// The feed.
    pub feed: String,
    /// The record type.
    pub record_type: String,
    /// Everything that is wrong.
    pub problems: Vec<String>,
}

impl Judge {
    /// Compiles the rules of a feed.
    ///
    /// # Errors
    /// Tells every field, list and check that does not fit.
    pub fn new(record_type: &RecordType, feed: &Feed, lists: &CodeLists) -> Result<Self, JudgeError> {
        compile::compile((record_type, feed), lists, &|_| None)
    }

    /// Compiles the rules of a feed that may be about other feeds: of a return notice the scope is judged only by a judge
    /// that was made here, since its codes stand in the schemas of the record types that `others` finds by name.
    ///
    /// # Errors
    /// As [`Judge::new`].
    pub fn among(
        record_type: &RecordType,
        feed: &Feed,
        lists: &CodeLists,
        others: &RecordTypes<'_>,
    ) -> Result<Self, JudgeError> {
        compile::compile((record_type, feed), lists, others)
    }

    /// Judges the last row and normalises it in place; gives the ids of the checks that warn.
    ///
    /// # Errors
    /// The first rule that the row breaks. The caller takes the row back with [`Columns::truncate`].
    pub fn judge(&self, rows: &mut Columns) -> Result<Warnings<'_>, Rejection> {
        let mut warnings = Vec::new();
        let Some(row) = rows.len().checked_sub(1) else {
            return Ok(warnings.into_iter());
        };
        self.envelope.judge(rows, row)?;
        let has_body = rows.has_body(row);
        for field in &self.fields {
            if has_body || !field.in_body {
                field.judge(rows, row)?;
            }
        }
        for derived in &self.derived {
            if has_body || !derived.in_body {
                derived.fill(rows, row);
            }
        }
        for check in &self.checks {
            if has_body || !check.needs_body {
                warnings.extend(check.judge(rows, row)?);
            }
        }
        Ok(warnings.into_iter())
    }
}

#[cfg(test)]
mod tests;
