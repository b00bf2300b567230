//! Writing of single values.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use super::error::{EncodeError, problem};
use super::wanted;
use crate::kind::{ColumnSpec, DefaultValue, Kind};
use crate::london;
use crate::quote::quote;

/// Writes a value that was given.
pub(super) fn write(spec: &ColumnSpec, value: &Value, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    write_branch(spec, false, out);
    let written = match &spec.kind {
        Kind::Bool => value.as_bool().map(|value| out.push(u8::from(value))),
        Kind::Int => value
            .as_i64()
            .and_then(|n| i32::try_from(n).ok())
            .map(|n| write_long(n.into(), out)),
        Kind::Long => value.as_i64().map(|n| write_long(n, out)),
        Kind::Double => value.as_f64().map(|n| out.extend_from_slice(&n.to_le_bytes())),
        Kind::String => value.as_str().map(|text| write_text(text, out)),
        Kind::Date => value.as_str().and_then(days).map(|days| write_long(days, out)),
        Kind::TimestampMillis => value
            .as_str()
            .and_then(millis)
            .map(|millis| write_long(millis, out)),
        Kind::Enum(symbols) => {
            let symbol = value.as_str();
            let position = symbols.iter().position(|known| Some(known.as_str()) == symbol);
            position
                .and_then(|position| i64::try_from(position).ok())
                .map(|n| write_long(n, out))
        }
        Kind::Strings => texts(value).map(|texts| write_texts(&texts, out)),
        // Dates stand in arrays of records only, which are written entry by entry.
        Kind::Dates => None,
    };
    written.ok_or_else(|| wrong(spec, value))
}

pub(super) fn write_null(spec: &ColumnSpec, out: &mut Vec<u8>) {
    write_branch(spec, true, out);
}

pub(super) fn write_default(spec: &ColumnSpec, default: &DefaultValue, out: &mut Vec<u8>) {
    write_branch(spec, *default == DefaultValue::Null, out);
    match default {
        DefaultValue::Null => {}
        DefaultValue::Bool(value) => out.push(u8::from(*value)),
        DefaultValue::Int(value) => write_long(i64::from(*value), out),
        DefaultValue::Long(value) => write_long(*value, out),
        DefaultValue::Double(value) => out.extend_from_slice(&value.to_le_bytes()),
        DefaultValue::Str(value) => write_text(value, out),
        DefaultValue::Enum(value) => write_long(i64::from(*value), out),
        DefaultValue::Strings(values) => {
            write_texts(&values.iter().map(String::as_str).collect::<Vec<_>>(), out);
        }
        DefaultValue::NoEntries => write_long(0, out),
    }
}

/// Zigzag, seven bits a byte.
pub(super) fn write_long(value: i64, out: &mut Vec<u8>) {
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    loop {
        let [low, ..] = (rest & 0x7f).to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn write_branch(spec: &ColumnSpec, is_null: bool, out: &mut Vec<u8>) {
    if spec.nullable {
        write_long(i64::from(is_null != spec.null_first), out);
    }
}

pub(super) fn write_length(length: usize, out: &mut Vec<u8>) {
    // No text or array in memory has more than i64::MAX elements.
    write_long(i64::try_from(length).unwrap_or(i64::MAX), out);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn write_texts(texts: &[&str], out: &mut Vec<u8>) {
    if !texts.is_empty() {
        write_length(texts.len(), out);
        for text in texts {
            write_text(text, out);
        }
    }
    write_long(0, out);
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn days(text: &str) -> Option<i64> {
    let text = text.trim();
    // Only the plain form: jiff would take a whole time stamp and drop its clock.
    (text.len() == 10)
        .then(|| text.parse::<Date>().ok().map(london::days_of))
        .flatten()
}

/// An instant with its offset, or the clock of London.
fn millis(text: &str) -> Option<i64> {
    let text = text.trim();
    let instant = match text.parse::<Timestamp>() {
        Ok(instant) => instant,
        // A date alone is no time: midnight would be a guess.
        Err(_) if text.len() <= 10 => return None,
        Err(_) => london::instant_of(text.parse::<DateTime>().ok()?)?,
    };
    Some(instant.as_millisecond())
}

fn wrong(spec: &ColumnSpec, value: &Value) -> EncodeError {
    let given = match value {
        Value::Null => return problem(&spec.path(), "is null, and has to be given"),
        Value::String(text) => quote(text),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    problem(
        &spec.path(),
        format!("is {given}, and must be {}", wanted(&spec.kind)),
    )
}
