//! The clock of Europe/London.
//!
//! By the rule that holds since 1996 (last Sundays of March and October, 01:00 UTC) and not by the machine's time zone
//! database, so that no machine reads a date differently. Nothing here is older than a few years before 2013.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

static LONDON: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC));

const MILLIS_PER_DAY: i64 = 86_400_000;

/// The day, counted from 1970-01-01, that an instant falls on in London; `None` outside the years -9999 to 9999.
pub(crate) fn day_of(millis: i64) -> Option<i64> {
    let instant = Timestamp::from_millisecond(millis).ok()?;
    let offset = i64::from(LONDON.to_offset(instant).seconds());
    Some((millis + offset * 1000).div_euclid(MILLIS_PER_DAY))
}

/// The hour, 0 to 23, that the clock of London shows at an instant; `None` as in [`day_of`].
pub(crate) fn hour_of(millis: i64) -> Option<i64> {
    let instant = Timestamp::from_millisecond(millis).ok()?;
    Some(i64::from(LONDON.to_datetime(instant).hour()))
}

/// The instant of a London clock time. A time that the clock showed twice is the earlier one; a time that it skipped
/// is as far behind the gap as it would have been behind its start.
pub(crate) fn instant_of(local: DateTime) -> Option<Timestamp> {
    LONDON.to_ambiguous_timestamp(local).compatible().ok()
}

/// The date that lies so many days after 1970-01-01; `None` outside the years -9999 to 9999.
pub(crate) fn date_of(days: i64) -> Option<Date> {
    Date::constant(1970, 1, 1)
        .checked_add(jiff::SignedDuration::from_hours(days.checked_mul(24)?))
        .ok()
}

/// Days from 1970-01-01 to a date.
pub(crate) fn days_of(date: Date) -> i64 {
    let start = Date::constant(1970, 1, 1);
    date.duration_since(start).as_hours().div_euclid(24)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn day(date: &str) -> i64 {
        days_of(date.parse().unwrap())
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(
            (day("1970-01-01"), day("1969-12-31"), day("2014-07-01")),
            (0, -1, 16252)
        );
        assert_eq!(
            date_of(16252).map(|date| date.to_string()).as_deref(),
            Some("2014-07-01")
        );
        assert_eq!((date_of(i64::MAX), date_of(4_000_000)), (None, None));
    }

    #[test]
    fn half_past_midnight_in_summer_is_the_new_day() {
        assert_eq!(day_of(millis("2014-06-30T23:30:00Z")), Some(day("2014-07-01")));
        assert_eq!(
            day_of(millis("2014-06-30T22:59:59.999Z")),
            Some(day("2014-06-30"))
        );
        assert_eq!(day_of(millis("2014-12-31T23:30:00Z")), Some(day("2014-12-31")));
        assert_eq!(day_of(i64::MAX), None);
    }

    #[test]
    fn the_clock_of_both_changes() {
        let instant = |text: &str| instant_of(text.parse().unwrap()).unwrap().to_string();
        assert_eq!(instant("2014-07-01T00:30"), "2014-06-30T23:30:00Z");
        assert_eq!(instant("2014-01-01T12:00"), "2014-01-01T12:00:00Z");
        assert_eq!(instant("2014-10-26T01:30"), "2014-10-26T00:30:00Z");
        assert_eq!(instant("2014-03-30T01:30"), "2014-03-30T01:30:00Z");
    }
}
