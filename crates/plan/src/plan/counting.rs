//! How a measure is counted from the records of one type. Filters and amounts are expressions over the fields of the
//! record type's body and of the envelope.

use crate::expression::Expression;

/// Which records count, where in time, and how they become a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Counting {
    /// The record type that carries the measure.
    pub record_type: String,
    /// The records that count; all if `None`.
    pub filter: Option<Expression>,
    /// Where records count.
    pub area: Area,
    /// The lists whose entries count one by one; the fields of these lists stand for the entry's.
    pub each: Vec<String>,
    /// The periods that a record counts in.
    pub placing: Placing,
    /// What a record adds.
    pub counted: Counted,
    /// The earlier record that must be there.
    pub look_back: Option<LookBack>,
    /// What the count is set against.
    pub against: Against,
}

/// Where records count (G10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// In the plan's district.
    District,
    /// Everywhere.
    Any,
}

/// The periods that a record counts in. An `*_at` field stands for its date in Europe/London (G2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placing {
    /// That of the first of these dates that is there.
    On(Vec<String>),
    /// All that the span touches.
    During(Span),
    /// Those on whose last day the span holds; never added over periods (G6).
    InForce(Span, Option<Graded>),
    /// Exactly the period from the first date to the second, both inclusive.
    ReportedFor(String, String),
    /// Those that end in the financial year of this date, and not before it.
    DoneBy(String),
}

/// A half-open span: from the first date, until before the first of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Field of the first day.
    pub from: String,
    /// Fields of the days from which it no longer holds; a null one does not end it. Never empty.
    pub until: Vec<String>,
}

/// A grade that changes with time, and which grade counts: the entry of `by` that holds on a day is the last one whose
/// day in `on` is not after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// List field of the grades.
    pub by: String,
    /// List field of the days from which they hold.
    pub on: String,
    /// The grade that counts.
    pub is: String,
}

/// What a record adds.
#[derive(Debug, Clone, PartialEq)]
pub enum Counted {
    /// One, or where a record stands for several the `amount`.
    Events {
        /// How many one record stands for; 1 if `None`.
        amount: Option<Expression>,
    },
    /// A quantity.
    Sum {
        /// The quantity of one record.
        amount: Expression,
    },
    /// Distinct people, families or units (G4).
    Distinct {
        /// The field that tells them apart.
        identity: String,
        /// Whether TALLY rows add their headcount (G5).
        tally: bool,
    },
}

/// An earlier record about the same person.
#[derive(Debug, Clone, PartialEq)]
pub struct LookBack {
    /// Field of the person.
    pub same: String,
    /// List field of which both must share an entry.
    pub sharing: Option<String>,
    /// The date by which the other record is earlier.
    pub before: String,
    /// The dates of which the first that is there must lie after the earlier record, and within the months.
    pub counted_from: Vec<String>,
    /// How many calendar months after the earlier record.
    pub months: u8,
    /// The earlier records that count; all if `None`.
    pub filter: Option<Expression>,
}

/// What the count is set against.
#[derive(Debug, Clone, PartialEq)]
pub enum Against {
    /// Nothing: it is the value.
    Nothing,
    /// The same span a year before (G8).
    YearBefore {
        /// The form of the value.
        value: ChangeValue,
        /// Decimals that the value is rounded to, half away from zero.
        decimals: u8,
    },
    /// What is expected.
    Expected(u8),
    /// The same number of other areas.
    Areas(Ranking),
}

/// The form of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeValue {
    /// This period less the one before.
    Delta,
    /// The difference in per cent of the one before; unknown where that is 0.
    Percent,
}

/// How areas are ranked. The value is the rank of the plan's district; ties share the better rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// Field of the area.
    pub by: String,
    /// The areas, the plan's district among them.
    pub among: Vec<String>,
    /// Whether the greatest is first.
    pub descending: bool,
    /// Whether areas are ranked by their change in per cent on the year before.
    pub change: bool,
}

impl Counting {
    /// The fields that the measure names by themselves, outside its expressions.
    pub fn named_fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = match &self.placing {
            Placing::On(dates) => dates.iter().map(String::as_str).collect(),
            Placing::During(span) => span.fields(),
            Placing::InForce(span, graded) => {
                let graded = graded.iter().flat_map(|g| [g.by.as_str(), g.on.as_str()]);
                span.fields().into_iter().chain(graded).collect()
            }
            Placing::ReportedFor(from, to) => vec![from, to],
            Placing::DoneBy(date) => vec![date],
        };
        if let Counted::Distinct { identity, .. } = &self.counted {
            fields.push(identity);
        }
        if let Some(look_back) = &self.look_back {
            fields.extend([look_back.same.as_str(), look_back.before.as_str()]);
            fields.extend(look_back.sharing.as_deref());
            fields.extend(look_back.counted_from.iter().map(String::as_str));
        }
        if let Against::Areas(ranking) = &self.against {
            fields.push(&ranking.by);
        }
        fields
    }

    /// The expression of the amount, if there is one.
    pub fn amount(&self) -> Option<&Expression> {
        match &self.counted {
            Counted::Events { amount } => amount.as_ref(),
            Counted::Sum { amount } => Some(amount),
            Counted::Distinct { .. } => None,
        }
    }

    /// The codes that the filter demands of the field `scope`: what a notice about a part of a feed must name to be about
    /// this measure (G9).
    pub fn scope(&self, scope: &str) -> Vec<&str> {
        self.filter
            .as_ref()
            .map(|filter| filter.demanded(scope))
            .unwrap_or_default()
    }
}

impl Span {
    fn fields(&self) -> Vec<&str> {
        let from = std::iter::once(self.from.as_str());
        from.chain(self.until.iter().map(String::as_str)).collect()
    }
}
