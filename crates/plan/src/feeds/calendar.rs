//! When returns are due: so many working days after the end of a quarter.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::holidays::is_bank_holiday;
use crate::period::Period;

/// Working days after the last day of a period: Monday to Friday, without the bank holidays of England and Wales (domain.md 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnCalendar {
    /// Returns are due.
    pub due: u8,
    /// Who has not returned is reminded.
    pub chaser: u8,
    /// The measures are frozen.
    pub freeze: u8,
}

/// The cycle of such partnerships (domain.md section 4).
impl Default for ReturnCalendar {
    fn default() -> Self {
        ReturnCalendar {
            due: 10,
            chaser: 15,
            freeze: 20,
        }
    }
}

impl ReturnCalendar {
    /// The last day on which a return of the period is in time.
    #[must_use]
    pub fn due_on(&self, period: &Period) -> Date {
        working_days_after(period.last(), self.due)
    }

    /// The day on which who has not returned is reminded.
    #[must_use]
    pub fn chaser_on(&self, period: &Period) -> Date {
        working_days_after(period.last(), self.chaser)
    }

    /// The day at whose end the period is frozen.
    #[must_use]
    pub fn freeze_on(&self, period: &Period) -> Date {
        working_days_after(period.last(), self.freeze)
    }
}

fn working_days_after(day: Date, days: u8) -> Date {
    let is_working =
        |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_bank_holiday(*day);
    let later = day.saturating_add(1.day()).series(1.day()).filter(is_working);
    let wanted = usize::from(days.saturating_sub(1));
    later.into_iter().nth(wanted).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weekends_do_not_count() {
        let calendar = ReturnCalendar::default();
        // Ends on a Tuesday.
        let period: Period = "2015-16/Q1".parse().unwrap();
        assert_eq!(calendar.due_on(&period), date(2015, 7, 14));
        assert_eq!(calendar.chaser_on(&period), date(2015, 7, 21));
        assert_eq!(calendar.freeze_on(&period), date(2015, 7, 28));
        // Ends on the Saturday before Easter Monday.
        let period: Period = "2017-18/Q4".parse().unwrap();
        assert_eq!(calendar.due_on(&period), date(2018, 4, 16));
        // New Year's Day, a Friday.
        let period: Period = "2015-16/Q3".parse().unwrap();
        assert_eq!(calendar.due_on(&period), date(2016, 1, 15));
    }
}
