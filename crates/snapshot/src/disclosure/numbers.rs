//! The numbers that a snapshot tells of each measure.

use jiff::civil::Date;
use quarterday_plan::period::Period;
use quarterday_plan::plan::Rule;
use quarterday_store::FrozenValue;
use serde::{Deserialize, Serialize};

use super::facts::{Adds, Count, Form, OfMeasure};

/// What was counted on these days. A number that is the same in two revisions is the same number: whoever knows that it did not change
/// knows no more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number {
    /// What is counted.
    pub(super) count: Count,
    /// The first day.
    pub(super) first: Date,
    /// The last day.
    pub(super) last: Date,
    /// How many.
    pub(super) value: i64,
}

/// A place of a measure's line in a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The number of the period.
    Numerator,
    /// What it is set against.
    Denominator,
    /// The same a year before.
    LastYear,
    /// The number of the year to date.
    ToDate,
    /// What that is set against.
    ToDateDenominator,
}

impl Field {
    /// All of them.
    pub(super) const ALL: [Field; 5] = [
        Field::Numerator,
        Field::Denominator,
        Field::LastYear,
        Field::ToDate,
        Field::ToDateDenominator,
    ];

    /// The column for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Numerator => "numerator",
            Field::Denominator => "denominator",
            Field::LastYear => "last_year",
            Field::ToDate => "year_to_date_numerator",
            Field::ToDateDenominator => "year_to_date_denominator",
        }
    }
}

/// What a place tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing that must not be known.
    Nothing,
    /// A number.
    Number(Number),
    /// Something that is made of numbers that stand nowhere.
    Unknown,
}

/// What each place of a measure's line tells.
pub(super) fn told(value: &FrozenValue, measure: &OfMeasure, period: &Period) -> Vec<(Field, Told)> {
    let to_date = period.year_to_date();
    let ytd = &value.year_to_date;
    let line = |first: &Count, second: Option<&Count>, is_change: bool| {
        let before = |span: &Period| if is_change { span.year_before() } else { *span };
        let below =
            |number, span: &Period| second.map_or(Told::Nothing, |count| one(number, count, &before(span)));
        vec![
            (Field::Numerator, one(value.numerator, first, period)),
            (Field::Denominator, below(value.denominator, period)),
            (Field::ToDate, one(ytd.numerator, first, &to_date)),
            (Field::ToDateDenominator, below(ytd.denominator, &to_date)),
        ]
    };
    let mut line = match &measure.form {
        Form::None => return Vec::new(),
        Form::Plain(count) => {
            let mut line = line(count, None, false);
            let last_year = one(value.last_year.value, count, &period.year_before());
            line.push((Field::LastYear, last_year));
            return line;
        }
        Form::Change(count) => line(count, Some(count), true),
        Form::Ratio(above, below) => line(above, Some(below), false),
        Form::Rank(count) => line(count, None, false),
    };
    let last_year = match value.last_year.value {
        Some(_) if measure.rule != Rule::Open => Told::Unknown,
        _ => Told::Nothing,
    };
    line.push((Field::LastYear, last_year));
    line
}

/// A number; what is no whole number is not known to add up to anything.
fn one(number: Option<f64>, count: &Count, span: &Period) -> Told {
    let Some(number) = number else {
        return Told::Nothing;
    };
    let Some(value) = whole(number) else {
        return Told::Unknown;
    };
    let first = match count.adds {
        Adds::Day => span.last(),
        Adds::Sum | Adds::Union => span.first(),
    };
    Told::Number(Number {
        count: count.clone(),
        first,
        last: span.last(),
        value,
    })
}

/// The largest number that a computer's fractions count one by one.
const LARGEST: f64 = 9_007_199_254_740_992.0;

fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < LARGEST;
    // By its digits: a cast would be silent about what does not fit.
    is_whole.then(|| format!("{number:.0}").parse().ok()).flatten()
}
