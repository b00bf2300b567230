//! The header of a container file: schema, codec, marker.

use std::io::{self, BufRead, Read};

use apache_avro::Schema;

use crate::avsc;
use crate::files::FileError;

/// A key or value of the header may be so long.
const MAX_ENTRY: usize = avsc::MAX_BYTES;

/// The header may have so many entries.
const MAX_ENTRIES: u64 = 1000;

/// How blocks are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Null,
    Deflate,
}

/// What the blocks of a file need.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) schema: Schema,
    pub(super) codec: Codec,
    pub(super) marker: [u8; 16],
}

impl Header {
    pub(super) fn read(input: &mut impl BufRead) -> Result<Self, FileError> {
        let mut magic = [0; 4];
        input
            .read_exact(&mut magic)
            .map_err(|error| broken(error.to_string()))?;
        if magic != *b"Obj\x01" {
            return Err(broken("it does not begin as an Avro container file does"));
        }
        let entries = read_entries(input).map_err(|error| broken(error.to_string()))?;
        let mut marker = [0; 16];
        input
            .read_exact(&mut marker)
            .map_err(|error| broken(error.to_string()))?;
        let entry = |key: &[u8]| {
            entries
                .iter()
                .find(|(k, _)| k == key)
                .map(|(_, value)| value.as_slice())
        };
        let codec = match entry(b"avro.codec") {
            None | Some(b"" | b"null") => Codec::Null,
            Some(b"deflate") => Codec::Deflate,
            Some(_) => {
                return Err(broken(
                    "its codec is neither null nor deflate; write it again with one of these",
                ));
            }
        };
        let schema = entry(b"avro.schema").ok_or_else(|| broken("its header has no schema"))?;
        let schema = std::str::from_utf8(schema).map_err(|_| broken("its schema is not UTF-8"))?;
        let schema = avsc::parse(schema)
            .map_err(|error| broken(error.to_string()))?
            .schema;
        Ok(Self {
            schema,
            codec,
            marker,
        })
    }
}

fn broken(problem: impl Into<String>) -> FileError {
    FileError::Format {
        format: "an Avro container file",
        problem: problem.into(),
    }
}

/// The map of the header's metadata.
fn read_entries(input: &mut impl BufRead) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut entries = Vec::new();
    loop {
        let count = read_long(input)?;
        if count == 0 {
            return Ok(entries);
        }
        if count < 0 {
            // The block's size in bytes, of no use here.
            read_long(input)?;
        }
        for _ in 0..count.unsigned_abs() {
            if u64::try_from(entries.len()).is_ok_and(|entries| entries >= MAX_ENTRIES) {
                return Err(io::Error::other("its header has too many entries"));
            }
            entries.push((read_bytes(input)?, read_bytes(input)?));
        }
    }
}

fn read_bytes(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let length = read_length(input, MAX_ENTRY)?;
    let mut bytes = Vec::new();
    read_exactly(input, length, &mut bytes)?;
    Ok(bytes)
}

/// Reads so many bytes; memory grows with what is there and not with what was announced.
pub(super) fn read_exactly(input: &mut impl Read, length: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    let limit = u64::try_from(length).unwrap_or(u64::MAX);
    if input.take(limit).read_to_end(bytes)? < length {
        return Err(io::Error::other("the file breaks off"));
    }
    Ok(())
}

/// A length within a limit.
pub(super) fn read_length(input: &mut impl BufRead, limit: usize) -> io::Result<usize> {
    let length = usize::try_from(read_long(input)?)
        .ok()
        .filter(|length| *length <= limit);
    length.ok_or_else(|| io::Error::other(format!("a length is negative or more than {limit}")))
}

/// Zigzag, seven bits a byte.
pub(super) fn read_long(input: &mut impl Read) -> io::Result<i64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        input.read_exact(&mut byte)?;
        let [byte] = byte;
        if shift == 63 && byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
        }
    }
    Err(io::Error::other("a number does not fit 64 bits"))
}
