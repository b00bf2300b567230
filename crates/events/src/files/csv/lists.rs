//! The arrays of records of a row, put together from a column for each of their fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::cell;
use super::header::Header;
use crate::kind::ColumnSpec;

/// What the columns of arrays read so far hold.
pub(super) struct Lists<'h> {
    header: &'h Header<'h>,
    columns: Vec<Entries<'h>>,
}

struct Entries<'h> {
    spec: &'h ColumnSpec,
    entries: Vec<Value>,
}

impl<'h> Lists<'h> {
    pub(super) fn new(header: &'h Header<'h>) -> Self {
        Self {
            header,
            columns: Vec::new(),
        }
    }

    /// Reads a cell of a column that belongs to an array.
    pub(super) fn read(&mut self, cell: &[u8], spec: &'h ColumnSpec) -> Result<(), String> {
        if let Some((_, field)) = self.header.record_type().list_field(spec) {
            let entries = cell::read_entries(cell, &field.entry, self.header.date_format())?;
            self.columns.push(Entries { spec, entries });
        }
        Ok(())
    }

    /// Adds the arrays to the row. Columns that are empty one and all are an empty array.
    pub(super) fn complete(self, record: &mut Map<String, Value>) -> Result<(), String> {
        let names = self.columns.iter().map(|column| &column.spec.list);
        let names: BTreeSet<&String> = names.flatten().collect();
        for name in names {
            let columns = || {
                self.columns
                    .iter()
                    .filter(move |column| column.spec.list.as_ref() == Some(name))
            };
            let is_empty = columns().all(|column| column.entries == [Value::Null]);
            let mut records: Vec<Map<String, Value>> = Vec::new();
            let mut first: Option<&Entries<'_>> = None;
            for column in columns().filter(|_| !is_empty) {
                let first = *first.get_or_insert(column);
                column.fits(first)?;
                records.resize_with(column.entries.len(), Map::new);
                for (record, entry) in records.iter_mut().zip(&column.entries) {
                    record.insert(column.spec.field().to_owned(), entry.clone());
                }
            }
            let records = records.into_iter().map(Value::Object).collect();
            record.insert(name.clone(), Value::Array(records));
        }
        Ok(())
    }
}

impl Entries<'_> {
    fn fits(&self, other: &Self) -> Result<(), String> {
        let (entries, others) = (self.entries.len(), other.entries.len());
        if entries == others {
            return Ok(());
        }
        Err(format!(
            "{} has {others} and {} has {entries} entries between semicolons; each needs as many as the other, empty \
             where there is no date yet",
            other.spec.name, self.spec.name
        ))
    }
}
