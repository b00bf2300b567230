//! When things happen: seasons, days of the week and hours of each kind of work, on the clock of London.
//!
//! An hour before five belongs to the night of the day before: Sunday at two is a Saturday night. The tables hold
//! relative weights, hundred being usual.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{Span as Lapse, Timestamp};
use serde_json::Value;

use super::random::Random;
use super::targets::Span;

/// The hour at which a night ends.
const MORNING: usize = 5;

/// The rule that London's clock follows since 1996, so that no machine's time zone database matters.
static LONDON: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC));

/// How a kind of work is spread over time.
#[derive(Debug)]
pub(super) struct Rhythm {
    /// January first.
    months: [u64; 12],
    /// Monday first.
    weekdays: [u64; 7],
    /// Midnight first.
    hours: [u64; 24],
    /// Whether nothing happens at Christmas and on New Year's Day.
    closes: bool,
}

/// Shops: their opening hours, busiest on Saturdays and before Christmas.
pub(super) const SHOPS: Rhythm = Rhythm {
    months: [90, 88, 98, 98, 100, 100, 102, 100, 98, 104, 116, 122],
    weekdays: [92, 94, 96, 102, 112, 128, 68],
    hours: [
        0, 0, 0, 0, 0, 0, 0, 1, 4, 8, 11, 13, 14, 14, 14, 14, 12, 9, 5, 3, 2, 1, 0, 0,
    ],
    closes: true,
};

/// Pubs and streets at night: Friday and Saturday, until closing time.
pub(super) const NIGHTS: Rhythm = Rhythm {
    months: [90, 90, 96, 98, 104, 106, 110, 106, 98, 98, 98, 112],
    weekdays: [50, 50, 60, 82, 190, 240, 88],
    hours: [
        15, 14, 10, 5, 2, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 6, 6, 6, 7, 8, 10, 12, 14, 16,
    ],
    closes: false,
};

/// Complaints from the street: afternoons and evenings, summer and half-terms; fireworks in autumn.
pub(super) const STREETS: Rhythm = Rhythm {
    months: [76, 76, 88, 100, 96, 112, 118, 114, 104, 100, 94, 80],
    weekdays: [90, 88, 92, 96, 116, 126, 100],
    hours: [
        6, 4, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 6, 6, 7, 9, 10, 11, 12, 13, 13, 12, 10, 8,
    ],
    closes: false,
};

/// What may happen or be noticed at any time, mostly by day.
pub(super) const ANY_TIME: Rhythm = Rhythm {
    months: [98, 96, 100, 98, 102, 100, 104, 102, 98, 104, 102, 96],
    weekdays: [106, 98, 98, 100, 106, 102, 90],
    hours: [
        5, 3, 2, 2, 1, 1, 2, 4, 6, 7, 7, 7, 7, 7, 7, 7, 8, 9, 9, 9, 8, 8, 7, 6,
    ],
    closes: false,
};

/// Working days of an office.
pub(super) const OFFICE: Rhythm = Rhythm {
    months: [104, 100, 104, 94, 98, 102, 100, 88, 104, 106, 104, 84],
    weekdays: [108, 106, 104, 100, 92, 0, 0],
    hours: [
        0, 0, 0, 0, 0, 0, 0, 0, 2, 10, 12, 12, 8, 9, 11, 11, 9, 4, 0, 0, 0, 0, 0, 0,
    ],
    closes: true,
};

/// Moments of a span by the weights of a rhythm.
#[derive(Debug)]
pub(super) struct Times {
    span: Span,
    rhythm: &'static Rhythm,
    /// Each day with the weight of it and of all days before it.
    days: Vec<(Date, u64)>,
}

impl Times {
    pub(super) fn new(span: Span, rhythm: &'static Rhythm) -> Self {
        let mut total = 0;
        let days = span
            .first
            .series(Lapse::new().days(1))
            .take_while(|day| *day <= span.last)
            .map(|day| {
                total += rhythm.weights(day).iter().sum::<u64>();
                (day, total)
            })
            .collect();
        Times { span, rhythm, days }
    }

    /// A moment on London's clock.
    pub(super) fn draw(&self, random: &mut Random) -> DateTime {
        let total = self.days.last().map_or(0, |(_, total)| *total);
        let drawn = random.below(total);
        let day = self.days.partition_point(|(_, total)| *total <= drawn);
        let day = self.days.get(day).map_or(self.span.first, |(day, _)| *day);
        let hour = self.hour(random, day);
        let (minute, second) = (random.between(0, 59), random.between(0, 59));
        at(day, hour, &[minute, second])
    }

    pub(super) fn day(&self, random: &mut Random) -> Date {
        self.draw(random).date()
    }

    /// As [`Times::day`], but the first two numbers get the span's first and last day, so that both edges are tried.
    pub(super) fn day_no(&self, random: &mut Random, number: usize) -> Date {
        match number {
            0 => self.span.first,
            1 => self.span.last,
            _ => self.day(random),
        }
    }

    fn hour(&self, random: &mut Random, day: Date) -> usize {
        let weights = self.rhythm.weights(day);
        let mut left = random.below(weights.iter().sum());
        for (hour, weight) in weights.into_iter().enumerate() {
            match left.checked_sub(weight) {
                Some(rest) => left = rest,
                None => return hour,
            }
        }
        0
    }
}

impl Rhythm {
    /// The weight of every hour of a day.
    fn weights(&self, day: Date) -> [u64; 24] {
        let evening = day.yesterday().unwrap_or(day);
        let [by_night, by_day] =
            [evening, day].map(|day| nth(&self.weekdays, day.weekday().to_monday_zero_offset()));
        let is_open = !(self.closes && matches!((day.month(), day.day()), (12, 25 | 26) | (1, 1)));
        let month = nth(&self.months, day.month() - 1) * u64::from(is_open);
        let mut hour = 0;
        self.hours.map(|weight| {
            hour += 1;
            month * weight * if hour <= MORNING { by_night } else { by_day }
        })
    }
}

/// The first and last instants of every quarter in a span, and half an hour inside them: in summer the London date of
/// the early ones is not that of UTC.
pub(super) fn edges(span: Span) -> Vec<DateTime> {
    let first_moments = [Time::midnight(), time(0, 30, 0, 0)];
    let last_moments = [time(23, 30, 0, 0), time(23, 59, 59, 999_000_000)];
    span.first
        .series(Lapse::new().months(3))
        .take_while(|first| *first <= span.last)
        .flat_map(|first| {
            let last = first
                .saturating_add(Lapse::new().months(3))
                .yesterday()
                .unwrap_or(first);
            first_moments
                .map(|t| first.to_datetime(t))
                .into_iter()
                .chain(last_moments.map(|t| last.to_datetime(t)))
        })
        .collect()
}

/// The quarter of a half-year that the day is not in.
pub(super) fn other_quarter(half: Span, day: Date) -> Span {
    let second = half.first.saturating_add(Lapse::new().months(3));
    if day < second {
        Span {
            first: second,
            last: half.last,
        }
    } else {
        Span {
            first: half.first,
            last: second.yesterday().unwrap_or(second),
        }
    }
}

/// The instant of a London clock time; of two that the clock showed, the first.
pub(super) fn instant(local: DateTime) -> Timestamp {
    LONDON
        .to_ambiguous_timestamp(local)
        .compatible()
        .unwrap_or_default()
}

/// The Monday after a day.
pub(super) fn next_monday(day: Date) -> Date {
    day.nth_weekday(1, Weekday::Monday).unwrap_or(day)
}

/// The given day of the month after.
pub(super) fn next_month(day: Date, number: i64) -> Date {
    day.first_of_month()
        .saturating_add(Lapse::new().months(1).days(number - 1))
}

pub(super) fn add_days(day: Date, days: i64) -> Date {
    day.saturating_add(Lapse::new().days(days))
}

/// Moves every date and time of a body by so many days.
pub(super) fn shift(body: &mut Value, days: i64) {
    for (field, value) in body.as_object_mut().into_iter().flatten() {
        let Some(text) = value.as_str() else { continue };
        let shifted = if field.ends_with("_on") {
            text.parse().ok().map(|day| add_days(day, days).to_string())
        } else if field.ends_with("_at") {
            let hours = Lapse::new().hours(days * 24);
            text.parse()
                .ok()
                .and_then(|at: Timestamp| at.checked_add(hours).ok())
                .map(|at| at.to_string())
        } else {
            None
        };
        if let Some(shifted) = shifted {
            *value = shifted.into();
        }
    }
}

fn at(day: Date, hour: usize, minute_and_second: &[i64; 2]) -> DateTime {
    let [minute, second] = minute_and_second.map(|number| i8::try_from(number).unwrap_or(0));
    let time = Time::new(i8::try_from(hour).unwrap_or(0), minute, second, 0).unwrap_or_default();
    day.to_datetime(time)
}

fn nth(table: &[u64], index: i8) -> u64 {
    usize::try_from(index)
        .ok()
        .and_then(|index| table.get(index))
        .copied()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::synthetic::targets::{HALF, YEAR};

    fn drawn(span: Span, rhythm: &'static Rhythm) -> Vec<DateTime> {
        let times = Times::new(span, rhythm);
        let mut random = Random::new(1, "calendar");
        (0..4000).map(|_| times.draw(&mut random)).collect()
    }

    #[test]
    fn moments_lie_in_their_span() {
        assert!(drawn(HALF, &NIGHTS).iter().all(|at| HALF.contains(at.date())));
    }

    #[test]
    fn nights_are_those_of_the_weekend() {
        let drawn = drawn(YEAR, &NIGHTS);
        let weekend = |at: &&DateTime| {
            let evening = if at.hour() < 5 {
                at.date().yesterday().unwrap()
            } else {
                at.date()
            };
            matches!(evening.weekday(), Weekday::Friday | Weekday::Saturday)
        };
        assert!(drawn.iter().filter(weekend).count() * 2 > drawn.len());
    }

    #[test]
    fn shops_are_shut_at_night_and_at_christmas_and_offices_at_weekends() {
        assert!(drawn(YEAR, &SHOPS).iter().all(|at| (7..22).contains(&at.hour())));
        let christmas = |at: &DateTime| at.month() == 12 && at.day() == 25;
        assert!(!drawn(YEAR, &SHOPS).iter().any(christmas) && drawn(YEAR, &STREETS).iter().any(christmas));
        let weekend = |at: &DateTime| matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
        assert!(!drawn(YEAR, &OFFICE).iter().any(weekend));
    }

    #[test]
    fn edges_are_those_of_london() {
        let edges: Vec<String> = edges(HALF)
            .into_iter()
            .map(|at| instant(at).to_string())
            .collect();
        assert_eq!(edges.len(), 8);
        assert_eq!(edges[0], "2014-03-31T23:00:00Z");
        assert_eq!(edges[2], "2014-06-30T22:30:00Z");
        assert_eq!(edges[5], "2014-06-30T23:30:00Z");
        assert_eq!(edges[7], "2014-09-30T22:59:59.999Z");
    }

    #[test]
    fn deliveries_come_after_what_they_carry() {
        assert_eq!(next_monday(date(2014, 6, 30)), date(2014, 7, 7));
        assert_eq!(next_month(date(2014, 12, 31), 4), date(2015, 1, 4));
    }

    #[test]
    fn a_body_is_moved_as_a_whole() {
        let mut body = serde_json::json!({
            "start_on": "2014-06-30", "end_on": null, "at": "2014-06-30", "done_at": "2014-06-30T23:30:00Z"
        });
        shift(&mut body, 100);
        let moved = serde_json::json!({
            "start_on": "2014-10-08", "end_on": null, "at": "2014-06-30", "done_at": "2014-10-08T23:30:00Z"
        });
        assert_eq!(body, moved);
    }
}
