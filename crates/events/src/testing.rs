//! What the tests of this crate share: a record type with every kind of column, and rows as generic Avro values.

use apache_avro::types::Value;

use crate::columns::{Column, Columns};
use crate::kind::Kind;
use crate::record_type::RecordType;

/// The schema of [`incident`].
pub(crate) const INCIDENT: &str = include_str!("testing/incident.avsc");

/// A record type like cctv_incident, with a column of every kind.
pub(crate) fn incident() -> RecordType {
    RecordType::parse("incident", INCIDENT).unwrap()
}

/// A row as the generic value that apache-avro would have decoded.
pub(crate) fn row(record_type: &RecordType, columns: &Columns, row: usize) -> Value {
    let (body, envelope): (Vec<_>, Vec<_>) = (0..record_type.columns().len())
        .map(|index| (index, field(record_type, columns, index, row)))
        .partition(|(index, _)| record_type.columns()[*index].in_body);
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
    let value = match (spec.nullable, &value) {
        (false, _) => value,
        (true, Value::Null) => Value::Union(u32::from(!spec.null_first), Box::new(value)),
        (true, _) => Value::Union(u32::from(spec.null_first), Box::new(value)),
    };
    (spec.name.clone(), value)
}
