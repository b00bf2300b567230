//! Instants as people write them on the command line.

use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The zone of times without one.
const LONDON: &str = "Europe/London";

/// An instant: `2026-10-14T09:30:00Z`, `2026-10-14 10:30` in London, or a day, which is its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub Timestamp);

impl FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Instant(timestamp));
        }
        let london = TimeZone::get(LONDON).map_err(|error| error.to_string())?;
        let at = |time: DateTime| {
            let time = time.to_zoned(london.clone());
            time.map(|time| time.timestamp())
                .map_err(|error| error.to_string())
        };
        // A day alone is a time of day too, its beginning, so it is asked for first.
        if let Some(day) = text.parse::<Date>().ok().filter(|_| !text.contains([':', 'T'])) {
            let next = day.tomorrow().map_err(|error| error.to_string())?;
            let end = at(next.to_datetime(jiff::civil::Time::midnight()))?;
            return Ok(Instant(
                end.saturating_sub(1.microsecond())
                    .map_err(|error| error.to_string())?,
            ));
        }
        if let Ok(time) = text.parse::<DateTime>() {
            return Ok(Instant(at(time)?));
        }
        Err("write 2026-10-14T09:30:00Z, '2026-10-14 10:30' (London) or 2026-10-14 (its end)".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_people_write_them() {
        let read = |text: &str| text.parse::<Instant>().map(|instant| instant.0.to_string());
        assert_eq!(read("2026-10-14T09:30:00.5Z").unwrap(), "2026-10-14T09:30:00.5Z");
        assert_eq!(read("2026-10-14 10:30").unwrap(), "2026-10-14T09:30:00Z");
        assert_eq!(read("2026-12-14").unwrap(), "2026-12-14T23:59:59.999999Z");
        assert_eq!(read("2026-07-14").unwrap(), "2026-07-14T22:59:59.999999Z");
        assert!(read("yesterday").unwrap_err().contains("London"));
    }
}
