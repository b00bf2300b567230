//! The model of one measure.

use jiff::civil::Date;

/// One number that a plan asks for. Filters and amounts are ClickHouse expressions over the fields of the record
/// type's body and of the envelope.
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
    /// The partners that the plan names, as printed.
    pub responsible: Vec<String>,
    /// The codes of the partners whose records count and whose return is needed; never empty.
    pub returned_by: Vec<String>,
    /// The record type that carries it.
    pub record_type: String,
    /// Boolean expression: the records that count; all if `None`.
    pub filter: Option<String>,
    /// The field that places a record in a period; an `*_at` field stands for its date in Europe/London. `None` for
    /// stocks only, which are taken on the last day.
    pub date: Option<String>,
    /// How the records become a number.
    pub kind: Kind,
    /// Where records count.
    pub area: Area,
    /// The unit, in the plural.
    pub unit: String,
    /// Whether more is better.
    pub polarity: Polarity,
    /// Whether small numbers may point at people.
    pub sensitivity: Sensitivity,
    /// Version of the definition, from 1.
    pub version: u8,
    /// The first day that this version holds for.
    pub valid_from: Option<Date>,
    /// What an analyst should know about the number.
    pub notes: Option<String>,
    /// The line of the file at which the definition begins, from 1.
    pub line: usize,
}

/// How records become a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A figure of the period itself.
    Counted(Counted),
    /// What is in force on the last day of the period; never added over periods.
    Stock(InForce),
    /// The period against the same span a year before.
    Change {
        /// The figure that is compared.
        of: Counted,
        /// The form of the value.
        value: ChangeValue,
        /// Decimals that the value is rounded to, half away from zero.
        decimals: u8,
    },
}

/// A figure that is counted from the records of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counted {
    /// The number of records, or where a record stands for several the sum of `amount`.
    Events {
        /// Expression: how many one record stands for; 1 if `None`.
        amount: Option<String>,
    },
    /// The sum of a quantity.
    Sum {
        /// Expression: the quantity of one record.
        amount: String,
    },
    /// Distinct people, families or units; never added over periods.
    Distinct {
        /// The field that tells them apart.
        identity: String,
        /// Whether TALLY rows add their headcount.
        tally: bool,
    },
}

/// The half-open span in which a record is in force: from the first date, until before the first of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Field of the first date in force.
    pub from: String,
    /// Fields of the dates from which it no longer is; a null one does not end it. Never empty.
    pub until: Vec<String>,
}

/// The form of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeValue {
    /// This period less the one before.
    Delta,
    /// The difference in per cent of the one before; unknown where that is 0.
    Percent,
}

/// Where records count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// In the plan's district.
    District,
    /// Everywhere.
    Any,
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

/// Whether small numbers may point at people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitivity {
    /// They do not.
    None,
    /// They may: 1 to 4 are not for the public.
    Person,
}

impl Measure {
    /// Whether [`Measure::date`] is an instant, whose date is that of Europe/London.
    pub fn date_is_instant(&self) -> bool {
        self.date.as_deref().is_some_and(|date| date.ends_with("_at"))
    }

    /// The fields that the measure names by themselves: date, identity and those of a stock.
    pub fn named_fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = self.date.iter().map(String::as_str).collect();
        match &self.kind {
            Kind::Counted(Counted::Distinct { identity, .. })
            | Kind::Change {
                of: Counted::Distinct { identity, .. },
                ..
            } => fields.push(identity),
            Kind::Stock(InForce { from, until }) => {
                fields.push(from);
                fields.extend(until.iter().map(String::as_str));
            }
            _ => {}
        }
        fields
    }

    /// The expression of the amount, if the kind has one.
    pub fn amount(&self) -> Option<&str> {
        match &self.kind {
            Kind::Counted(counted) | Kind::Change { of: counted, .. } => match counted {
                Counted::Events { amount } => amount.as_deref(),
                Counted::Sum { amount } => Some(amount),
                Counted::Distinct { .. } => None,
            },
            Kind::Stock(_) => None,
        }
    }
}
