//! Blocks of ClickHouse's Native format: whole columns, no row is ever put together. Strings with few different values go as
//! a dictionary and indexes, as they are stored: that spares ClickHouse a look-up per value. (The `clickhouse` crate's own
//! writer of such blocks was measured first: it costs twice the processor time, and takes no dictionaries.)
//!
//! A block is, at revision 0: number of columns, number of rows, then for each column name, type and values.

mod dictionary;
mod wire;

use quarterday_events::{Column, ColumnSpec, Kind, Strs, Values};

use crate::sql::columns::stored_type;
use dictionary::Dictionary;

type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// Milliseconds since 1970-01-01T00:00:00Z, as ClickHouse is told of them.
const MILLIS: &str = "DateTime64(3, 'UTC')";

/// A block under construction. The first error names its table and column.
pub(crate) struct Columnar<'t> {
    table: &'t str,
    rows: usize,
    names: Vec<String>,
    values: Vec<u8>,
}

/// A block that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// `INSERT INTO … FORMAT Native`
    pub(crate) sql: String,
    /// Numbers of columns and rows.
    pub(crate) head: Vec<u8>,
    /// The columns.
    pub(crate) body: Vec<u8>,
}

impl<'t> Columnar<'t> {
    /// An empty block for a table, of so many rows.
    pub(crate) fn new(table: &'t str, rows: usize) -> Self {
        Columnar {
            table,
            rows,
            names: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds strings as they are.
    pub(crate) fn add_strings<'v>(
        &mut self,
        name: &str,
        values: impl Iterator<Item = &'v str>,
    ) -> crate::Result<()> {
        self.begin(name, "String");
        let mut rows = 0;
        for value in values {
            wire::string(&mut self.values, value.as_bytes());
            rows += 1;
        }
        self.end(name, rows)
    }

    /// Adds strings of which few differ.
    pub(crate) fn add_coded<'v>(
        &mut self,
        name: &str,
        values: impl Iterator<Item = &'v str>,
    ) -> crate::Result<()> {
        self.begin(name, "LowCardinality(String)");
        let mut dictionary = Dictionary::new(false);
        values.for_each(|value| dictionary.add(value));
        let rows = dictionary.write(&mut self.values);
        self.end(name, rows)
    }

    pub(crate) fn add_u32(&mut self, name: &str, values: impl Iterator<Item = u32>) -> crate::Result<()> {
        self.begin(name, "UInt32");
        let rows = wire::fixed(&mut self.values, values.map(u32::to_le_bytes));
        self.end(name, rows)
    }

    pub(crate) fn add_u64(&mut self, name: &str, values: impl Iterator<Item = u64>) -> crate::Result<()> {
        self.begin(name, "UInt64");
        let rows = wire::fixed(&mut self.values, values.map(u64::to_le_bytes));
        self.end(name, rows)
    }

    pub(crate) fn add_millis(&mut self, name: &str, values: impl Iterator<Item = i64>) -> crate::Result<()> {
        self.begin(name, MILLIS);
        let rows = wire::fixed(&mut self.values, values.map(i64::to_le_bytes));
        self.end(name, rows)
    }

    /// Adds a record's column, in the type that it is stored in. Arrays are taken apart by ClickHouse.
    pub(crate) fn add_record_column(&mut self, spec: &ColumnSpec, column: &Column) -> crate::Result<()> {
        let ty = match spec.kind {
            Kind::Strings => "Array(String)".to_owned(),
            _ => stored_type(spec),
        };
        self.begin(&spec.name, &ty);
        let out = &mut self.values;
        let rows = match (column, &spec.kind) {
            (Column::Bool(v), _) => values(out, v, |b| [b]),
            (Column::Enum(v), Kind::Enum(symbols)) => {
                let mut dictionary = Dictionary::new(false);
                let symbol = |i: &u8| symbols.get(usize::from(*i)).map_or("", String::as_str);
                v.values()
                    .iter()
                    .map(symbol)
                    .for_each(|symbol| dictionary.add(symbol));
                dictionary.write(out)
            }
            (Column::Int(v), _) => values(out, v, i32::to_le_bytes),
            (Column::Long(v), _) => values(out, v, i64::to_le_bytes),
            (Column::Double(v), _) => values(out, v, f64::to_le_bytes),
            (Column::Str(strs), _) if ty.starts_with("LowCardinality") => codes(out, strs),
            (Column::Str(strs), _) => strings(out, strs),
            (Column::StrList(lists), _) => {
                let rows = ends(out, lists.ends());
                strings(out, lists.items());
                rows
            }
            (Column::DateList(lists), _) => {
                let rows = ends(out, lists.ends());
                values(out, lists.items(), i32::to_le_bytes);
                rows
            }
            (Column::Enum(_), _) => return Err(self.error(&spec.name, "an enum column without symbols")),
        };
        self.end(&spec.name, rows)
    }

    /// The whole block.
    pub(crate) fn build(self) -> Block {
        let mut head = Vec::new();
        wire::varint(&mut head, wire::number(self.names.len()));
        wire::varint(&mut head, wire::number(self.rows));
        Block {
            sql: format!(
                "INSERT INTO {} ({}) FORMAT Native",
                self.table,
                self.names.join(", ")
            ),
            head,
            body: self.values,
        }
    }

    fn begin(&mut self, name: &str, ty: &str) {
        wire::string(&mut self.values, name.as_bytes());
        wire::string(&mut self.values, ty.as_bytes());
        self.names.push(name.to_owned());
    }

    fn end(&self, name: &str, rows: usize) -> crate::Result<()> {
        if rows == self.rows {
            return Ok(());
        }
        Err(self.error(name, format!("{rows} values for {} rows", self.rows)))
    }

    fn error(&self, column: &str, source: impl Into<BoxedError>) -> crate::Error {
        crate::Error::Block {
            table: self.table.to_owned(),
            column: column.to_owned(),
            source: source.into(),
        }
    }
}

/// Values of a fixed size, behind their null map if they have one.
fn values<T: Copy + Default, const N: usize>(
    out: &mut Vec<u8>,
    column: &Values<T>,
    bytes: impl Fn(T) -> [u8; N],
) -> usize {
    out.extend_from_slice(column.nulls().unwrap_or_default());
    wire::fixed(out, column.values().iter().map(|value| bytes(*value)))
}

/// Where the array of each row ends among the entries of all, which follow.
fn ends(out: &mut Vec<u8>, ends: &[usize]) -> usize {
    wire::fixed(out, ends.iter().map(|end| wire::number(*end).to_le_bytes()))
}

fn strings(out: &mut Vec<u8>, strs: &Strs) -> usize {
    out.extend_from_slice(strs.nulls().unwrap_or_default());
    strs.iter().for_each(|text| wire::string(out, text.as_bytes()));
    strs.len()
}

fn codes(out: &mut Vec<u8>, strs: &Strs) -> usize {
    let mut dictionary = Dictionary::new(strs.nulls().is_some());
    match strs.nulls() {
        None => strs.iter().for_each(|code| dictionary.add(code)),
        Some(nulls) => {
            for (code, null) in strs.iter().zip(nulls) {
                if *null == 0 {
                    dictionary.add(code);
                } else {
                    dictionary.add_null();
                }
            }
        }
    }
    dictionary.write(out)
}

#[cfg(test)]
mod tests;
