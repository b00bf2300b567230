//! One cell as the value of its field.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use serde_json::Value;

use crate::kind::{ColumnSpec, Kind};
use crate::london;
use crate::quote::quote;

/// The cell's value; an empty string where the cell is empty.
pub(super) fn read(cell: &[u8], spec: &ColumnSpec, date_format: Option<&str>) -> Result<Value, String> {
    let text = text(cell)?;
    if text.is_empty() {
        return Ok(if spec.kind == Kind::Strings {
            Value::Array(Vec::new())
        } else {
            Value::from("")
        });
    }
    value(text, spec, date_format)
}

/// The entries of a column of an array of records, null where there is nothing between two semicolons. An empty cell is
/// one empty entry: whether it is none at all, only the other columns can tell.
pub(super) fn read_entries(
    cell: &[u8],
    entry: &ColumnSpec,
    date_format: Option<&str>,
) -> Result<Vec<Value>, String> {
    let entries = text(cell)?.split(';').map(str::trim);
    entries
        .map(|text| {
            if text.is_empty() {
                Ok(Value::Null)
            } else {
                value(text, entry, date_format)
            }
        })
        .collect()
}

fn text(cell: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(cell)
        .map_err(|_| "is not UTF-8; save the file again as \"CSV UTF-8\"".to_owned())?;
    Ok(text.trim())
}

fn value(text: &str, spec: &ColumnSpec, date_format: Option<&str>) -> Result<Value, String> {
    let value = match &spec.kind {
        Kind::String => Some(Value::from(text)),
        Kind::Enum(_) => Some(Value::from(text.to_ascii_uppercase())),
        Kind::Bool => boolean(text).map(Value::from),
        Kind::Int | Kind::Long => text.parse::<i64>().ok().map(Value::from),
        Kind::Double => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::from),
        Kind::Date => date(text, date_format).map(|date| Value::from(date.to_string())),
        Kind::TimestampMillis => instant(text, date_format).map(|instant| Value::from(instant.to_string())),
        Kind::Strings => Some(list(text)),
        // Of such a column the entries are read one by one.
        Kind::Dates => None,
    };
    value.ok_or_else(|| {
        format!(
            "is {}, and must be {}",
            quote(text),
            wanted(&spec.kind, date_format)
        )
    })
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

fn list(text: &str) -> Value {
    text.split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(Value::from)
        .collect()
}

/// ISO, or as the mapping says. A year of two digits is refused: the century would be a guess.
fn date(text: &str, date_format: Option<&str>) -> Option<Date> {
    if text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') {
        return text.parse().ok();
    }
    let pattern = date_format?
        .replace("yyyy", "%Y")
        .replace("mm", "%m")
        .replace("dd", "%d");
    Date::strptime(pattern, text)
        .ok()
        .filter(|date| date.year() >= 1000)
}

/// A time stamp with its offset, or a date, a blank (or T) and a clock time of London's.
fn instant(text: &str, date_format: Option<&str>) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let (day, clock) = text.split_once([' ', 'T'])?;
    let clock = clock.trim();
    let time = Time::strptime("%H:%M:%S", clock)
        .or_else(|_| Time::strptime("%H:%M", clock))
        .ok()?;
    london::instant_of(DateTime::from_parts(date(day, date_format)?, time))
}

fn wanted(kind: &Kind, date_format: Option<&str>) -> String {
    let iso = date_format.is_none_or(|format| format == "yyyy-mm-dd");
    match (kind, iso) {
        (Kind::Bool, _) => "yes or no".to_owned(),
        (Kind::Int | Kind::Long, _) => "a whole number".to_owned(),
        (Kind::Double, _) => "a number".to_owned(),
        (Kind::Date | Kind::Dates, true) => "a date like 2014-06-30".to_owned(),
        (Kind::Date | Kind::Dates, false) => {
            format!("a date, {} or 2014-06-30", date_format.unwrap_or_default())
        }
        (Kind::TimestampMillis, true) => "a date and time like 2014-06-30 23:40".to_owned(),
        (Kind::TimestampMillis, false) => {
            format!(
                "a date and time, {} hh:mm or 2014-06-30 23:40",
                date_format.unwrap_or_default()
            )
        }
        (Kind::String | Kind::Strings | Kind::Enum(_), _) => "a text".to_owned(),
    }
}
