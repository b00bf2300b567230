//! Why a record cannot be encoded.

use crate::quote::quote;

/// A record that does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct EncodeError {
    /// The field's path, `body.arrests`; empty for the record as a whole.
    pub path: String,
    /// What is wrong with it and what would do. Quotes a value only where it looks like a code.
    pub problem: String,
}

pub(super) fn problem(path: &str, problem: impl Into<String>) -> EncodeError {
    EncodeError {
        path: path.to_owned(),
        problem: problem.into(),
    }
}

/// A name of the record's that the schema does not have; the name may be anything, so it is not shown blindly.
pub(super) fn unknown(path: &str, hint: &str) -> EncodeError {
    problem(&shown(path), hint)
}

/// A field's name if it looks like one.
pub(super) fn shown(name: &str) -> String {
    let quoted = quote(name);
    quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .map_or(quoted.clone(), str::to_owned)
}
