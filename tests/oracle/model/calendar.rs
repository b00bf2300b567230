//! Days, quarters and spans (G1, G2), by hand.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A quarter of the financial year that begins in April of `year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    pub year: i16,
    pub number: i8,
}

impl Quarter {
    pub fn of(day: Date) -> Self {
        let (year, number) = match day.month() {
            4..=6 => (day.year(), 1),
            7..=9 => (day.year(), 2),
            10..=12 => (day.year(), 3),
            _ => (day.year() - 1, 4),
        };
        Quarter { year, number }
    }

    pub fn span(self) -> Span {
        let (first, last) = match self.number {
            1 => (date(self.year, 4, 1), date(self.year, 6, 30)),
            2 => (date(self.year, 7, 1), date(self.year, 9, 30)),
            3 => (date(self.year, 10, 1), date(self.year, 12, 31)),
            _ => (date(self.year + 1, 1, 1), date(self.year + 1, 3, 31)),
        };
        Span { first, last }
    }

    pub fn next(self) -> Self {
        if self.number == 4 {
            Quarter {
                year: self.year + 1,
                number: 1,
            }
        } else {
            Quarter {
                number: self.number + 1,
                ..self
            }
        }
    }
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}/Q{}", self.year, (self.year + 1) % 100, self.number)
    }
}

/// A span of days, inclusive at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub first: Date,
    pub last: Date,
}

impl Span {
    pub fn has(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether days from `from` on and before `until` lie in it.
    pub fn overlaps(self, from: Date, until: Option<Date>) -> bool {
        from <= self.last && until.is_none_or(|until| until > self.first)
    }

    /// The days that are in both.
    pub fn within(self, other: Span) -> Self {
        Span {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
        }
    }

    /// The quarters that it touches, in order.
    pub fn quarters(self) -> Vec<Quarter> {
        let mut quarters = vec![Quarter::of(self.first)];
        let last = Quarter::of(self.last);
        while let Some(newest) = quarters.last().copied().filter(|newest| *newest < last) {
            quarters.push(newest.next());
        }
        quarters
    }

    /// The same span a year earlier; the end of a February is the end of a February.
    pub fn year_before(self) -> Self {
        let last = self.last.saturating_sub(1.year());
        let ends_february = self.last.month() == 2 && self.last == self.last.last_of_month();
        Span {
            first: self.first.saturating_sub(1.year()),
            last: if ends_february { last.last_of_month() } else { last },
        }
    }
}

/// The date of an instant on the clocks of the borough.
pub fn london(instant: Timestamp) -> Date {
    thread_local! {
        static ZONE: TimeZone = TimeZone::get("Europe/London").unwrap();
    }
    ZONE.with(|zone| instant.to_zoned(zone.clone()).date())
}

/// Whether `day` lies after `earlier` and not more than twelve calendar months after it.
pub fn within_a_year_after(earlier: Date, day: Date) -> bool {
    day > earlier && day <= earlier.saturating_add(12.months())
}

/// The first day of the financial year of a day.
pub fn year_start(day: Date) -> Date {
    date(Quarter::of(day).year, 4, 1)
}
