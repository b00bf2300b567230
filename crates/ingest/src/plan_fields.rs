//! The fields of record types as plan files may name them.

use quarterday_events::{ColumnSpec, Kind, RecordType};
use quarterday_plan::expression::{Field, FieldType};

/// The fields of envelope and body.
pub(crate) fn of(record_type: &RecordType) -> Vec<Field> {
    record_type.columns().iter().map(field).collect()
}

fn field(spec: &ColumnSpec) -> Field {
    Field {
        name: spec.name.clone(),
        holds: match spec.kind {
            Kind::Bool => FieldType::Bool,
            Kind::Int | Kind::Long | Kind::Double => FieldType::Number,
            Kind::String | Kind::Enum(_) => FieldType::Text,
            Kind::Date => FieldType::Date,
            Kind::TimestampMillis => FieldType::Instant,
            Kind::Strings => FieldType::Texts,
            Kind::Dates => FieldType::Dates,
        },
        codes: spec.codes.clone(),
        list: spec.list.clone(),
        nullable: spec.nullable,
    }
}
