//! Tests of days: of one date, of two dates, and of the dates of an array of records.

use jiff::ToSpan;
use jiff::civil::Date;
use quarterday_plan::feeds::Length;

use crate::columns::Columns;
use crate::london;

/// A column that says a day, or a day in each record of an array.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct Day {
    pub(in crate::judge) column: usize,
    /// Whether it holds instants, whose day is London's.
    pub(in crate::judge) is_instant: bool,
}

/// How a later day must lie to an earlier one.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) enum Relation {
    /// On it or after it.
    NotBefore,
    /// After it.
    After,
    /// So long after it.
    Lasts {
        min: Option<Length>,
        max: Option<Length>,
    },
    /// In the same financial year.
    SameFinancialYear,
}

impl Day {
    /// The day of a single value; `None` of a null and of a column of lists.
    pub(super) fn of(self, rows: &Columns, row: usize) -> Option<i64> {
        let value = rows.integer(self.column, row)?;
        if self.is_instant {
            london::day_of(value)
        } else {
            Some(value)
        }
    }

    /// Whether every day passes; a null does.
    pub(super) fn all(self, rows: &Columns, row: usize, passes: impl Fn(i64) -> bool) -> bool {
        match rows.dates(self.column, row) {
            Some(mut days) => days.all(|day| day.is_none_or(&passes)),
            None => self.of(rows, row).is_none_or(passes),
        }
    }
}

impl Relation {
    /// Whether it holds between every two days that belong to each other; a null passes.
    pub(super) fn holds(self, (earlier, later): (Day, Day), rows: &Columns, row: usize) -> bool {
        let pair = |earlier: Option<i64>, later: Option<i64>| match (earlier, later) {
            (Some(earlier), Some(later)) => self.is_met(earlier, later),
            _ => true,
        };
        let lists = (rows.dates(earlier.column, row), rows.dates(later.column, row));
        match lists {
            (Some(earlier), Some(later)) => earlier.zip(later).all(|(e, l)| pair(e, l)),
            (Some(mut earlier), None) => {
                let later = later.of(rows, row);
                earlier.all(|earlier| pair(earlier, later))
            }
            (None, Some(mut later)) => {
                let earlier = earlier.of(rows, row);
                later.all(|later| pair(earlier, later))
            }
            (None, None) => pair(earlier.of(rows, row), later.of(rows, row)),
        }
    }

    fn is_met(self, earlier: i64, later: i64) -> bool {
        match self {
            Self::NotBefore => later >= earlier,
            Self::After => later > earlier,
            Self::Lasts { min, max } => {
                min.is_none_or(|min| after(earlier, min).is_none_or(|first| later >= first))
                    && max.is_none_or(|max| after(earlier, max).is_none_or(|last| later <= last))
            }
            Self::SameFinancialYear => financial_year(earlier) == financial_year(later),
        }
    }
}

/// The dates of an array do not go back; nulls are passed over.
pub(super) fn are_ascending(column: usize, rows: &Columns, row: usize) -> bool {
    let mut days = rows.dates(column, row).into_iter().flatten().flatten();
    let mut before = i64::MIN;
    days.all(|day| std::mem::replace(&mut before, day) <= day)
}

/// Each record of an array begins so many days after the end of the one before, which has one.
pub(super) fn are_apart((ends, begins): (usize, usize), min_days: i64, rows: &Columns, row: usize) -> bool {
    let ends = rows.dates(ends, row).into_iter().flatten();
    let mut begins = rows.dates(begins, row).into_iter().flatten().skip(1);
    ends.zip(&mut begins).all(|(end, begin)| match (end, begin) {
        (Some(end), Some(begin)) => begin - end >= min_days,
        (None, Some(_)) => false,
        (_, None) => true,
    })
}

/// The first dates of two arrays are one; an array without dates passes.
pub(super) fn begin_alike((one, other): (usize, usize), rows: &Columns, row: usize) -> bool {
    let first = |column| rows.dates(column, row).and_then(|mut days| days.next()).flatten();
    match (first(one), first(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The calendar year of a day.
pub(super) fn year(day: i64) -> Option<i64> {
    london::date_of(day).map(|date| date.year().into())
}

/// The day that lies so long after a day; `None` beyond the calendar.
fn after(day: i64, length: Length) -> Option<i64> {
    match length {
        Length::Days(days) => day.checked_add(days),
        Length::Months(months) => {
            let months = i32::try_from(months).ok()?;
            let date = london::date_of(day)?.checked_add(months.months()).ok()?;
            Some(london::days_of(date))
        }
    }
}

fn financial_year(day: i64) -> Option<i16> {
    let of = |date: Date| {
        if date.month() < 4 {
            date.year() - 1
        } else {
            date.year()
        }
    };
    london::date_of(day).map(of)
}
