//! Bytes are read as a string, if they are one.

use super::*;

#[test]
fn bytes_to_string() {
    agrees(
        &record(r#"{"name":"a","type":"bytes"}"#),
        &record(r#"{"name":"a","type":"string"}"#),
        &fields(&[("a", Value::Bytes("Rusthall – café".into()))]),
    );
}

#[test]
fn bytes_that_are_no_text() {
    let error = decode(
        &record(r#"{"name":"a","type":"bytes"}"#),
        &record(r#"{"name":"a","type":"string"}"#),
        &fields(&[("a", Value::Bytes(vec![0xff, 0xfe]))]),
    );
    assert_eq!(error.unwrap_err(), "byte 3, field a: a string that is not UTF-8");
}

#[test]
fn a_string_that_is_no_text() {
    let writer = schema(&record(r#"{"name":"a","type":"string"}"#));
    let error = decode_bytes(
        &writer,
        &record(r#"{"name":"a","type":"string"}"#),
        &[4, 0xc3, 0x28],
    );
    assert_eq!(error.unwrap_err(), "byte 3, field a: a string that is not UTF-8");
}

#[test]
fn items_of_an_array() {
    let read = decode(
        &record(r#"{"name":"a","type":{"type":"array","items":"bytes"}}"#),
        &record(r#"{"name":"a","type":{"type":"array","items":"string"}}"#),
        &fields(&[("a", Value::Array(vec![Value::Bytes(b"x".to_vec())]))]),
    );
    assert_eq!(
        read.unwrap(),
        fields(&[("a", Value::Array(vec![Value::String("x".to_owned())]))])
    );
}
