//! Flattening of a record's fields into column specifications.

use apache_avro::Schema;
use apache_avro::schema::{EnumSchema, RecordField, RecordSchema};
use serde_json::Value;

use super::lists::{self, List};
use super::{BODY, Body, Fault, fields};
use crate::kind::{ColumnSpec, DefaultValue, Kind};

/// What a schema's fields come to.
pub(super) struct Flat {
    /// The columns of envelope and body, in that order.
    pub(super) columns: Vec<ColumnSpec>,
    /// The arrays of records of the body.
    pub(super) lists: Vec<List>,
    pub(super) body: Option<Body>,
}

pub(super) fn flatten(record: &RecordSchema) -> Result<Flat, Fault> {
    let mut columns = Vec::new();
    let mut body = None;
    for (path, field) in fields(record, "") {
        if field.name == BODY {
            let (inner, spec) = body_record(field)?;
            body = Some((inner, spec));
        } else {
            columns.push(column(&path, field, false)?);
        }
    }
    let Some((inner, spec)) = body else {
        return Ok(Flat {
            columns,
            lists: Vec::new(),
            body: None,
        });
    };
    let mut lists = Vec::new();
    for (path, field) in fields(inner, "body.") {
        match lists::records(&field.schema) {
            None => columns.push(column(&path, field, true)?),
            Some(records) => {
                let (list, specs) = lists::flatten(&path, field, records, columns.len())?;
                lists.push(list);
                columns.extend(specs);
            }
        }
    }
    refuse_repeats(&columns)?;
    Ok(Flat {
        columns,
        lists,
        body: Some(spec),
    })
}

/// Avro keeps the names of one record apart; the columns of all its records have to differ too.
fn refuse_repeats(columns: &[ColumnSpec]) -> Result<(), Fault> {
    for (index, spec) in columns.iter().enumerate() {
        let Some(other) = columns.iter().take(index).find(|other| other.name == spec.name) else {
            continue;
        };
        let problem = if other.in_body {
            format!(
                "its column would have the name of {}; rename one of them",
                other.path()
            )
        } else {
            "the envelope has a field of that name; rename this one".to_owned()
        };
        return Err(Fault::new(&spec.path(), problem));
    }
    Ok(())
}

fn body_record(field: &RecordField) -> Result<(&RecordSchema, Body), Fault> {
    let branches = match &field.schema {
        Schema::Union(union) => union.variants(),
        _ => &[],
    };
    let (inner, null_first) = match branches {
        [Schema::Null, Schema::Record(inner)] => (inner, true),
        [Schema::Record(inner), Schema::Null] => (inner, false),
        _ => {
            return Err(Fault::new(
                BODY,
                "must be a union of null and a record: a WITHDRAW has no body",
            ));
        }
    };
    match &field.default {
        None | Some(Value::Null) => {}
        Some(_) => return Err(Fault::new(BODY, "its default can only be null")),
    }
    let aliases = field.aliases.clone().unwrap_or_default();
    Ok((
        inner,
        Body {
            aliases,
            has_default: field.default.is_some(),
            null_first,
        },
    ))
}

pub(super) fn column(path: &str, field: &RecordField, in_body: bool) -> Result<ColumnSpec, Fault> {
    let (schema, nullable, null_first) = strip_null(path, &field.schema)?;
    let (kind, enum_default) = kind(path, schema, in_body)?;
    if nullable && matches!(kind, Kind::Strings | Kind::Enum(_)) {
        return Err(Fault::new(
            path,
            "an array or enum cannot be null; use an empty array",
        ));
    }
    let default = match &field.default {
        None => None,
        Some(json) => Some(
            DefaultValue::of(json, &kind, nullable)
                .ok_or_else(|| Fault::new(path, "the default is not of the field's type"))?,
        ),
    };
    Ok(ColumnSpec {
        name: field.name.clone(),
        codes: codes(path, field, &kind)?,
        kind,
        nullable,
        in_body,
        list: None,
        default,
        aliases: field.aliases.clone().unwrap_or_default(),
        null_first,
        enum_default,
    })
}

/// The schema without null; whether null was there, and whether it came first.
fn strip_null<'s>(path: &str, schema: &'s Schema) -> Result<(&'s Schema, bool, bool), Fault> {
    let Schema::Union(union) = schema else {
        return Ok((schema, false, false));
    };
    match union.variants() {
        [Schema::Null, Schema::Null] => Err(Fault::new(path, "is always null")),
        [Schema::Null, other] => Ok((other, true, true)),
        [other, Schema::Null] => Ok((other, true, false)),
        _ => Err(Fault::new(path, "a union can only be of null and one other type")),
    }
}

fn kind(path: &str, schema: &Schema, in_body: bool) -> Result<(Kind, Option<u8>), Fault> {
    let kind = match schema {
        Schema::Boolean => Kind::Bool,
        Schema::Int => Kind::Int,
        Schema::Long => Kind::Long,
        Schema::Double => Kind::Double,
        Schema::String => Kind::String,
        Schema::Date => Kind::Date,
        Schema::TimestampMillis => Kind::TimestampMillis,
        Schema::Enum(symbols) if path == "op" && !in_body => return op(path, symbols),
        Schema::Enum(_) => {
            return Err(Fault::new(
                path,
                "only op is an enum; make it a string with the attribute codes",
            ));
        }
        Schema::Array(array) if matches!(*array.items, Schema::String) => Kind::Strings,
        Schema::Array(_) => {
            return Err(Fault::new(
                path,
                "an array can only be of strings, or in the body of records of plain fields",
            ));
        }
        Schema::Record(_) => return Err(Fault::new(path, "only body can be a record")),
        _ => {
            return Err(Fault::new(
                path,
                "a type that no column holds; use boolean, int, long, double, string, date, timestamp-millis or an \
                 array of strings",
            ));
        }
    };
    Ok((kind, None))
}

fn op(path: &str, schema: &EnumSchema) -> Result<(Kind, Option<u8>), Fault> {
    if u8::try_from(schema.symbols.len()).is_err() {
        return Err(Fault::new(path, "an enum can have at most 255 symbols"));
    }
    let default = schema
        .default
        .as_ref()
        .and_then(|default| schema.symbols.iter().position(|s| s == default));
    Ok((
        Kind::Enum(schema.symbols.clone()),
        default.and_then(|position| u8::try_from(position).ok()),
    ))
}

fn codes(path: &str, field: &RecordField, kind: &Kind) -> Result<Option<String>, Fault> {
    match field.custom_attributes.get("codes") {
        None => Ok(None),
        Some(Value::String(list)) if matches!(kind, Kind::String | Kind::Strings) => Ok(Some(list.clone())),
        Some(Value::String(_)) => Err(Fault::new(
            path,
            "only a string or an array of strings can have codes",
        )),
        Some(_) => Err(Fault::new(path, "codes must be the name of a code list")),
    }
}
