//! The bank holidays of England and Wales (Banking and Financial Dealings Act 1971, and the days by custom).
//!
//! Contract: right for the years since 1978. Days that are proclaimed for one year stand in [`PROCLAIMED`]; one that is proclaimed later is
//! not known before it stands there, and a period is frozen a day early then.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Proclaimed for one year, or moved in it.
const PROCLAIMED: [Date; 11] = [
    date(1981, 7, 29),
    date(1995, 5, 8),
    date(1999, 12, 31),
    date(2002, 6, 3),
    date(2002, 6, 4),
    date(2011, 4, 29),
    date(2012, 6, 4),
    date(2012, 6, 5),
    date(2022, 6, 3),
    date(2022, 9, 19),
    date(2023, 5, 8),
];
/// Those that are moved: instead of the usual day.
const MOVED: [(Date, Date); 5] = [
    (date(1995, 5, 1), date(1995, 5, 8)),
    (date(2002, 5, 27), date(2002, 6, 4)),
    (date(2012, 5, 28), date(2012, 6, 4)),
    (date(2020, 5, 4), date(2020, 5, 8)),
    (date(2022, 5, 30), date(2022, 6, 2)),
];

/// Whether banks are closed on a day that is no weekend.
pub(super) fn is_bank_holiday(day: Date) -> bool {
    if MOVED.iter().any(|(from, _)| *from == day) {
        return false;
    }
    let is_moved_to = MOVED.iter().any(|(_, to)| *to == day);
    is_moved_to
        || PROCLAIMED.contains(&day)
        || is_of_easter(day)
        || is_a_monday_in_may_or_august(day)
        || is_at_the_turn(day)
}

/// Good Friday and Easter Monday.
fn is_of_easter(day: Date) -> bool {
    easter(day.year()).is_some_and(|sunday| {
        let is = |days: i64| sunday.saturating_add(days.days()) == day;
        is(-2) || is(1)
    })
}

/// The first and the last Monday of May, and the last of August.
fn is_a_monday_in_may_or_august(day: Date) -> bool {
    let is_last = day.saturating_add(7.days()).month() != day.month();
    day.weekday() == Weekday::Monday
        && match day.month() {
            5 => day.day() <= 7 || is_last,
            8 => is_last,
            _ => false,
        }
}

/// New Year's Day, Christmas and Boxing Day; what falls on a weekend is made up for by the working days behind.
fn is_at_the_turn(day: Date) -> bool {
    let weekday = day.weekday();
    match (day.month(), day.day()) {
        (1, 1) | (12, 25 | 26) => true,
        (1, 2 | 3) => weekday == Weekday::Monday,
        (12, 27) => matches!(weekday, Weekday::Monday | Weekday::Tuesday),
        (12, 28) => matches!(weekday, Weekday::Monday | Weekday::Tuesday),
        _ => false,
    }
}

/// Easter Sunday (Butcher's rule).
fn easter(year: i16) -> Option<Date> {
    let year_ = i32::from(year);
    let (a, b, c) = (year_ % 19, year_ / 100, year_ % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Month and day of each that is no weekend.
    fn of(year: i16) -> String {
        let days = date(year, 1, 1)
            .series(1.day())
            .take_while(|day| day.year() == year);
        let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let days = days.filter(|day| is_bank_holiday(*day) && !weekend(day));
        let days: Vec<String> = days.map(|day| format!("{}/{}", day.month(), day.day())).collect();
        days.join(" ")
    }

    /// As gov.uk lists them.
    #[test]
    fn the_days_are_those_of_the_lists() {
        assert_eq!(of(2015), "1/1 4/3 4/6 5/4 5/25 8/31 12/25 12/28");
        assert_eq!(of(2016), "1/1 3/25 3/28 5/2 5/30 8/29 12/26 12/27");
        assert_eq!(of(2020), "1/1 4/10 4/13 5/8 5/25 8/31 12/25 12/28");
        assert_eq!(of(2021), "1/1 4/2 4/5 5/3 5/31 8/30 12/27 12/28");
        assert_eq!(of(2022), "1/3 4/15 4/18 5/2 6/2 6/3 8/29 9/19 12/26 12/27");
        assert_eq!(of(2023), "1/2 4/7 4/10 5/1 5/8 5/29 8/28 12/25 12/26");
    }
}
