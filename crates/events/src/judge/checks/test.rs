//! What a check tests.

use quarterday_plan::feeds::CoveredFeed;
use regex_lite::Regex;

use super::days::{are_apart, are_ascending, begin_alike, year};
use super::{Day, Failed, Relation, Scopes, Wanted, is_given, notices};
use crate::columns::Columns;
use crate::judge::forms::is_reference;
use crate::london;

/// What is tested. Null passes all but `Required`.
#[derive(Debug)]
pub(in crate::judge) enum Test {
    /// Two days, or those of two columns record by record.
    Pair {
        earlier: Day,
        later: Day,
        relation: Relation,
    },
    /// A whole number within bounds that it may reach.
    Range { column: usize, min: i64, max: i64 },
    /// A number within bounds that it may reach.
    DoubleRange { column: usize, min: f64, max: f64 },
    /// A number without decimals.
    Whole { column: usize },
    /// A year near that of a day.
    YearNear { column: usize, day: Day, years: i64 },
    /// The hour of an instant in London, within bounds that it may reach.
    Hour { column: usize, min: i64, max: i64 },
    /// One of some values.
    OneOf { column: usize, values: Wanted },
    /// Given: neither null nor empty.
    Required { column: usize },
    /// Not given: null or empty.
    Absent { column: usize },
    /// A day within bounds that it may reach.
    Within { day: Day, from: i64, until: i64 },
    /// A text in the form of a reference.
    Reference { column: usize },
    /// A text of a form.
    Matches { column: usize, form: Regex },
    /// Dates of an array in order.
    Ascending { column: usize },
    /// Records of an array, each a while after the end of the one before.
    Apart {
        ends: usize,
        begins: usize,
        min_days: i64,
    },
    /// Two arrays with the same first date.
    SameFirst { column: usize, other: usize },
    /// A day after a quarter.
    AfterQuarter { day: Day, year: usize, quarter: usize },
    /// The name of a feed of the row's partner.
    FeedOfPartner {
        column: usize,
        partner: usize,
        feeds: Vec<CoveredFeed>,
    },
    /// Codes of the named feed's records.
    ScopeOfFeed {
        column: usize,
        feed: usize,
        scopes: Scopes,
    },
}

impl Test {
    /// Tests the last row. Only the scope of a notice is written back, in its codes' own spelling.
    pub(super) fn run(&self, rows: &mut Columns, row: usize) -> Result<(), Failed> {
        match self {
            Self::FeedOfPartner {
                column,
                partner,
                feeds,
            } => notices::covers(feeds, (*column, *partner), rows, row),
            Self::ScopeOfFeed { column, feed, scopes } => {
                notices::narrow(scopes, (*column, *feed), rows, row)
            }
            test if test.passes(rows, row) => Ok(()),
            _ => Err(Failed::default()),
        }
    }

    fn passes(&self, rows: &Columns, row: usize) -> bool {
        let integer = |column| rows.integer(column, row);
        match *self {
            Self::Pair {
                earlier,
                later,
                relation,
            } => relation.holds((earlier, later), rows, row),
            Self::Range { column, min, max } => {
                integer(column).is_none_or(|value| (min..=max).contains(&value))
            }
            Self::DoubleRange { column, min, max } => rows
                .double(column, row)
                .is_none_or(|value| (min..=max).contains(&value)),
            Self::Whole { column } => rows.double(column, row).is_none_or(|value| value.fract() == 0.0),
            Self::YearNear { column, day, years } => match integer(column) {
                Some(given) => day.all(rows, row, |day| {
                    year(day).is_none_or(|year| (given - year).abs() <= years)
                }),
                None => true,
            },
            Self::Hour { column, min, max } => integer(column)
                .and_then(london::hour_of)
                .is_none_or(|hour| (min..=max).contains(&hour)),
            Self::OneOf { column, ref values } => {
                !is_given(rows, column, row) || values.include(rows, column, row)
            }
            Self::Required { column } => is_given(rows, column, row),
            Self::Absent { column } => !is_given(rows, column, row),
            Self::Within { day, from, until } => day.all(rows, row, |day| (from..=until).contains(&day)),
            Self::Reference { column } => rows.str(column, row).is_none_or(is_reference),
            Self::Matches { column, ref form } => rows
                .str(column, row)
                .is_none_or(|text| text.is_empty() || form.is_match(text)),
            Self::Ascending { column } => are_ascending(column, rows, row),
            Self::Apart {
                ends,
                begins,
                min_days,
            } => are_apart((ends, begins), min_days, rows, row),
            Self::SameFirst { column, other } => begin_alike((column, other), rows, row),
            Self::AfterQuarter { day, year, quarter } => {
                notices::is_after_quarter(day, (year, quarter), rows, row)
            }
            Self::FeedOfPartner { .. } | Self::ScopeOfFeed { .. } => true,
        }
    }
}
