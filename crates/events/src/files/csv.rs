//! CSV files, by the feed's mapping of headers to fields.
//!
//! A field's own name is a header too; capitals, blanks and signs in headers do not matter. Dates are ISO
//! (`2014-06-30`) or as the mapping says; times follow them (`28/06/2014 23:40`) and are London's clock unless they have
//! an offset. Lists are separated by semicolons; an array of records has a column for each of its fields, `spells_opened_on`
//! and `spells_closed_on`, with an entry for each record, which may be empty where the field may be null. Yes and no may be written so, or as true, false, Y, N, 1 or 0. A row
//! whose cells are all empty is passed over.

mod cell;
mod header;
mod lists;

use std::io::BufRead;

use csv::ByteRecord;
use serde_json::{Map, Value};

use super::row::{Row, RowError, complete};
use super::table::{Table, is_empty};
use super::{Context, FileError};
use header::Header;
use lists::Lists;

/// The records of a file.
pub(super) struct Records<'c, R> {
    table: Table<R>,
    header: Header<'c>,
}

impl<'c, R: BufRead> Records<'c, R> {
    pub(super) fn new(input: R, context: Context<'c>) -> Result<Self, FileError> {
        let mut table = Table::new(input);
        let header = Header::read(table.header()?, context).map_err(FileError::Header)?;
        Ok(Self { table, header })
    }
}

impl<R: BufRead> Iterator for Records<'_, R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.table.next()? {
                Ok((_, cells)) if is_empty(cells) => {}
                Ok((line, cells)) => return Some(row(&self.header, line, cells)),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

fn row(header: &Header<'_>, line: u64, cells: &ByteRecord) -> Result<Row, RowError> {
    let columns = header.columns();
    let has_surplus = cells
        .iter()
        .skip(columns.len())
        .any(|cell| !cell.trim_ascii().is_empty());
    if has_surplus || cells.len() < columns.len() {
        let message = format!(
            "has {} cells where the header has {}; is a value with a comma in it not in quotes?",
            cells.len(),
            columns.len()
        );
        return Err(RowError::new(line, message));
    }
    let mut record = Map::with_capacity(columns.len() + 4);
    let mut lists = Lists::new(header);
    for (index, (cell, column)) in cells.iter().zip(columns).enumerate() {
        let Some(spec) = column else { continue };
        let in_cell = |problem: String| RowError {
            line,
            column: u64::try_from(index + 1).ok(),
            message: format!("{}: {problem}", spec.name),
        };
        if spec.list.is_some() {
            lists.read(cell, spec).map_err(in_cell)?;
        } else {
            let value = cell::read(cell, spec, header.date_format()).map_err(in_cell)?;
            record.insert(spec.name.clone(), value);
        }
    }
    lists
        .complete(&mut record)
        .map_err(|message| RowError::new(line, message))?;
    if !header.has("version") {
        complete(&mut record, "version", || Value::from(1));
    }
    if !header.has("op") {
        complete(&mut record, "op", || Value::from("SUBMIT"));
    }
    Ok(Row::new(line, record))
}
