//! Flattening of an array of records: one column of lists for each of its fields.

use apache_avro::Schema;
use apache_avro::schema::{RecordField, RecordSchema};
use serde_json::Value;

use super::{Fault, columns};
use crate::kind::{ColumnSpec, DefaultValue, Kind};

/// A field of the body that is an array of records. Its columns stand next to each other.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    /// Whether a writer may leave it out: its default is an empty array.
    pub(crate) has_default: bool,
    pub(crate) fields: Vec<ListField>,
}

/// A field of the records of a [`List`].
#[derive(Debug, Clone)]
pub(crate) struct ListField {
    /// The column that holds it.
    pub(crate) column: usize,
    /// One entry of it, as a field by itself: with the kind, default and aliases of the entry.
    pub(crate) entry: ColumnSpec,
}

impl List {
    /// The list's path in a record, as messages name it.
    pub(crate) fn path(&self) -> String {
        format!("body.{}", self.name)
    }
}

/// The records of an array of records.
pub(super) fn records(schema: &Schema) -> Option<&RecordSchema> {
    match schema {
        Schema::Array(array) => match &*array.items {
            Schema::Record(record) => Some(record),
            _ => None,
        },
        _ => None,
    }
}

/// The list of a field of the body, and its columns, the first of which is to stand at `column`.
pub(super) fn flatten(
    path: &str,
    field: &RecordField,
    records: &RecordSchema,
    column: usize,
) -> Result<(List, Vec<ColumnSpec>), Fault> {
    match &field.default {
        None => {}
        Some(Value::Array(items)) if items.is_empty() => {}
        Some(_) => return Err(Fault::new(path, "its default can only be an empty array")),
    }
    if field.custom_attributes.contains_key("codes") {
        return Err(Fault::new(path, "codes belong to the fields of its records"));
    }
    if records.fields.is_empty() {
        return Err(Fault::new(path, "its records have no fields"));
    }
    let has_default = field.default.is_some();
    let mut list = List {
        name: field.name.clone(),
        aliases: field.aliases.clone().unwrap_or_default(),
        has_default,
        fields: Vec::new(),
    };
    let mut specs = Vec::new();
    for (index, inner) in records.fields.iter().enumerate() {
        let entry = entry(path, &list.name, inner)?;
        specs.push(ColumnSpec {
            kind: of_lists(&entry.kind),
            default: has_default.then_some(DefaultValue::NoEntries),
            aliases: Vec::new(),
            ..entry.clone()
        });
        list.fields.push(ListField {
            column: column + index,
            entry,
        });
    }
    Ok((list, specs))
}

fn entry(list_path: &str, list: &str, field: &RecordField) -> Result<ColumnSpec, Fault> {
    let path = format!("{list_path}.{}", field.name);
    let plain = columns::column(&path, field, true)?;
    match (&plain.kind, plain.nullable) {
        (Kind::String, false) | (Kind::Date, _) => {}
        _ => {
            return Err(Fault::new(
                &path,
                "a record of an array can only have strings, dates, and dates that may be null",
            ));
        }
    }
    Ok(ColumnSpec {
        name: format!("{list}_{}", field.name),
        list: Some(list.to_owned()),
        ..plain
    })
}

fn of_lists(entry: &Kind) -> Kind {
    match entry {
        Kind::Date => Kind::Dates,
        _ => Kind::Strings,
    }
}
