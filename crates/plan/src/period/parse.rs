//! Reads a period's id, with an error that says what to write instead.

use std::str::FromStr;

use jiff::civil::Date;

use super::{Form, Period};

/// The first and last year that a period may touch: the store's dates hold them, and the year before too.
pub(super) const FIRST_YEAR: i16 = 1901;
pub(super) const LAST_YEAR: i16 = 2298;

/// Why a text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Nothing like a period.
    #[error(
        "`{text}` is not a period: write a quarter `2015-16/Q1`, a half `2014-15/H1`, a year `2015-16` or dates \
         `2013-10-01..2014-09-30`"
    )]
    NotAPeriod {
        /// The text as given, shortened.
        text: String,
    },
    /// A year with a slash, or with the second year in full.
    #[error("`{text}` is not how a financial year is written: write `{instead}`")]
    YearForm {
        /// The year as given.
        text: String,
        /// The year as it is written.
        instead: String,
    },
    /// The second year does not follow the first.
    #[error("`{text}` is not a financial year: the one that begins in April {first} is `{instead}`")]
    YearsDoNotFollow {
        /// The year as given.
        text: String,
        /// Its first year.
        first: i16,
        /// The financial year that begins then.
        instead: String,
    },
    /// A quarter other than Q1 to Q4, or a half other than H1 and H2.
    #[error(
        "there is no `{part}`: a year has Q1 (April to June), Q2 (July to September), Q3 (October to December), Q4 \
         (January to March), H1 (April to September) and H2 (October to March)"
    )]
    NoSuchPart {
        /// The part as given.
        part: String,
    },
    /// One end of a range is not a calendar date.
    #[error("`{text}` is not a calendar date: write year-month-day, such as `2014-09-30`")]
    NotADate {
        /// The date as given, shortened.
        text: String,
    },
    /// A range that ends before it begins.
    #[error("the period ends ({last}) before it begins ({first}): write `{last}..{first}`")]
    Reversed {
        /// The first date as given.
        first: Date,
        /// The last date as given.
        last: Date,
    },
    /// A year that the store's dates cannot hold.
    #[error("the year {year} is out of range: periods lie between {FIRST_YEAR} and {LAST_YEAR}")]
    OutOfRange {
        /// The year as given.
        year: i16,
    },
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some((first, last)) = text.split_once("..") {
            return parse_range(first, last);
        }
        if let Some(instead) = year_in_another_form(text) {
            return Err(PeriodError::YearForm {
                text: shortened(text),
                instead,
            });
        }
        match text.split_once('/') {
            None => Ok(Self::of_form(parse_year(text, text)?, Form::Year)),
            Some((year, part)) => Ok(Self::of_form(parse_year(year, text)?, parse_part(part)?)),
        }
    }
}

/// A date in the form `2014-09-30`, and no other that ISO 8601 has; `None` for anything else.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

fn parse_range(first: &str, last: &str) -> Result<Period, PeriodError> {
    let (first, last) = (parse_end(first)?, parse_end(last)?);
    if last < first {
        return Err(PeriodError::Reversed { first, last });
    }
    check_year(first.year())?;
    check_year(last.year())?;
    Ok(Period::of_dates(first, last))
}

fn parse_end(text: &str) -> Result<Date, PeriodError> {
    parse_date(text.trim()).ok_or_else(|| PeriodError::NotADate {
        text: shortened(text.trim()),
    })
}

/// The first year of `2015-16`; `whole` is the text that the message names.
fn parse_year(text: &str, whole: &str) -> Result<i16, PeriodError> {
    let not_a_period = || PeriodError::NotAPeriod {
        text: shortened(whole),
    };
    let (first, next) = text.split_once('-').ok_or_else(not_a_period)?;
    let first = digits(first, 4).ok_or_else(not_a_period)?;
    let next = digits(next, 2).ok_or_else(not_a_period)?;
    check_year(first)?;
    if (first + 1).rem_euclid(100) != next {
        let instead = year_id(first);
        return Err(PeriodError::YearsDoNotFollow {
            text: text.to_owned(),
            first,
            instead,
        });
    }
    Ok(first)
}

fn parse_part(text: &str) -> Result<Form, PeriodError> {
    match text.to_ascii_uppercase().as_str() {
        "Q1" => Ok(Form::Quarter(1)),
        "Q2" => Ok(Form::Quarter(2)),
        "Q3" => Ok(Form::Quarter(3)),
        "Q4" => Ok(Form::Quarter(4)),
        "H1" => Ok(Form::Half(1)),
        "H2" => Ok(Form::Half(2)),
        _ => Err(PeriodError::NoSuchPart {
            part: shortened(text),
        }),
    }
}

fn check_year(year: i16) -> Result<(), PeriodError> {
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) {
        Ok(())
    } else {
        Err(PeriodError::OutOfRange { year })
    }
}

/// What to write for `2015/16`, `2015-2016` or `2015/2016`.
fn year_in_another_form(text: &str) -> Option<String> {
    let (first, next) = text.split_once(['/', '-'])?;
    let year = digits(first, 4).filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year))?;
    let follows = digits(next, 4) == Some(year + 1)
        || (text.contains('/') && digits(next, 2) == Some((year + 1).rem_euclid(100)));
    follows.then(|| year_id(year))
}

fn year_id(year: i16) -> String {
    Period::of_form(year, Form::Year).id()
}

/// A number of exactly so many ASCII digits.
fn digits(text: &str, count: usize) -> Option<i16> {
    let well_formed = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if well_formed { text.parse().ok() } else { None }
}

/// The text for a message: what was typed, but not a page of it.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
