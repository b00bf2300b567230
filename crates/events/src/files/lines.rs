//! Lines of a file, of bounded length.

use std::io::{self, BufRead, Read};

use super::MAX_ROW_BYTES;

/// Reads line by line and counts.
pub(super) struct Lines<R> {
    input: R,
    line: u64,
    buffer: Vec<u8>,
}

/// What a line turned out to be.
pub(super) enum Line<'l> {
    /// Its bytes, without the line break.
    Text(&'l [u8]),
    /// Longer than [`MAX_ROW_BYTES`]; it was passed over.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 0,
            buffer: Vec::new(),
        }
    }

    /// The next line with its number; `None` at the end.
    pub(super) fn next(&mut self) -> Option<(u64, io::Result<Line<'_>>)> {
        self.line += 1;
        self.buffer.clear();
        match self.read() {
            Ok(0) => None,
            Ok(_) if self.buffer.len() > MAX_ROW_BYTES => Some((self.line, Ok(Line::TooLong))),
            Ok(_) => {
                let text = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
                Some((
                    self.line,
                    Ok(Line::Text(text.strip_suffix(b"\r").unwrap_or(text))),
                ))
            }
            Err(error) => Some((self.line, Err(error))),
        }
    }

    /// Reads up to the line break; keeps no more than what shows that the line is too long.
    fn read(&mut self) -> io::Result<usize> {
        let limit = u64::try_from(MAX_ROW_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let mut total = self
            .input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut self.buffer)?;
        let mut is_whole = self.buffer.ends_with(b"\n") || self.buffer.len() <= MAX_ROW_BYTES;
        let mut rest = Vec::new();
        while !is_whole {
            rest.clear();
            let read = self.input.by_ref().take(limit).read_until(b'\n', &mut rest)?;
            total += read;
            is_whole = read == 0 || rest.ends_with(b"\n");
        }
        Ok(total)
    }
}
