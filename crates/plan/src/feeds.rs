//! The feeds file: what each feed carries, from whom, and what its records must satisfy.
//!
//! Contract: checks and columns that a file gives for a record type hold for every feed of it; those of a feed come
//! on top. A check judges one record by itself; what needs other records (a renewal beside an open order, one call in
//! two feeds) is none.

mod parse;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::Error;

/// All feeds.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    /// The feeds, in the order of the file.
    pub feeds: Vec<Feed>,
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
}

/// One partner's return of one record type.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The feed's name, as in the envelope and on the command line.
    pub name: String,
    /// What the feed is, for people.
    pub title: String,
    /// The code of the partner whose records it carries.
    pub partner: String,
    /// The Avro record type.
    pub record_type: String,
    /// The Kafka topic.
    pub topic: String,
    /// What happens to a record without a district.
    pub district: DistrictRule,
    /// What its records must satisfy, in the order of the file.
    pub checks: Vec<Check>,
    /// How its CSV files are read.
    pub csv: CsvMapping,
}

/// What happens to a record whose envelope has no district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistrictRule {
    /// It is rejected: the partner works in several districts.
    Required,
    /// It gets this GSS code.
    Default(String),
}

/// Something that a record must satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The check's id, unique in its feed.
    pub id: String,
    /// What a failure means.
    pub severity: Severity,
    /// The test.
    pub rule: Rule,
    /// What the partner is told, in plain words.
    pub message: String,
}

/// What a failed check means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The record is rejected and waits in quarantine.
    Error,
    /// The record is taken and the partner is told.
    Warning,
}

/// A test of one record. A null passes every rule but [`Rule::Required`]; an `*_at` field stands for its date in
/// Europe/London.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The later date is not before the earlier one; the same day passes.
    NotBefore {
        /// Field of the date that comes first.
        earlier: String,
        /// Field of the date that comes after it.
        later: String,
    },
    /// The later date is after the earlier one; the same day fails.
    NotSameOrBefore {
        /// Field of the date that comes first.
        earlier: String,
        /// Field of the date that comes after it.
        later: String,
    },
    /// The number lies within the bounds, which it may reach.
    Range {
        /// Field of the number.
        field: String,
        /// Smallest value that passes.
        min: Option<i64>,
        /// Largest value that passes.
        max: Option<i64>,
        /// Records that it holds for; all if `None`.
        when: Option<Condition>,
    },
    /// The field is not null.
    Required {
        /// The field.
        field: String,
        /// Records that it holds for; all if `None`.
        when: Option<Condition>,
    },
    /// The field is null.
    Absent {
        /// The field.
        field: String,
        /// Records that it holds for; all if `None`.
        when: Option<Condition>,
    },
    /// The date lies within the bounds, which it may reach.
    DateWithin {
        /// Field of the date.
        field: String,
        /// First date that passes.
        from: Option<Date>,
        /// Last date that passes.
        until: Option<Date>,
        /// Records that it holds for; all if `None`.
        when: Option<Condition>,
    },
    /// The text is a reference and cannot be free text: 1 to 64 of the characters `A-Z a-z 0-9 . _ / -`.
    Reference {
        /// Field of the text.
        field: String,
    },
}

impl Rule {
    /// The fields that the rule looks at, its condition's included.
    pub fn fields(&self) -> Vec<&str> {
        let (fields, when) = match self {
            Self::NotBefore { earlier, later } | Self::NotSameOrBefore { earlier, later } => {
                (vec![earlier.as_str(), later.as_str()], &None)
            }
            Self::Range { field, when, .. }
            | Self::Required { field, when }
            | Self::Absent { field, when }
            | Self::DateWithin { field, when, .. } => (vec![field.as_str()], when),
            Self::Reference { field } => (vec![field.as_str()], &None),
        };
        fields
            .into_iter()
            .chain(when.iter().map(|condition| condition.field.as_str()))
            .collect()
    }
}

/// Records whose field, normalised, holds one of these values; booleans are `true` and `false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// The values of it that the rule holds for.
    pub is_in: Vec<String>,
}

/// How the CSV files of a feed are read. A field's own name is always accepted as a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvMapping {
    /// The field for each header; headers are compared as [`crate::codes::normal_form`] has them.
    pub columns: BTreeMap<String, String>,
    /// How dates are typed, such as `dd/mm/yyyy`; ISO dates (`2014-09-30`) if `None`. A time follows as `hh:mm` and is
    /// the clock of Europe/London.
    pub date_format: Option<String>,
}

#[cfg(test)]
mod tests;
