//! A record type: one reader's schema, flattened into the columns of envelope and body.
//!
//! The schema is a record of plain fields and, last, `body`: null or a record of plain fields and of arrays of records.
//! Such an array, `spells`, becomes columns of lists, `spells_opened_on` and `spells_closed_on`, of one length in each
//! row. What columns cannot hold is refused with the field's name.

mod columns;
mod lists;
mod logical_types;

use apache_avro::Schema;
use apache_avro::schema::{RecordField, RecordSchema};
use serde_json::Value;

use crate::avsc::{self, SchemaError};
use crate::canonical::Fingerprint;
use crate::kind::ColumnSpec;
pub(crate) use lists::{List, ListField};

/// The name of the field that holds everything but the envelope.
pub(crate) const BODY: &str = "body";

/// A schema of `schemas/avro/` as columns.
#[derive(Debug, Clone)]
pub struct RecordType {
    name: String,
    schema: Schema,
    fingerprints: Vec<Fingerprint>,
    columns: Vec<ColumnSpec>,
    lists: Vec<List>,
    body: Option<Body>,
}

/// The field `body`, where there is one.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) aliases: Vec<String>,
    /// Whether a writer may leave it out: its default is null.
    pub(crate) has_default: bool,
    /// Whether null is the first branch of its union.
    pub(crate) null_first: bool,
}

/// Why a schema is no record type.
#[derive(Debug, thiserror::Error)]
pub enum RecordTypeError {
    /// Not a schema at all.
    #[error("record type {record_type} cannot be read")]
    Schema {
        /// The record type's name.
        record_type: String,
        /// What is wrong with it.
        #[source]
        source: SchemaError,
    },
    /// A schema of something else than a record.
    #[error("record type {record_type}: the schema's top level is no record")]
    NoRecord {
        /// The record type's name.
        record_type: String,
    },
    /// A field that columns cannot hold.
    #[error("record type {record_type}, field {field}: {problem}")]
    Field {
        /// The record type's name.
        record_type: String,
        /// The field's path.
        field: String,
        /// What is wrong and what is allowed.
        problem: String,
    },
}

impl RecordType {
    /// Reads the schema of a record type from the text of its `.avsc` file.
    pub fn parse(name: &str, avsc_json: &str) -> Result<Self, RecordTypeError> {
        let schema_error = |source| RecordTypeError::Schema {
            record_type: name.to_owned(),
            source,
        };
        let json: Value =
            serde_json::from_str(avsc_json).map_err(|error| schema_error(SchemaError::Json(error)))?;
        // Before parsing: the Avro library forgets logical types that it does not know.
        logical_types::check(&json).map_err(|fault| fault.of(name))?;
        let parsed = avsc::parse_json(json).map_err(schema_error)?;
        let Schema::Record(record) = &parsed.schema else {
            return Err(RecordTypeError::NoRecord {
                record_type: name.to_owned(),
            });
        };
        let flat = columns::flatten(record).map_err(|fault| fault.of(name))?;
        Ok(Self {
            name: name.to_owned(),
            columns: flat.columns,
            lists: flat.lists,
            body: flat.body,
            schema: parsed.schema,
            fingerprints: parsed.fingerprints,
        })
    }

    /// The record type's name, as the feeds file uses it: `cctv_incident`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The reader's schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The fingerprints under which single-object messages may announce this schema; the specification's first.
    pub fn fingerprints(&self) -> &[Fingerprint] {
        &self.fingerprints
    }

    /// The columns: the envelope's in the schema's order, then the body's.
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    /// The arrays of records of the body.
    pub(crate) fn lists(&self) -> &[List] {
        &self.lists
    }

    /// The list that a column belongs to, and its field there.
    pub(crate) fn list_field(&self, spec: &ColumnSpec) -> Option<(&List, &ListField)> {
        let list = self
            .lists
            .iter()
            .find(|list| Some(&list.name) == spec.list.as_ref())?;
        let field = list.fields.iter().find(|field| field.entry.name == spec.name)?;
        Some((list, field))
    }

    /// The position of a field's column.
    pub fn column_index(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == field)
    }

    pub(crate) fn body(&self) -> Option<&Body> {
        self.body.as_ref()
    }
}

/// A field that was refused, before the record type's name is put to it.
#[derive(Debug)]
struct Fault {
    field: String,
    problem: String,
}

impl Fault {
    fn new(field: &str, problem: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    fn of(self, record_type: &str) -> RecordTypeError {
        RecordTypeError::Field {
            record_type: record_type.to_owned(),
            field: self.field,
            problem: self.problem,
        }
    }
}

/// A record's field with the path that messages name.
fn fields<'s>(record: &'s RecordSchema, prefix: &'s str) -> impl Iterator<Item = (String, &'s RecordField)> {
    record
        .fields
        .iter()
        .map(move |field| (format!("{prefix}{}", field.name), field))
}

#[cfg(test)]
mod tests;
