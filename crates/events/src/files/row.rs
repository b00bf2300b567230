//! One row of a file, and what can be wrong with it or with the whole.

use std::fmt;
use std::io::{self, BufRead, Cursor, Read};

use quarterday_plan::feeds::PartnerRule;
use serde_json::{Map, Value};

use super::Context;
use crate::decoder::CompileError;

/// A row that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line in the file, from 1, where it begins; in an Avro file the number of the record.
    pub line: u64,
    /// The record, flat or nested, for [`Encoder::encode`](crate::Encoder::encode).
    pub record: Value,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Its line in the file, as in [`Row`].
    pub line: u64,
    /// The column in it, from 1, where that is known: of the character in JSON, of the cell in CSV.
    pub column: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

/// A file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Reading failed.
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
    /// The header does not fit the feed.
    #[error("the header does not fit: {}", .0.join("; "))]
    Header(Vec<String>),
    /// It is not what its name says.
    #[error("the file is not {format}: {problem}")]
    Format {
        /// What it should be.
        format: &'static str,
        /// Why it is not.
        problem: String,
    },
    /// The schema that an Avro file carries does not fit.
    #[error("the file's own schema does not fit")]
    Schema(#[source] CompileError),
}

impl Row {
    pub(super) fn new(line: u64, record: Map<String, Value>) -> Self {
        Self {
            line,
            record: Value::Object(record),
        }
    }

    /// The row with feed, partner and time of sending, if it has none.
    pub(super) fn completed(mut self, context: &Context<'_>) -> Self {
        if let Value::Object(record) = &mut self.record {
            complete(record, "feed", || Value::from(context.feed.name.as_str()));
            if let PartnerRule::Only(partner) = &context.feed.partner {
                complete(record, "partner", || Value::from(partner.as_str()));
            }
            complete(record, "sent_at", || Value::from(context.sent_at.to_string()));
        }
        self
    }
}

/// Sets a field that is missing, null or an empty string.
pub(super) fn complete(record: &mut Map<String, Value>, field: &str, value: impl FnOnce() -> Value) {
    let is_empty =
        |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    if record.get(field).is_none_or(is_empty) {
        record.insert(field.to_owned(), value());
    }
}

impl RowError {
    pub(super) fn new(line: u64, message: impl Into<String>) -> Self {
        Self {
            line,
            column: None,
            message: message.into(),
        }
    }

    /// What JSON says of a row that begins on a line; only the place of serde_json's message counts from the row.
    pub(super) fn json(line: u64, error: &serde_json::Error) -> Self {
        let inner = u64::try_from(error.line().saturating_sub(1)).unwrap_or(0);
        let message = match error.classify() {
            serde_json::error::Category::Eof => "the JSON breaks off",
            _ => "is not valid JSON here: a comma, quote or bracket missing or too many?",
        };
        Self {
            line: line + inner,
            column: u64::try_from(error.column()).ok(),
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for RowError {}

/// The input behind a UTF-8 byte order mark, if it begins with one; one of UTF-16 is refused.
pub(super) fn after_byte_order_mark<R: BufRead>(mut input: R) -> Result<impl BufRead, FileError> {
    let mut start = Vec::with_capacity(3);
    input.by_ref().take(3).read_to_end(&mut start)?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        let problem = "it is UTF-16; save it again as UTF-8".to_owned();
        return Err(FileError::Format {
            format: "UTF-8",
            problem,
        });
    }
    let kept = if start.starts_with(&[0xef, 0xbb, 0xbf]) {
        Vec::new()
    } else {
        start
    };
    Ok(Cursor::new(kept).chain(input))
}
