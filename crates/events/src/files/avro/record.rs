//! The only row of a batch as a nested JSON record.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::columns::Columns;
use crate::kind::{ColumnSpec, Kind};
use crate::london;
use crate::record_type::{BODY, List, RecordType};

const ROW: usize = 0;

/// The record, or which field has no JSON form.
pub(super) fn of(record_type: &RecordType, columns: &Columns) -> Result<Map<String, Value>, String> {
    let mut record = Map::new();
    let mut body = Map::new();
    for (index, spec) in record_type.columns().iter().enumerate() {
        if spec.list.is_some() {
            continue;
        }
        let value = value(columns, index, spec).ok_or_else(|| no_json(spec))?;
        if spec.in_body { &mut body } else { &mut record }.insert(spec.name.clone(), value);
    }
    for list in record_type.lists() {
        body.insert(
            list.name.clone(),
            Value::Array(records(record_type, list, columns)?),
        );
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
        Kind::Date => integer().and_then(date),
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
        Kind::Dates => columns
            .dates(index, ROW)?
            .map(|days| days.map_or(Some(Value::Null), date))
            .collect(),
    }
}

fn date(days: i64) -> Option<Value> {
    london::date_of(days).map(|date| Value::from(date.to_string()))
}

/// The records of an array, put together from its columns.
fn records(record_type: &RecordType, list: &List, columns: &Columns) -> Result<Vec<Value>, String> {
    let mut records: Vec<Map<String, Value>> = Vec::new();
    for field in &list.fields {
        let spec = record_type.columns().get(field.column);
        let Some(Value::Array(entries)) = spec.and_then(|spec| value(columns, field.column, spec)) else {
            return Err(no_json(&field.entry));
        };
        records.resize_with(entries.len(), Map::new);
        for (record, entry) in records.iter_mut().zip(entries) {
            record.insert(field.entry.field().to_owned(), entry);
        }
    }
    Ok(records.into_iter().map(Value::Object).collect())
}

fn no_json(spec: &ColumnSpec) -> String {
    format!("{}: is no date or time that can be written", spec.path())
}
