//! Why a schema cannot be resolved, and why a datum cannot be decoded.

use std::fmt;

/// A writer's schema that cannot be resolved to the record type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the writer's schema does not fit record type {record_type}: field {field}: {problem}")]
pub struct CompileError {
    /// The record type.
    pub record_type: String,
    /// The field's path; empty for the schema as a whole.
    pub field: String,
    /// What is wrong with it and what would do.
    pub problem: String,
}

/// A datum that is not what its writer's schema says, or that the record type cannot take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// How many bytes of the datum had been read.
    pub at: usize,
    /// The field's path; empty at the end of the datum.
    pub field: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a datum. Never holds a value of the datum but numbers and positions (I10).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The bytes end within a value.
    #[error("the message ends in the middle of a value")]
    Ends,
    /// A length or count beyond the end.
    #[error("a length of {length} where {left} bytes are left")]
    Length {
        /// What was announced.
        length: i64,
        /// What there is.
        left: usize,
    },
    /// More than ten bytes, or more than 64 bits.
    #[error("a number that does not fit 64 bits")]
    Varint,
    /// More than 32 bits.
    #[error("the number {0} does not fit 32 bits")]
    Int(i64),
    /// Text in another encoding.
    #[error("a string that is not UTF-8")]
    Utf8,
    /// Neither 0 nor 1.
    #[error("a boolean of {0}")]
    Boolean(u8),
    /// A union's branch that its schema does not have.
    #[error("branch {branch} of a union that has {branches}")]
    Branch {
        /// What was read.
        branch: i64,
        /// How many there are.
        branches: usize,
    },
    /// An enum's symbol that its schema does not have.
    #[error("symbol {symbol} of an enum that has {symbols}")]
    Symbol {
        /// What was read.
        symbol: i64,
        /// How many there are.
        symbols: usize,
    },
    /// An enum's symbol that only the writer has.
    #[error("symbol {0} of the writer's enum is not known here")]
    UnknownSymbol(i64),
    /// A branch of the writer's union that the reader's type cannot take.
    #[error("{0}")]
    Unresolvable(Box<str>),
    /// Bytes after the datum.
    #[error("{0} bytes are left after the end")]
    Trailing(usize),
    /// The columns were made for another record type.
    #[error("the columns belong to another record type")]
    OtherColumns,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}", self.at)?;
        if !self.field.is_empty() {
            write!(f, ", field {}", self.field)?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for DecodeError {}
