//! The fields that expressions may name.

use std::collections::BTreeMap;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A text, or a code.
    Text,
    /// A day.
    Date,
    /// A point in time.
    Instant,
    /// A list of texts or codes.
    Texts,
    /// A list of days.
    Dates,
}

/// A field of a record type, as plan files may name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub holds: FieldType,
    /// The code list that its texts are of.
    pub codes: Option<String>,
    /// The list of records that it is an element's field of, such as `spells`.
    pub list: Option<String>,
    /// Whether it may be missing.
    pub nullable: bool,
}

/// The fields of every record type: envelope and body.
pub type Fields = BTreeMap<String, Vec<Field>>;
