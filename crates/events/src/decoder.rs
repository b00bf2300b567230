//! Decoding of an Avro datum, written with some writer's schema, straight into the columns of a record type.
//!
//! A [`Decoder`] is compiled once per pair of schemas by Avro's rules of resolution: fields are found by name or by the
//! reader's aliases, in any order; fields that only the writer has are skipped, fields that only the reader has take
//! their default; int becomes long or double, long and float become double, string and bytes are one; a union of the
//! writer is resolved branch by branch, when a datum chooses one. Two departures, both on purpose: records are matched
//! by their fields and not by their names (partners name their schemas as they like), and two *different* logical types
//! never match, since microseconds read as milliseconds would be a wrong date and not an error.
//!
//! Decoding is bounded: a length is compared with the bytes that are left before anything is done with it, so a message
//! of `n` bytes adds at most `n` bytes of text and `n` array items to a column (besides defaults); recursive schemas are refused when compiling. A
//! datum that fails leaves the columns as they were.

mod compile;
mod cursor;
mod error;
mod program;
mod resolve;
mod run;
mod shape;

use apache_avro::Schema;

pub use error::{CompileError, DecodeError, Problem};

use crate::columns::Columns;
use crate::record_type::RecordType;
use program::Program;

/// Reads data of one writer's schema into the columns of one record type.
#[derive(Debug)]
pub struct Decoder {
    program: Program,
}

impl Decoder {
    /// Resolves a writer's schema to a record type.
    ///
    /// # Errors
    /// Names the field that cannot be resolved: missing without a default, or of a type that cannot be promoted.
    pub fn compile(writer: &Schema, to: &RecordType) -> Result<Self, CompileError> {
        Ok(Self {
            program: compile::compile(writer, to)?,
        })
    }

    /// Appends one row.
    ///
    /// # Errors
    /// Says at which byte and field the datum breaks off or is wrong; `into`, which must have been made for the record
    /// type that the decoder was compiled for, is then as it was.
    pub fn decode(&self, payload: &[u8], into: &mut Columns) -> Result<(), DecodeError> {
        let row = into.len();
        let read = self.decode_first(payload, into)?;
        match payload.len() - read {
            0 => Ok(()),
            left => {
                into.truncate(row);
                Err(DecodeError {
                    at: read,
                    field: String::new(),
                    problem: Problem::Trailing(left),
                })
            }
        }
    }

    /// Appends one row from the first of several data that lie one behind the other; gives how many bytes it took.
    ///
    /// # Errors
    /// As [`Decoder::decode`], but for bytes that are left.
    pub fn decode_first(&self, data: &[u8], into: &mut Columns) -> Result<usize, DecodeError> {
        let row = into.len();
        match run::run(&self.program, data, into.columns_mut()) {
            Ok(done) => {
                into.end_row(done.has_body);
                Ok(done.read)
            }
            Err(error) => {
                into.truncate(row);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
