//! What the tests of this crate share: a record type with every kind of column, and rows as generic Avro values.

use apache_avro::types::Value;

use crate::columns::{Column, Columns};
use crate::kind::{ColumnSpec, Kind};
use crate::record_type::{List, RecordType};

/// The schema of [`incident`].
pub(crate) const INCIDENT: &str = include_str!("testing/incident.avsc");

/// A record type like cctv_incident, with a column of every kind.
pub(crate) fn incident() -> RecordType {
    RecordType::parse("incident", INCIDENT).unwrap()
}

/// A row as the generic value that apache-avro would have decoded.
pub(crate) fn row(record_type: &RecordType, columns: &Columns, row: usize) -> Value {
    let fields = (0..record_type.columns().len()).filter_map(|index| {
        let spec = &record_type.columns()[index];
        let Some((list, inner)) = record_type.list_field(spec) else {
            return Some((index, field(record_type, columns, index, row)));
        };
        // The first of its columns stands for the whole list.
        (list.fields[0].column == inner.column).then(|| {
            (
                index,
                (list.name.clone(), records(record_type, columns, list, row)),
            )
        })
    });
    let (body, envelope): (Vec<_>, Vec<_>) =
        fields.partition(|(index, _)| record_type.columns()[*index].in_body);
    let strip = |fields: Vec<(usize, (String, Value))>| fields.into_iter().map(|(_, field)| field).collect();
    let mut fields: Vec<(String, Value)> = strip(envelope);
    if let Some(spec) = record_type.body() {
        let (null, some) = if spec.null_first { (0, 1) } else { (1, 0) };
        let value = if columns.has_body(row) {
            Value::Union(some, Box::new(Value::Record(strip(body))))
        } else {
            Value::Union(null, Box::new(Value::Null))
        };
        fields.push(("body".to_owned(), value));
    }
    Value::Record(fields)
}

/// An array of records, put together from its columns.
fn records(record_type: &RecordType, columns: &Columns, list: &List, row: usize) -> Value {
    let mut records: Vec<Vec<(String, Value)>> = Vec::new();
    for inner in &list.fields {
        let entries: Vec<Value> = match columns.column(inner.column).unwrap() {
            Column::StrList(v) => v.get(row).unwrap().map(|s| Value::String(s.to_owned())).collect(),
            Column::DateList(v) => v
                .get(row)
                .unwrap()
                .map(|date| optional(&inner.entry, date.map_or(Value::Null, Value::Date)))
                .collect(),
            column => panic!("{column:?} in {}", record_type.name()),
        };
        records.resize(entries.len().max(records.len()), Vec::new());
        assert_eq!(records.len(), entries.len(), "{}", inner.entry.name);
        for (record, entry) in records.iter_mut().zip(entries) {
            record.push((inner.entry.field().to_owned(), entry));
        }
    }
    Value::Array(records.into_iter().map(Value::Record).collect())
}

fn field(record_type: &RecordType, columns: &Columns, index: usize, row: usize) -> (String, Value) {
    let spec = &record_type.columns()[index];
    let value = match (&spec.kind, columns.column(index).unwrap()) {
        (_, _) if columns.is_null(index, row) => Value::Null,
        (Kind::Enum(symbols), Column::Enum(v)) => {
            let symbol = v.get(row).unwrap();
            Value::Enum(u32::from(symbol), symbols[usize::from(symbol)].clone())
        }
        (Kind::Date, Column::Int(v)) => Value::Date(v.get(row).unwrap()),
        (_, Column::Bool(v)) => Value::Boolean(v.get(row).unwrap() == 1),
        (_, Column::Int(v)) => Value::Int(v.get(row).unwrap()),
        (Kind::TimestampMillis, Column::Long(v)) => Value::TimestampMillis(v.get(row).unwrap()),
        (_, Column::Long(v)) => Value::Long(v.get(row).unwrap()),
        (_, Column::Double(v)) => Value::Double(v.get(row).unwrap()),
        (_, Column::Str(v)) => Value::String(v.get(row).unwrap().to_owned()),
        (_, Column::StrList(v)) => {
            Value::Array(v.get(row).unwrap().map(|s| Value::String(s.to_owned())).collect())
        }
        (kind, column) => panic!("column {column:?} of kind {kind:?}"),
    };
    (spec.name.clone(), optional(spec, value))
}

/// A value as the branch of a union, if its field is one.
fn optional(spec: &ColumnSpec, value: Value) -> Value {
    match (spec.nullable, &value) {
        (false, _) => value,
        (true, Value::Null) => Value::Union(u32::from(!spec.null_first), Box::new(value)),
        (true, _) => Value::Union(u32::from(spec.null_first), Box::new(value)),
    }
}
