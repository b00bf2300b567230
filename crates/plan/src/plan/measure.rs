//! The model of one measure.

use jiff::civil::Date;

use super::counting::Counting;
use super::disclosure::Disclosure;

/// One number that a plan asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The id that the software prints, such as `P3.02`.
    pub id: String,
    /// What is counted, in a few words.
    pub title: String,
    /// The plan's action that asks for it.
    pub action: Option<String>,
    /// The plan's own words.
    pub wording: Option<String>,
    /// The page of the plan that the words stand on.
    pub page: Option<u16>,
    /// The partners that the plan names, as printed.
    pub responsible: Vec<String>,
    /// The codes of the partners whose records count and whose return is needed; empty only for an estimate.
    pub returned_by: Vec<String>,
    /// What kind of number it is.
    pub kind: Kind,
    /// How it comes about.
    pub basis: Basis,
    /// The unit, in the plural.
    pub unit: String,
    /// Whether more is better.
    pub polarity: Polarity,
    /// Whether small numbers may point at people.
    pub sensitivity: Sensitivity,
    /// What which audience may see of it.
    pub disclosure: Disclosure,
    /// Version of the definition, from 1.
    pub version: u8,
    /// The first day that this version holds for.
    pub valid_from: Option<Date>,
    /// The first day from which records can carry it: no change is computed from a base that begins earlier.
    pub series_from: Option<Date>,
    /// What an analyst should know about the number.
    pub notes: Option<String>,
    /// The line of the file at which the definition begins, from 1.
    pub line: usize,
}

/// The kinds of numbers, as domain.md's catalogues know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Records, or what they stand for.
    EventCount,
    /// A quantity, added.
    Sum,
    /// Distinct people, families or units; never added over periods (G4).
    Distinct,
    /// What is in force on the last day of the period (G6).
    Stock,
    /// Entries of a list in records, opened or closed (G7).
    Flow,
    /// One measure by another.
    Ratio,
    /// The period against the same span a year before (G8).
    Change,
    /// The district's place among areas.
    Rank,
    /// What is done of what is expected, since the financial year began.
    Milestone,
    /// People or organisations that attended.
    Attendance,
    /// Records that follow an earlier one about the same person.
    Repeat,
    /// An estimate that no record can give.
    Estimate,
}

impl Kind {
    pub(super) const NAMES: [(&'static str, Kind); 12] = [
        ("event_count", Kind::EventCount),
        ("sum", Kind::Sum),
        ("distinct", Kind::Distinct),
        ("stock", Kind::Stock),
        ("flow", Kind::Flow),
        ("ratio", Kind::Ratio),
        ("change", Kind::Change),
        ("rank", Kind::Rank),
        ("milestone", Kind::Milestone),
        ("attendance", Kind::Attendance),
        ("repeat", Kind::Repeat),
        ("estimate", Kind::Estimate),
    ];

    /// The name in plan files.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }
}

/// How a measure comes about.
#[derive(Debug, Clone, PartialEq)]
pub enum Basis {
    /// From records.
    Records(Box<Counting>),
    /// From two other measures of the same file.
    Ratio(Ratio),
    /// From nothing that is returned.
    Nothing,
}

/// One measure by another.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// Id of the measure above the line.
    pub numerator: String,
    /// Id of the measure below the line.
    pub denominator: String,
    /// What the quotient is multiplied by, such as 100 for per cent.
    pub times: u32,
    /// Decimals that the value is rounded to, half away from zero.
    pub decimals: u8,
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    Neutral,
}

impl Polarity {
    pub(super) const NAMES: [(&'static str, Polarity); 3] = [
        ("up", Polarity::Up),
        ("down", Polarity::Down),
        ("neutral", Polarity::Neutral),
    ];

    /// The name in plan files.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, polarity)| *polarity == self)
            .map_or("", |(name, _)| name)
    }
}

/// Whether small numbers may point at people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitivity {
    /// They do not.
    None,
    /// They may: 1 to 4 are not for the public.
    Person,
}

impl Sensitivity {
    pub(super) const NAMES: [(&'static str, Sensitivity); 2] =
        [("none", Sensitivity::None), ("person", Sensitivity::Person)];

    /// The name in plan files.
    pub fn name(self) -> &'static str {
        match self {
            Sensitivity::None => "none",
            Sensitivity::Person => "person",
        }
    }
}

impl Measure {
    /// How the measure is counted from records, if it is.
    pub fn counting(&self) -> Option<&Counting> {
        match &self.basis {
            Basis::Records(counting) => Some(counting),
            Basis::Ratio(_) | Basis::Nothing => None,
        }
    }
}
