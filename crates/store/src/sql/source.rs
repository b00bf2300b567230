//! A record type with what is counted from it, and the names of its columns in SQL.

use std::sync::Arc;

use quarterday_events::{ColumnSpec, RecordType};
use quarterday_plan::plan::Counting;

use super::columns::date_column;
use crate::declared::{Declared, Defined};

/// The variable of an entry's number, of a list that is counted entry by entry.
pub const ELEMENT: &str = "element";

/// The variable of a grade's number.
pub const GRADE: &str = "grade";

/// A record type with the measures that it carries.
pub struct Source<'d> {
    /// The record type.
    pub record_type: Arc<RecordType>,
    /// Its measures, figures and companions.
    pub measures: Vec<Defined<'d>>,
    /// The field by whose codes a notice can speak of a part of a feed.
    pub scope: Option<&'d str>,
}

impl<'d> Source<'d> {
    /// One per record type.
    pub fn all(declared: &'d Declared) -> Vec<Self> {
        let each = declared.record_types.iter().map(|(name, record_type)| Source {
            record_type: Arc::clone(record_type),
            measures: declared.counted_from(name).collect(),
            scope: declared.scopes.get(name).map(String::as_str),
        });
        each.collect()
    }

    /// The record type's name.
    pub fn name(&self) -> &str {
        self.record_type.name()
    }

    /// Whether anything is counted from it.
    pub fn has_cells(&self) -> bool {
        !self.measures.is_empty()
    }

    pub(super) fn spec(&self, field: &str) -> Option<&ColumnSpec> {
        self.record_type.columns().iter().find(|spec| spec.name == field)
    }

    /// A field in the SQL of one measure: a field of a list that is counted entry by entry is the entry's.
    pub(super) fn column(&self, counting: &Counting, field: &str) -> String {
        match self.spec(field) {
            Some(spec) if counting.each.iter().any(|each| each == list_of(spec)) => {
                format!("{field}[{ELEMENT}]")
            }
            _ => field.to_owned(),
        }
    }

    /// The date of a field in the SQL of one measure (G2).
    pub(super) fn date(&self, counting: &Counting, field: &str) -> String {
        match self.spec(field).and_then(date_column) {
            Some(column) => column,
            None => self.column(counting, field),
        }
    }

    /// The first column of the list that a measure counts entry by entry: as long as the others.
    pub(super) fn list_column(&self, list: &str) -> Option<&str> {
        let columns = self.record_type.columns().iter();
        let mut of_list = columns.filter(|spec| list_of(spec) == list);
        of_list.next().map(|spec| spec.name.as_str())
    }

    /// Whether the record type says by a field of this name that a row is an estimate or a headcount (G5).
    pub(super) fn has(&self, field: &str) -> bool {
        self.spec(field).is_some()
    }
}

/// The name under which a plan knows the list that a column belongs to.
fn list_of(spec: &ColumnSpec) -> &str {
    spec.list.as_deref().unwrap_or(&spec.name)
}
