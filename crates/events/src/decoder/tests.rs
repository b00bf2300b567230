//! One file per rule of evolution, and what hostile bytes do.

mod array_blocks;
mod array_items_union;
mod body_changed;
mod bounds;
mod enum_symbol_added;
mod enum_symbol_with_default;
mod field_added_with_default;
mod field_added_without_default;
mod field_alias;
mod field_promoted;
mod field_removed;
mod field_reordered;
mod fixtures;
mod list_of_records;
mod logical_types;
mod null_narrowed;
mod null_widened;
mod real_schemas;
mod recursive_writer;
mod string_bytes;
mod union_of_several;

use apache_avro::types::Value;
use apache_avro::{Schema, from_avro_datum, to_avro_datum};

use super::*;
use crate::avsc;
use crate::testing;

/// A schema of a record with these fields.
fn record(fields: &str) -> String {
    format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#)
}

fn schema(json: &str) -> Schema {
    avsc::parse(json).unwrap().schema
}

#[track_caller]
fn reader(json: &str) -> RecordType {
    RecordType::parse("r", json).unwrap()
}

/// The fields of a record as Avro's generic value.
fn fields(fields: &[(&str, Value)]) -> Value {
    Value::Record(
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    )
}

fn some(branch: u32, value: Value) -> Value {
    Value::Union(branch, Box::new(value))
}

/// Writes a value with the writer's schema and reads it into the reader's columns.
#[track_caller]
fn decode(writer: &str, reader_json: &str, value: &Value) -> Result<Value, String> {
    let writer = schema(writer);
    let bytes = to_avro_datum(&writer, value.clone()).unwrap();
    decode_bytes(&writer, reader_json, &bytes)
}

#[track_caller]
fn decode_bytes(writer: &Schema, reader_json: &str, bytes: &[u8]) -> Result<Value, String> {
    let record_type = reader(reader_json);
    let mut columns = Columns::new(&record_type);
    let decoder = Decoder::compile(writer, &record_type).map_err(|error| error.to_string())?;
    if let Err(error) = decoder.decode(bytes, &mut columns) {
        assert_eq!(
            columns,
            Columns::new(&record_type),
            "a failed datum left something behind"
        );
        return Err(error.to_string());
    }
    Ok(testing::row(&record_type, &columns, 0))
}

/// Decodes, and expects what apache-avro resolves the same bytes to.
#[track_caller]
fn agrees(writer: &str, reader_json: &str, value: &Value) -> Value {
    let ours = decode(writer, reader_json, value).unwrap();
    let (writer, to) = (schema(writer), schema(reader_json));
    let bytes = to_avro_datum(&writer, value.clone()).unwrap();
    let theirs = from_avro_datum(&writer, &mut bytes.as_slice(), Some(&to)).unwrap();
    assert_eq!(ours, theirs);
    ours
}
