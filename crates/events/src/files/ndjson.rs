//! One JSON object a line; empty lines are passed over.

use std::io::BufRead;

use serde_json::Value;

use super::lines::{Line, Lines};
use super::row::{Row, RowError};
use super::{MAX_ROW_BYTES, json};

/// The objects of a file.
pub(super) struct Objects<R> {
    lines: Lines<R>,
    is_over: bool,
}

impl<R: BufRead> Objects<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            lines: Lines::new(input),
            is_over: false,
        }
    }
}

impl<R: BufRead> Iterator for Objects<R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            let (line, text) = self.lines.next()?;
            match text {
                Ok(Line::Text(text)) if text.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Line::Text(text)) => return Some(json::row(line, serde_json::from_slice::<Value>(text))),
                Ok(Line::TooLong) => return Some(Err(too_long(line))),
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(RowError::new(
                        line,
                        format!("the file cannot be read on: {error}"),
                    )));
                }
            }
        }
        None
    }
}

/// Of a row beyond the limit.
pub(super) fn too_long(line: u64) -> RowError {
    RowError::new(
        line,
        format!("has more than {MAX_ROW_BYTES} bytes, which no record needs"),
    )
}
