//! Files that are pushed, row by row, as JSON records for the [`Encoder`](crate::Encoder).
//!
//! Contract of every reader: memory is bounded by one row (at most [`MAX_ROW_BYTES`]) or one Avro block; a row that
//! cannot be read is a [`RowError`] with its place, and the rest goes on; after an error of the file itself (I/O, a
//! quote that is never closed) nothing more comes. A file that is unusable as a whole is a [`FileError`]. Messages quote
//! a value only where it looks like a code.

mod avro;
mod csv;
mod json;
mod lines;
mod ndjson;
pub mod police_uk;
mod row;
mod table;

use std::io::BufRead;

use jiff::Timestamp;
use quarterday_plan::feeds::Feed;

pub use row::{FileError, Row, RowError};

use crate::record_type::RecordType;

/// A longer row is refused.
pub const MAX_ROW_BYTES: usize = 1 << 20;

/// Whose rows a file holds, and what stands for what they leave out.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The record type of the feed.
    pub record_type: &'c RecordType,
    /// The feed: its name and partner stand in rows that do not name them, and its mapping reads CSV.
    pub feed: &'c Feed,
    /// Stands in rows that do not say when they were sent.
    pub sent_at: Timestamp,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One array of objects, or objects one behind the other.
    Json,
    /// One object a line.
    NdJson,
    /// Comma-separated, with a header.
    Csv,
    /// Avro object container.
    Avro,
}

impl Format {
    /// The format that a file's name ends in: `.json`, `.ndjson`, `.jsonl`, `.csv`, `.avro`.
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "ndjson" | "jsonl" => Some(Self::NdJson),
            "csv" => Some(Self::Csv),
            "avro" => Some(Self::Avro),
            _ => None,
        }
    }
}

/// The rows of a file, in order.
pub type Rows<'c> = Box<dyn Iterator<Item = Result<Row, RowError>> + 'c>;

/// Reads a file of a feed. A byte order mark is passed over.
///
/// Rows that do not say their feed, partner or when they were sent take these from the context. In CSV a file without
/// the columns `version` and `op` holds first versions and SUBMITs.
///
/// # Errors
/// The file is not of that format, or its header does not fit.
pub fn rows<'c>(
    format: Format,
    input: impl BufRead + 'c,
    context: Context<'c>,
) -> Result<Rows<'c>, FileError> {
    let input = row::after_byte_order_mark(input)?;
    let rows: Rows<'c> = match format {
        Format::Json => Box::new(json::Elements::new(input)),
        Format::NdJson => Box::new(ndjson::Objects::new(input)),
        Format::Csv => Box::new(csv::Records::new(input, context)?),
        Format::Avro => Box::new(avro::Container::new(input, context.record_type)?),
    };
    Ok(Box::new(
        rows.map(move |row| row.map(|row| row.completed(&context))),
    ))
}

#[cfg(test)]
mod tests;
