//! A field that was renamed is found by the reader's alias.

use super::*;

const READER: &str = r#"{"name":"new","aliases":["old","older"],"type":"int"}"#;

#[test]
fn by_alias() {
    let read = decode(
        &record(r#"{"name":"older","type":"int"}"#),
        &record(READER),
        &fields(&[("older", Value::Int(7))]),
    );
    assert_eq!(read.unwrap(), fields(&[("new", Value::Int(7))]));
}

#[test]
fn the_name_itself_goes_before() {
    let writer = record(r#"{"name":"old","type":"string"},{"name":"new","type":"int"}"#);
    let old = Value::String("text".to_owned());
    let read = decode(
        &writer,
        &record(READER),
        &fields(&[("old", old), ("new", Value::Int(7))]),
    );
    assert_eq!(read.unwrap(), fields(&[("new", Value::Int(7))]));
}

#[test]
fn of_the_body() {
    let reader = record(
        r#"{"name":"body","aliases":["content"],"default":null,
            "type":["null",{"type":"record","name":"B","fields":[{"name":"new","aliases":["old"],"type":"int"}]}]}"#,
    );
    let writer = record(
        r#"{"name":"content","type":["null",{"type":"record","name":"C","fields":[{"name":"old","type":"int"}]}]}"#,
    );
    let read = decode(
        &writer,
        &reader,
        &fields(&[("content", some(1, fields(&[("old", Value::Int(7))])))]),
    );
    assert_eq!(
        read.unwrap(),
        fields(&[("body", some(1, fields(&[("new", Value::Int(7))])))])
    );
}
