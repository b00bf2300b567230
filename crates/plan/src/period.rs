//! Reporting periods: quarters, halves and years of the financial year (1 April to 31 March), and free ranges of dates.
//!
//! Contract: a period is a span of calendar dates in Europe/London, inclusive at both ends, and keeps the id it was
//! asked for: `2014-04-01..2014-09-30` and `2014-15/H1` are the same days under two ids.

mod parse;

use std::fmt;

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

pub use parse::PeriodError;
pub(crate) use parse::parse_date;

/// A span of dates with an id: `2015-16/Q1`, `2014-15/H1`, `2015-16` or `2013-10-01..2014-09-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Period {
    first: Date,
    last: Date,
    form: Form,
}

/// How a period is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Form {
    Quarter(u8),
    Half(u8),
    Year,
    Dates,
}

impl Period {
    /// The standard periods of the financial years that begin in `first_year` to `last_year`: of each year the four
    /// quarters, the two halves, then the year. Years outside 1901 to 2298 are left out.
    pub fn standard(first_year: i16, last_year: i16) -> Vec<Self> {
        (first_year.max(parse::FIRST_YEAR)..=last_year.min(parse::LAST_YEAR))
            .flat_map(Self::of_year)
            .collect()
    }

    /// The quarter of the financial year that holds `date`.
    pub fn quarter_of(date: Date) -> Self {
        let (year, quarter) = match date.month() {
            1..=3 => (date.year() - 1, 4),
            4..=6 => (date.year(), 1),
            7..=9 => (date.year(), 2),
            _ => (date.year(), 3),
        };
        Self::of_form(year, Form::Quarter(quarter))
    }

    /// The first day.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day, which belongs to the period.
    pub fn last(&self) -> Date {
        self.last
    }

    /// The id, which parses back to this period.
    pub fn id(&self) -> String {
        self.to_string()
    }

    /// The quarters that the period touches, in their order.
    pub fn quarters(&self) -> Vec<Self> {
        let mut quarters = vec![Self::quarter_of(self.first())];
        while let Some(next) = quarters.last().and_then(|quarter| quarter.last().tomorrow().ok()) {
            if next > self.last() {
                break;
            }
            quarters.push(Self::quarter_of(next));
        }
        quarters
    }

    /// The days, in order.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let last = self.last;
        self.first.series(1.day()).take_while(move |day| *day <= last)
    }

    /// Whether the date lies in the period.
    pub fn contains(&self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Whether this is a quarter of a financial year under its own id.
    #[must_use]
    pub fn is_quarter(&self) -> bool {
        matches!(self.form, Form::Quarter(_))
    }

    /// Whether this is a whole financial year under its own id.
    pub fn is_year(&self) -> bool {
        self.form == Form::Year
    }

    /// The same span a year earlier. 29 February becomes 28 February, and a period that ends on the last day of
    /// February ends on the last day of February the year before.
    pub fn year_before(&self) -> Self {
        let last = if is_last_of_february(self.last) {
            a_year_before(self.last).last_of_month()
        } else {
            a_year_before(self.last)
        };
        Self {
            first: a_year_before(self.first),
            last,
            form: self.form,
        }
    }

    /// The financial year of its last day, up to that day; the period itself where it began before that year.
    #[must_use]
    pub fn year_to_date(&self) -> Self {
        let year = if self.last.month() < 4 {
            self.last.year() - 1
        } else {
            self.last.year()
        };
        let april = Date::new(year, 4, 1).unwrap_or(Date::MIN);
        Self::of_dates(april.min(self.first), self.last)
    }

    fn of_year(year: i16) -> [Self; 7] {
        [
            Form::Quarter(1),
            Form::Quarter(2),
            Form::Quarter(3),
            Form::Quarter(4),
            Form::Half(1),
            Form::Half(2),
            Form::Year,
        ]
        .map(|form| Self::of_form(year, form))
    }

    /// The standard period of that form in the financial year that begins in `year`.
    fn of_form(year: i16, form: Form) -> Self {
        let (first_month, months) = match form {
            Form::Quarter(quarter) => (3 * i32::from(quarter) - 3, 3),
            Form::Half(half) => (6 * i32::from(half) - 6, 6),
            Form::Year | Form::Dates => (0, 12),
        };
        let april = Date::new(year, 4, 1).unwrap_or(Date::MIN);
        let first = april.saturating_add(first_month.months());
        let last = first.saturating_add(months.months()).saturating_sub(1.day());
        Self { first, last, form }
    }

    fn of_dates(first: Date, last: Date) -> Self {
        Self {
            first,
            last,
            form: Form::Dates,
        }
    }

    /// The calendar year in which the financial year of a standard period begins.
    fn financial_year(&self) -> i16 {
        if self.first.month() < 4 {
            self.first.year() - 1
        } else {
            self.first.year()
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.financial_year();
        let next = (year + 1).rem_euclid(100);
        match self.form {
            Form::Quarter(quarter) => write!(f, "{year:04}-{next:02}/Q{quarter}"),
            Form::Half(half) => write!(f, "{year:04}-{next:02}/H{half}"),
            Form::Year => write!(f, "{year:04}-{next:02}"),
            Form::Dates => write!(f, "{}..{}", self.first, self.last),
        }
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

fn is_last_of_february(date: Date) -> bool {
    date.month() == 2 && date == date.last_of_month()
}

fn a_year_before(date: Date) -> Date {
    date.saturating_sub(1.year())
}

#[cfg(test)]
mod tests;
