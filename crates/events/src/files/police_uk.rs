//! Street-level files of data.police.uk as records of Kent Police: `police-incidents` takes the anti-social behaviour,
//! `recorded-crimes` the rest.
//!
//! A file names no incident number; the reference is the Crime ID, or where that is blank (all anti-social behaviour, and
//! all of British Transport Police) month, force and number of the row, since a third of those rows repeat another to the
//! letter and all are true. The version is the month (201406), so that an id that comes again in a later month with another
//! outcome is a later version of the same crime. The day is noon in London on the first of the month. A row goes to a
//! district and ward by its LSOA; places that no list has are E99999999, "elsewhere or unknown". Rows of another force
//! are counted and not taken: the feed's partner did not return them.

mod columns;
mod places;
mod record;

use std::io::BufRead;

use csv::ByteRecord;
use jiff::Timestamp;
use quarterday_plan::feeds::Feed;

pub use places::{Places, PlacesError};

use super::row::{FileError, Row, RowError, after_byte_order_mark};
use super::table::{Table, is_empty};
use columns::StreetColumns;
use record::Taker;

/// The force whose rows are taken, as the files spell it.
pub const FORCE: &str = "Kent Police";

/// A row of a street file.
#[derive(Debug, Clone, PartialEq)]
pub enum StreetRow {
    /// A record of this feed.
    Taken {
        /// The record, with its line.
        row: Row,
        /// Whether it lies outside the districts whose LSOAs are listed, or nobody knows where.
        is_elsewhere: bool,
    },
    /// A record of the other feed: a crime, or anti-social behaviour.
    OtherFeed,
    /// A row of another force.
    OtherForce,
}

/// Whether a file's first line is the header of a street file.
pub fn is_header(first_line: &str) -> bool {
    let header: ByteRecord = first_line
        .trim_start_matches('\u{feff}')
        .trim_end()
        .split(',')
        .collect();
    StreetColumns::find(&header).is_ok()
}

/// Reads a street file for one of the two feeds.
///
/// # Errors
/// The feed takes no street files, or the header is none of a street file.
pub fn street_rows<'c>(
    input: impl BufRead + 'c,
    feed: &'c Feed,
    places: &'c Places,
    sent_at: Timestamp,
) -> Result<impl Iterator<Item = Result<StreetRow, RowError>> + 'c, FileError> {
    let taker = Taker::of(feed, places, sent_at)?;
    let mut table = Table::new(after_byte_order_mark(input)?);
    let columns = StreetColumns::find(table.header()?).map_err(FileError::Header)?;
    Ok(StreetRows {
        table,
        columns,
        taker,
        number: 0,
    })
}

struct StreetRows<'c, R> {
    table: Table<R>,
    columns: StreetColumns,
    taker: Taker<'c>,
    /// Number of the row, without the header; part of references.
    number: u64,
}

impl<R: BufRead> Iterator for StreetRows<'_, R> {
    type Item = Result<StreetRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, record) = match self.table.next()? {
                Ok((_, record)) if is_empty(record) => continue,
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            };
            self.number += 1;
            let cells = self.columns.cells(record, line);
            return Some(cells.and_then(|cells| self.taker.take(&cells, line, self.number)));
        }
    }
}

#[cfg(test)]
mod tests;
