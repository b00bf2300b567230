//! A JSON file: one array of objects, or objects one behind the other.
//!
//! The text is cut into elements by brackets and quotes alone, so that an element with a mistake inside costs only
//! itself, and no more than one element is in memory.

mod scanner;

use std::io::BufRead;

use serde_json::Value;

use super::ndjson::too_long;
use super::row::{Row, RowError};
use scanner::{Element, Scanner};

/// The objects of a file.
pub(super) struct Elements<R> {
    scanner: Scanner<R>,
    is_over: bool,
}

impl<R: BufRead> Elements<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            scanner: Scanner::new(input),
            is_over: false,
        }
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.scanner.next() {
            Ok(Some(Element::Text { line, text })) => Some(row(line, serde_json::from_slice::<Value>(text))),
            Ok(Some(Element::TooLong { line })) => Some(Err(too_long(line))),
            Ok(Some(Element::Stray { line, message })) => Some(Err(RowError::new(line, message))),
            Ok(None) => None,
            Err(error) => {
                self.is_over = true;
                let line = self.scanner.line();
                Some(Err(RowError::new(
                    line,
                    format!("the file cannot be read on: {error}"),
                )))
            }
        }
    }
}

/// The row of what should be one object.
pub(super) fn row(line: u64, value: serde_json::Result<Value>) -> Result<Row, RowError> {
    match value {
        Ok(Value::Object(record)) => Ok(Row::new(line, record)),
        Ok(_) => Err(RowError::new(
            line,
            "is no object; a record is {\"field\": value, …}",
        )),
        Err(error) => Err(RowError::json(line, &error)),
    }
}
