//! Writing of arrays of records.

use serde_json::{Map, Value};

use super::error::{self, EncodeError, problem};
use super::values;
use crate::record_type::List;

/// Writes the array that was given, or the empty one that stands for it.
pub(super) fn write(list: &List, value: Option<&Value>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let records = match value {
        Some(Value::Array(records)) => records.as_slice(),
        None if list.has_default => &[],
        None => return Err(problem(&list.path(), "is missing, and has to be given")),
        Some(_) => return Err(problem(&list.path(), "must be a list of objects")),
    };
    if !records.is_empty() {
        values::write_length(records.len(), out);
    }
    for record in records {
        let record = record
            .as_object()
            .ok_or_else(|| problem(&list.path(), "must be a list of objects"))?;
        write_record(list, record, out)?;
    }
    values::write_long(0, out);
    Ok(())
}

fn write_record(list: &List, record: &Map<String, Value>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let is_known = |name: &str| list.fields.iter().any(|field| field.entry.field() == name);
    if let Some(name) = record.keys().find(|name| !is_known(name)) {
        let path = format!("{}.{}", list.path(), error::shown(name));
        return Err(problem(&path, "is not in the schema"));
    }
    for field in &list.fields {
        let entry = &field.entry;
        match (record.get(entry.field()), &entry.default) {
            (Some(Value::Null), _) if entry.nullable => values::write_null(entry, out),
            (Some(value), _) => values::write(entry, value, out)?,
            (None, Some(default)) => values::write_default(entry, default, out),
            (None, None) if entry.nullable => values::write_null(entry, out),
            (None, None) => return Err(problem(&entry.path(), "is missing, and has to be given")),
        }
    }
    Ok(())
}
