//! Encoding of one JSON record into an Avro datum of a record type. Strict: what is not in the schema, of another type or
//! missing is refused with the field's path.
//!
//! Two forms are taken. *Nested*, as the schema has it: the envelope's fields and `body`. *Flat*, as spreadsheets have
//! it: all fields side by side and no `body`; there an empty string is a field that was not given, and a body is written
//! when a field of it is given or when op is not WITHDRAW. A field that was not given takes its default, or null.
//! An array of records is an array of objects in both.
//!
//! Dates are `2014-06-30`. Times are RFC 3339 with an offset (`2014-06-30T23:30:00Z`), or without one the clock of
//! Europe/London; a clock time that came twice is the first, one that was skipped lies as far behind the gap.

mod error;
mod lists;
mod values;

use serde_json::{Map, Value};

pub use error::EncodeError;

use crate::kind::{ColumnSpec, Kind};
use crate::record_type::{BODY, List, RecordType};
use error::problem;

/// Writes JSON records as Avro, with the record type's own schema.
#[derive(Debug, Clone)]
pub struct Encoder {
    columns: Vec<ColumnSpec>,
    lists: Vec<List>,
    /// The branch of the body's union for null and for a record; `None` if the record type has no body.
    body: Option<(i64, i64)>,
}

impl Encoder {
    /// An encoder for a record type.
    pub fn new(record_type: &RecordType) -> Self {
        let body = record_type
            .body()
            .map(|body| if body.null_first { (0, 1) } else { (1, 0) });
        Self {
            columns: record_type.columns().to_vec(),
            lists: record_type.lists().to_vec(),
            body,
        }
    }

    /// The Avro datum of a record, without a frame.
    pub fn encode(&self, record: &Value) -> Result<Vec<u8>, EncodeError> {
        let record = record
            .as_object()
            .ok_or_else(|| problem("", "the record is no JSON object"))?;
        self.refuse_unknown(record)?;
        let mut out = Vec::with_capacity(256);
        match (self.body, record.get(BODY)) {
            (None, _) => self.write(record, false, Form::Nested, &mut out)?,
            (Some((null, some)), Some(body)) => {
                self.write(record, false, Form::Nested, &mut out)?;
                match body {
                    Value::Null => values::write_long(null, &mut out),
                    Value::Object(body) => {
                        values::write_long(some, &mut out);
                        self.write(body, true, Form::Nested, &mut out)?;
                    }
                    _ => return Err(problem(BODY, "must be null or an object")),
                }
            }
            (Some((null, some)), None) => {
                self.write(record, false, Form::Flat, &mut out)?;
                if self.flat_has_body(record) {
                    values::write_long(some, &mut out);
                    self.write(record, true, Form::Flat, &mut out)?;
                } else {
                    values::write_long(null, &mut out);
                }
            }
        }
        Ok(out)
    }

    fn refuse_unknown(&self, record: &Map<String, Value>) -> Result<(), EncodeError> {
        let is_nested = self.body.is_some() && record.contains_key(BODY);
        let known = |name: &str, in_body: Option<bool>| {
            self.columns
                .iter()
                .any(|spec| own_name(spec) == name && in_body.is_none_or(|in_body| spec.in_body == in_body))
        };
        let envelope = if is_nested { Some(false) } else { None };
        let mut names = record.keys().filter(|name| !(is_nested && name.as_str() == BODY));
        if let Some(name) = names.find(|name| !known(name, envelope)) {
            let hint = if is_nested && known(name, Some(true)) {
                "belongs into body"
            } else {
                "is not in the schema"
            };
            return Err(error::unknown(name, hint));
        }
        let body = record.get(BODY).filter(|_| is_nested).and_then(Value::as_object);
        match body.and_then(|body| body.keys().find(|name| !known(name, Some(true)))) {
            Some(name) => Err(error::unknown(
                &format!("{BODY}.{}", error::shown(name)),
                "is not in the schema",
            )),
            None => Ok(()),
        }
    }

    fn flat_has_body(&self, record: &Map<String, Value>) -> bool {
        record.get("op").and_then(Value::as_str) != Some("WITHDRAW")
            || self
                .columns
                .iter()
                .filter(|spec| spec.in_body)
                .any(|spec| match &spec.list {
                    Some(list) => record
                        .get(list)
                        .and_then(Value::as_array)
                        .is_some_and(|list| !list.is_empty()),
                    None => is_given(record, spec, Form::Flat).is_some(),
                })
    }

    fn write(
        &self,
        record: &Map<String, Value>,
        in_body: bool,
        form: Form,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let mut written = None;
        for spec in self.columns.iter().filter(|spec| spec.in_body == in_body) {
            if let Some(name) = &spec.list {
                // The columns of a list stand next to each other.
                if written.replace(name) != Some(name) {
                    let list = self.lists.iter().find(|list| list.name == *name);
                    list.map_or(Ok(()), |list| lists::write(list, record.get(name), out))?;
                }
                continue;
            }
            match (is_given(record, spec, form), &spec.default) {
                (Some(value), _) => values::write(spec, value, out)?,
                (None, _) if spec.nullable && record.contains_key(&spec.name) => {
                    values::write_null(spec, out)
                }
                (None, Some(default)) => values::write_default(spec, default, out),
                (None, None) if spec.nullable => values::write_null(spec, out),
                (None, None) => return Err(problem(&spec.path(), "is missing, and has to be given")),
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Flat,
    Nested,
}

/// The field's value, if the record has one.
fn is_given<'r>(record: &'r Map<String, Value>, spec: &ColumnSpec, form: Form) -> Option<&'r Value> {
    match (record.get(&spec.name)?, form) {
        (Value::Null, Form::Flat) => None,
        (Value::String(text), Form::Flat) if text.trim().is_empty() => None,
        (Value::Null, Form::Nested) if spec.nullable => None,
        (value, _) => Some(value),
    }
}

/// The name that a field of the record has: a column of a list is reached by the list.
fn own_name(spec: &ColumnSpec) -> &str {
    spec.list.as_deref().unwrap_or(&spec.name)
}

/// The kind in words for people.
fn wanted(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::Int => "a whole number of at most 32 bits".to_owned(),
        Kind::Long => "a whole number".to_owned(),
        Kind::Double => "a number".to_owned(),
        Kind::String => "a text".to_owned(),
        Kind::Date => "a date like 2014-06-30".to_owned(),
        Kind::TimestampMillis => "a time like 2014-06-30T23:30:00Z".to_owned(),
        Kind::Enum(symbols) => format!("one of {}", symbols.join(", ")),
        Kind::Strings => "a list of texts".to_owned(),
        Kind::Dates => "a list of dates".to_owned(),
    }
}

#[cfg(test)]
mod tests;
