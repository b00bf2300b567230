//! Avro object container files, codecs `null` and `deflate`.
//!
//! Own code, because the reader of apache-avro 0.21 trusts a file: it panics on some schemas, inflates without limit and
//! allocates what a length says. Here a block is at most [`MAX_BLOCK_BYTES`], as stored and inflated, and its records go
//! through the same decoder as messages do, resolved to the feed's record type.

mod header;
mod record;

use std::io::{self, BufRead, Read};

use flate2::bufread::DeflateDecoder;

use super::FileError;
use super::row::{Row, RowError};
use crate::columns::Columns;
use crate::decoder::Decoder;
use crate::record_type::RecordType;
use header::{Codec, Header};

/// A larger block is refused.
const MAX_BLOCK_BYTES: usize = 16 << 20;

/// The records of a file.
pub(super) struct Container<'c, R> {
    input: R,
    header: Header,
    record_type: &'c RecordType,
    decoder: Decoder,
    columns: Columns,
    block: Vec<u8>,
    position: usize,
    left: u64,
    records: u64,
    is_over: bool,
}

impl<'c, R: BufRead> Container<'c, R> {
    pub(super) fn new(mut input: R, record_type: &'c RecordType) -> Result<Self, FileError> {
        let header = Header::read(&mut input)?;
        let decoder = Decoder::compile(&header.schema, record_type).map_err(FileError::Schema)?;
        Ok(Self {
            input,
            header,
            record_type,
            decoder,
            columns: Columns::new(record_type),
            block: Vec::new(),
            position: 0,
            left: 0,
            records: 0,
            is_over: false,
        })
    }

    /// Reads the next block; `false` at the end of the file.
    fn read_block(&mut self) -> io::Result<bool> {
        if self.input.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let count = header::read_long(&mut self.input)?;
        let size = header::read_length(&mut self.input, MAX_BLOCK_BYTES)?;
        let mut stored = Vec::new();
        header::read_exactly(&mut self.input, size, &mut stored)?;
        let mut marker = [0; 16];
        self.input.read_exact(&mut marker)?;
        if marker != self.header.marker {
            return Err(io::Error::other("a block does not end with the file's marker"));
        }
        self.block.clear();
        self.position = 0;
        match self.header.codec {
            Codec::Null => self.block = stored,
            Codec::Deflate => inflate(&stored, &mut self.block)?,
        }
        self.left = u64::try_from(count).map_err(|_| io::Error::other("a block has a negative count"))?;
        Ok(true)
    }

    fn next_record(&mut self) -> Result<Row, RowError> {
        self.records += 1;
        self.left -= 1;
        self.columns.truncate(0);
        let rest = self.block.get(self.position..).unwrap_or_default();
        match self.decoder.decode_first(rest, &mut self.columns) {
            Ok(read) if read > 0 => {
                self.position += read;
                let record = record::of(self.record_type, &self.columns);
                record
                    .map(|record| Row::new(self.records, record))
                    .map_err(|message| RowError::new(self.records, message))
            }
            result => {
                // Where the next record of the block begins is not known.
                let first = self.records;
                self.records += self.left;
                let lost = std::mem::take(&mut self.left);
                let problem =
                    result.map_or_else(|error| error.to_string(), |_| "a record of no bytes".to_owned());
                Err(RowError::new(
                    first,
                    format!("{problem}; {lost} more records of its block are not read"),
                ))
            }
        }
    }
}

impl<R: BufRead> Iterator for Container<'_, R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            if self.left > 0 {
                return Some(self.next_record());
            }
            match self.read_block() {
                Ok(true) => {}
                Ok(false) => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    let message = format!("the file cannot be read on: {error}");
                    return Some(Err(RowError::new(self.records + 1, message)));
                }
            }
        }
        None
    }
}

fn inflate(stored: &[u8], block: &mut Vec<u8>) -> io::Result<()> {
    let limit = u64::try_from(MAX_BLOCK_BYTES).unwrap_or(u64::MAX);
    DeflateDecoder::new(stored).take(limit + 1).read_to_end(block)?;
    if block.len() > MAX_BLOCK_BYTES {
        return Err(io::Error::other("a block has more than 16 MiB"));
    }
    Ok(())
}
