//! The only row of a batch as a nested JSON record.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::columns::Columns;
use crate::kind::{ColumnSpec, Kind};
use crate::london;
use crate::record_type::{BODY, RecordType};

const ROW: usize = 0;

/// The record, or which field has no JSON form.
pub(super) fn of(record_type: &RecordType, columns: &Columns) -> Result<Map<String, Value>, String> {
    let mut record = Map::new();
    let mut body = Map::new();
    for (index, spec) in record_type.columns().iter().enumerate() {
        let value = value(columns, index, spec)
            .ok_or_else(|| format!("{}: is no date or time that can be written", spec.path()))?;
        if spec.in_body { &mut body } else { &mut record }.insert(spec.name.clone(), value);
    }
    if record_type.body().is_some() {
        let body = if columns.has_body(ROW) {
            Value::Object(body)
        } else {
            Value::Null
        };
        record.insert(BODY.to_owned(), body);
    }
    Ok(record)
}

fn value(columns: &Columns, index: usize, spec: &ColumnSpec) -> Option<Value> {
    if columns.is_null(index, ROW) {
        return Some(Value::Null);
    }
    let integer = || columns.integer(index, ROW);
    match &spec.kind {
        Kind::Bool => columns.boolean(index, ROW).map(Value::from),
        Kind::Int | Kind::Long => integer().map(Value::from),
        Kind::Double => columns.double(index, ROW).map(Value::from),
        Kind::String => columns.str(index, ROW).map(Value::from),
        Kind::Date => integer()
            .and_then(london::date_of)
            .map(|date| Value::from(date.to_string())),
        Kind::TimestampMillis => {
            let instant = integer().and_then(|millis| Timestamp::from_millisecond(millis).ok());
            instant.map(|instant| Value::from(instant.to_string()))
        }
        Kind::Enum(symbols) => {
            let symbol = columns
                .symbol(index, ROW)
                .and_then(|position| symbols.get(usize::from(position)));
            symbol.map(|symbol| Value::from(symbol.as_str()))
        }
        Kind::Strings => columns
            .list(index, ROW)
            .map(|items| items.map(Value::from).collect()),
    }
}
