//! The feeds file: what each feed carries, from whom, and what its records must satisfy.
//!
//! Contract: checks and columns that a file gives for a record type hold for every feed of it; those of a feed come
//! on top. A partner returns a record type in one feed. A check judges one record by itself; what needs other records
//! (a renewal beside an open order, one call in two feeds) is none.

mod calendar;
mod check;
mod holidays;
mod parse;

use std::collections::BTreeMap;

pub use calendar::ReturnCalendar;
pub use check::{Check, Condition, CoveredFeed, Length, Rule, Severity};

use crate::Error;

/// All feeds.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    /// The feeds, in the order of the file.
    pub feeds: Vec<Feed>,
    /// What holds for every feed of a record type, by its name.
    pub record_types: BTreeMap<String, RecordTypeRules>,
    /// When returns are due.
    pub calendar: ReturnCalendar,
}

impl Feeds {
    /// Reads a feeds file.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        parse::parse(toml)
    }

    /// The feed of that name.
    pub fn feed(&self, name: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.name == name)
    }

    /// The feed in which a partner returns a record type.
    pub fn feed_of(&self, partner: &str, record_type: &str) -> Option<&Feed> {
        self.feeds
            .iter()
            .find(|feed| feed.record_type == record_type && feed.partner.includes(partner))
    }

    /// The field of a record type whose codes a return notice names as its scope.
    pub fn scope(&self, record_type: &str) -> Option<&str> {
        self.record_types.get(record_type)?.scope.as_deref()
    }
}

/// What holds for every feed of a record type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordTypeRules {
    /// The field whose codes a return notice names as its scope; without it a notice is always about the whole feed.
    pub scope: Option<String>,
    /// What follows from its fields.
    pub derivations: Vec<Derivation>,
    /// What its records must satisfy.
    pub checks: Vec<Check>,
    /// How its CSV files are read.
    pub csv: CsvMapping,
}

/// A field that is filled in from another one where a mapping says so: if it is empty, or, if it holds a set of codes, in
/// addition to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// The field that is filled in.
    pub field: String,
    /// The field that it follows from.
    pub from: String,
    /// The mapping, by its name.
    pub mapping: String,
}

/// One partner's return of one record type.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The feed's name, as in the envelope and on the command line.
    pub name: String,
    /// What the feed is, for people.
    pub title: String,
    /// Whose records it carries.
    pub partner: PartnerRule,
    /// The Avro record type.
    pub record_type: String,
    /// The Kafka topic.
    pub topic: String,
    /// What happens to a record without a district.
    pub district: DistrictRule,
    /// What follows from the fields of its records.
    pub derivations: Vec<Derivation>,
    /// What its records must satisfy, in the order of the file.
    pub checks: Vec<Check>,
    /// How its CSV files are read.
    pub csv: CsvMapping,
}

/// Whose records a feed carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartnerRule {
    /// Those of the partner with this code.
    Only(String),
    /// Those of every partner on the code list `partner`.
    Any,
}

impl PartnerRule {
    /// The partner, if it is only one.
    pub fn only(&self) -> Option<&str> {
        match self {
            Self::Only(code) => Some(code),
            Self::Any => None,
        }
    }

    /// Whether records of the partner with this code belong to the feed.
    pub fn includes(&self, partner: &str) -> bool {
        self.only().is_none_or(|code| code == partner)
    }
}

/// What happens to a record whose envelope has no district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistrictRule {
    /// It is rejected: the partner works in several districts.
    Required,
    /// It has none, and nothing is filled in.
    Optional,
    /// It gets this GSS code.
    Default(String),
}

/// How the CSV files of a feed are read. A field's own name is always accepted as a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvMapping {
    /// The field for each header; headers are compared as [`crate::codes::normal_form`] has them. A field has one
    /// header.
    pub columns: BTreeMap<String, String>,
    /// How dates are typed, such as `dd/mm/yyyy`; ISO dates (`2014-09-30`) if `None`. A time follows as `hh:mm` and is
    /// the clock of Europe/London.
    pub date_format: Option<String>,
}

#[cfg(test)]
mod tests;
