//! Rows of comma-separated cells, with the lines that they begin on.

use std::io::{self, BufRead, Chain, Cursor, Read};

use csv::{ByteRecord, Terminator};

use super::MAX_ROW_BYTES;
use super::row::{FileError, RowError};

/// A file and one more line break.
type WithLastBreak<R> = Chain<R, Cursor<&'static [u8]>>;

/// The rows of a file behind its header. Lines may end in CR LF; the CR then ends the last cell, so cells are trimmed
/// by whoever reads them.
pub(super) struct Table<R> {
    reader: csv::Reader<Bounded<WithLastBreak<R>>>,
    record: ByteRecord,
    is_over: bool,
}

impl<R: BufRead> Table<R> {
    pub(super) fn new(input: R) -> Self {
        // Every row ends with a line break then, which its line is counted back from.
        let input = Bounded {
            input: input.chain(Cursor::new(b"\n".as_slice())),
            left: MAX_ROW_BYTES,
        };
        let mut builder = csv::ReaderBuilder::new();
        builder
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'));
        Self {
            reader: builder.from_reader(input),
            record: ByteRecord::new(),
            is_over: false,
        }
    }

    /// The first row.
    pub(super) fn header(&mut self) -> Result<&ByteRecord, FileError> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Ok(&self.record),
            Ok(false) => Err(FileError::Header(vec!["the file is empty".to_owned()])),
            Err(error) => Err(FileError::Io(error.into())),
        }
    }

    /// The next row with its line; nothing more after an error.
    pub(super) fn next(&mut self) -> Option<Result<(u64, &ByteRecord), RowError>> {
        if self.is_over {
            return None;
        }
        self.reader.get_mut().left = MAX_ROW_BYTES;
        let before = self.reader.position().line();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Some(Ok((self.line(), &self.record))),
            Ok(false) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                let message = format!("the file cannot be read on: {}", io::Error::from(error));
                Some(Err(RowError::new(before, message)))
            }
        }
    }

    /// The line that the row began on. The reader's own count begins before empty lines that it passed over.
    fn line(&self) -> u64 {
        let inside = self
            .record
            .as_slice()
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        let inside = u64::try_from(inside).unwrap_or(u64::MAX);
        self.reader
            .position()
            .line()
            .saturating_sub(1)
            .saturating_sub(inside)
            .max(1)
    }
}

/// Whether no cell has anything in it.
pub(super) fn is_empty(record: &ByteRecord) -> bool {
    record.iter().all(|cell| cell.trim_ascii().is_empty())
}

/// Input that fails when one row asks for too much: a quote was left open.
#[derive(Debug)]
struct Bounded<R> {
    input: R,
    left: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(
                "a row has no end within 1 MiB; is a quote left open?",
            ));
        }
        let read = self.input.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}
