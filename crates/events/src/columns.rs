//! One batch of rows of one record type, as columns.
//!
//! Column `i` belongs to `RecordType::columns()[i]`. Rows are only ever added at the end: the decoder appends one,
//! the judge changes it in place, and a row that fails is taken back by [`Columns::truncate`]. A row without a body
//! (a WITHDRAW) holds null in the nullable columns of the body and the type's zero in the others.
//! Nothing is allocated per row or value; memory is kept for the next batch by `truncate(0)`.

mod column;
mod lists;
mod strs;
mod values;

pub use column::Column;
pub use lists::{DateLists, StrLists};
pub use strs::Strs;
pub use values::Values;

use crate::record_type::RecordType;

/// A batch of rows, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    columns: Vec<Column>,
    bodies: Vec<u8>,
}

impl Columns {
    /// An empty batch of a record type.
    pub fn new(record_type: &RecordType) -> Self {
        Self {
            columns: record_type.columns().iter().map(Column::new).collect(),
            bodies: Vec::new(),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// The column at a position of `RecordType::columns()`.
    pub fn column(&self, index: usize) -> Option<&Column> {
        self.columns.get(index)
    }

    /// All columns, in the order of `RecordType::columns()`.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Whether a row came with a body.
    pub fn has_body(&self, row: usize) -> bool {
        self.bodies.get(row) == Some(&1)
    }

    /// Takes back every row from `len` on, a half-decoded one too. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        self.bodies.truncate(len);
        for column in &mut self.columns {
            column.truncate(len);
        }
    }

    /// Bytes that the rows take (not what is reserved for more).
    pub fn byte_size(&self) -> usize {
        self.columns.iter().map(Column::byte_size).sum::<usize>() + self.bodies.len()
    }

    /// A string, or `None` where it is null, there is no such row, or the column holds no strings.
    pub fn str(&self, column: usize, row: usize) -> Option<&str> {
        match self.columns.get(column)? {
            Column::Str(strs) => strs.get(row),
            _ => None,
        }
    }

    /// A whole number (int, long, date in days, timestamp in milliseconds); `None` as in [`Columns::str`].
    pub fn integer(&self, column: usize, row: usize) -> Option<i64> {
        match self.columns.get(column)? {
            Column::Int(values) => values.get(row).map(i64::from),
            Column::Long(values) => values.get(row),
            _ => None,
        }
    }

    /// A double; `None` as in [`Columns::str`].
    pub fn double(&self, column: usize, row: usize) -> Option<f64> {
        match self.columns.get(column)? {
            Column::Double(values) => values.get(row),
            _ => None,
        }
    }

    /// A boolean; `None` as in [`Columns::str`].
    pub fn boolean(&self, column: usize, row: usize) -> Option<bool> {
        match self.columns.get(column)? {
            Column::Bool(values) => values.get(row).map(|value| value != 0),
            _ => None,
        }
    }

    /// The position of an enum's symbol; `None` as in [`Columns::str`].
    pub fn symbol(&self, column: usize, row: usize) -> Option<u8> {
        match self.columns.get(column)? {
            Column::Enum(values) => values.get(row),
            _ => None,
        }
    }

    /// The strings of an array; `None` when the column holds no arrays or there is no such row.
    pub fn list(&self, column: usize, row: usize) -> Option<impl ExactSizeIterator<Item = &str>> {
        match self.columns.get(column)? {
            Column::StrList(lists) => lists.get(row),
            _ => None,
        }
    }

    /// The dates of an array of records, in days since 1970-01-01; `None` as in [`Columns::list`].
    pub fn dates(&self, column: usize, row: usize) -> Option<impl ExactSizeIterator<Item = Option<i64>>> {
        match self.columns.get(column)? {
            Column::DateList(lists) => Some(lists.get(row)?.map(|date| date.map(i64::from))),
            _ => None,
        }
    }

    /// Whether the value is null. A column that is not nullable has no nulls.
    pub fn is_null(&self, column: usize, row: usize) -> bool {
        self.columns
            .get(column)
            .and_then(Column::nulls)
            .and_then(|nulls| nulls.get(row))
            == Some(&1)
    }

    /// Puts a string in place of the last row's; does nothing in a column of another kind.
    pub fn replace_last_str(&mut self, column: usize, value: &str) {
        if let Some(Column::Str(strs)) = self.columns.get_mut(column) {
            strs.replace_last(value);
        }
    }

    /// Puts null in place of the last row's string; does nothing in a column of another kind or one that has no nulls.
    pub(crate) fn clear_last_str(&mut self, column: usize) {
        if let Some(Column::Str(strs)) = self.columns.get_mut(column) {
            strs.clear_last();
        }
    }

    /// Puts strings in place of the last row's array; does nothing in a column of another kind.
    pub fn replace_last_list<'v>(&mut self, column: usize, values: impl IntoIterator<Item = &'v str>) {
        if let Some(Column::StrList(lists)) = self.columns.get_mut(column) {
            lists.replace_last(values);
        }
    }

    pub(crate) fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// Ends the row that was written into every column.
    pub(crate) fn end_row(&mut self, has_body: bool) {
        self.bodies.push(u8::from(has_body));
    }
}

#[cfg(test)]
mod tests;
