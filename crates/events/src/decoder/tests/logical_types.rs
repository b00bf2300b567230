//! A logical type counts for nothing in resolution, except where both sides have one and they differ.

use super::*;

const DATE: &str = r#"{"name":"a","type":{"type":"int","logicalType":"date"}}"#;
const MILLIS: &str = r#"{"name":"a","type":{"type":"long","logicalType":"timestamp-millis"}}"#;

#[test]
fn plain_numbers_become_dates_and_timestamps() {
    agrees(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(DATE),
        &fields(&[("a", Value::Int(16251))]),
    );
    agrees(
        &record(r#"{"name":"a","type":"long"}"#),
        &record(MILLIS),
        &fields(&[("a", Value::Long(1_404_172_800_000))]),
    );
    agrees(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(MILLIS),
        &fields(&[("a", Value::Int(5))]),
    );
}

#[test]
fn dates_become_plain_numbers() {
    let read = decode(
        &record(DATE),
        &record(r#"{"name":"a","type":"int"}"#),
        &fields(&[("a", Value::Date(5))]),
    );
    assert_eq!(read.unwrap(), fields(&[("a", Value::Int(5))]));
}

#[test]
fn an_unknown_logical_type_is_its_carrier() {
    let writer = r#"{"name":"a","type":{"type":"string","logicalType":"uuid"}}"#;
    let read = decode_bytes(
        &schema(&record(writer)),
        &record(r#"{"name":"a","type":"string"}"#),
        &[2, b'x'],
    );
    assert_eq!(read.unwrap(), fields(&[("a", Value::String("x".to_owned()))]));
}

#[test]
fn microseconds_are_not_read_as_milliseconds() {
    let writer = r#"{"name":"a","type":{"type":"long","logicalType":"timestamp-micros"}}"#;
    let error = decode(
        &record(writer),
        &record(MILLIS),
        &fields(&[("a", Value::TimestampMicros(5))]),
    );
    assert_eq!(
        error.unwrap_err(),
        "the writer's schema does not fit record type r: field a: the writer has timestamp-micros, which cannot be read \
         as timestamp-millis (long)"
    );
    let writer = r#"{"name":"a","type":{"type":"int","logicalType":"time-millis"}}"#;
    assert!(
        decode(
            &record(writer),
            &record(DATE),
            &fields(&[("a", Value::TimeMillis(5))])
        )
        .is_err()
    );
    let writer = r#"{"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":4}}"#;
    let decoder = Decoder::compile(
        &schema(&record(writer)),
        &reader(&record(r#"{"name":"a","type":"string"}"#)),
    );
    assert!(decoder.unwrap_err().problem.contains("decimal"));
}
