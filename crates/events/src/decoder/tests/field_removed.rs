//! A field that only the writer has is passed over, whatever its type.

use std::collections::HashMap;

use super::*;

const READER: &str = r#"{"name":"a","type":"int"},{"name":"z","type":"string"}"#;

#[track_caller]
fn skips(field_type: &str, value: Value) {
    let writer = record(&format!(
        r#"{{"name":"a","type":"int"}},{{"name":"x","type":{field_type}}},{{"name":"z","type":"string"}}"#
    ));
    let end = Value::String("end".to_owned());
    let read = agrees(
        &writer,
        &record(READER),
        &fields(&[("a", Value::Int(7)), ("x", value), ("z", end.clone())]),
    );
    assert_eq!(read, fields(&[("a", Value::Int(7)), ("z", end)]));
}

#[test]
fn primitives() {
    skips("\"null\"", Value::Null);
    skips("\"boolean\"", Value::Boolean(true));
    skips("\"int\"", Value::Int(-300));
    skips("\"long\"", Value::Long(i64::MIN));
    skips("\"float\"", Value::Float(1.5));
    skips("\"double\"", Value::Double(1.5));
    skips("\"bytes\"", Value::Bytes(vec![0xff; 200]));
    skips("\"string\"", Value::String("text".to_owned()));
}

#[test]
fn containers() {
    skips(
        r#"{"type":"array","items":"string"}"#,
        Value::Array(vec![Value::String("a".to_owned()); 3]),
    );
    skips(r#"{"type":"array","items":"int"}"#, Value::Array(Vec::new()));
    skips(
        r#"{"type":"array","items":"null"}"#,
        Value::Array(vec![Value::Null; 3]),
    );
    skips(
        r#"{"type":"map","values":"long"}"#,
        Value::Map(HashMap::from([("k".to_owned(), Value::Long(400))])),
    );
    skips(r#"["null","string"]"#, some(1, Value::String("text".to_owned())));
}

#[test]
fn named_types() {
    skips(
        r#"{"type":"enum","name":"E","symbols":["P","Q"]}"#,
        Value::Enum(1, "Q".to_owned()),
    );
    skips(
        r#"{"type":"fixed","name":"F","size":4}"#,
        Value::Fixed(4, vec![1, 2, 3, 4]),
    );
    skips(
        r#"{"type":"record","name":"N","fields":[{"name":"i","type":"int"},{"name":"s","type":"string"}]}"#,
        fields(&[("i", Value::Int(1)), ("s", Value::String("text".to_owned()))]),
    );
}

#[test]
fn a_named_type_used_again() {
    let writer = schema(&record(
        r#"{"name":"x","type":{"type":"fixed","name":"F","size":2}},{"name":"y","type":"F"},{"name":"a","type":"int"}"#,
    ));
    let read = decode_bytes(
        &writer,
        &record(r#"{"name":"a","type":"int"}"#),
        &[9, 9, 9, 9, 14],
    );
    assert_eq!(read.unwrap(), fields(&[("a", Value::Int(7))]));
}
