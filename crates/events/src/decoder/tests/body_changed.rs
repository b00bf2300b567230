//! The nested record: fields of it come, go and change like the envelope's; it may be missing, null or always there.

use super::*;

const READER: &str = r#"{"name":"a","type":"int"},{"name":"body","default":null,"type":["null",
    {"type":"record","name":"B","fields":[
        {"name":"b","type":"long"},
        {"name":"c","type":["null","string"],"default":null},
        {"name":"q","type":"int","default":1}]}]}"#;

fn writer(body_type: &str) -> String {
    record(&format!(
        r#"{{"name":"body","type":{body_type}}},{{"name":"a","type":"int"}}"#
    ))
}

fn value(body: Value) -> Value {
    fields(&[("body", body), ("a", Value::Int(7))])
}

fn expected(b: i64, q: i32) -> Value {
    let inner = fields(&[
        ("b", Value::Long(b)),
        ("c", some(0, Value::Null)),
        ("q", Value::Int(q)),
    ]);
    fields(&[("a", Value::Int(7)), ("body", some(1, inner))])
}

#[test]
fn fields_added_removed_promoted() {
    let body = r#"["null",{"type":"record","name":"B","fields":[
        {"name":"gone","type":"string"},{"name":"b","type":"int"}]}]"#;
    let inner = fields(&[("gone", Value::String("x".to_owned())), ("b", Value::Int(-3))]);
    let read = agrees(&writer(body), &record(READER), &value(some(1, inner)));
    assert_eq!(read, expected(-3, 1));
}

#[test]
fn null_is_no_body() {
    let body = r#"["null",{"type":"record","name":"B","fields":[{"name":"b","type":"int"}]}]"#;
    let read = agrees(&writer(body), &record(READER), &value(some(0, Value::Null)));
    assert_eq!(
        read,
        fields(&[("a", Value::Int(7)), ("body", some(0, Value::Null))])
    );
}

#[test]
fn always_there() {
    let body =
        r#"{"type":"record","name":"Other","fields":[{"name":"b","type":"long"},{"name":"q","type":"int"}]}"#;
    let inner = fields(&[("b", Value::Long(9)), ("q", Value::Int(4))]);
    assert_eq!(
        agrees(&writer(body), &record(READER), &value(inner)),
        expected(9, 4)
    );
}

#[test]
fn null_as_second_branch() {
    let body = r#"[{"type":"record","name":"B","fields":[{"name":"b","type":"int"}]},"null"]"#;
    let read = decode(
        &writer(body),
        &record(READER),
        &value(some(0, fields(&[("b", Value::Int(2))]))),
    );
    assert_eq!(read.unwrap(), expected(2, 1));
}

#[test]
fn missing_is_no_body() {
    let read = agrees(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(READER),
        &fields(&[("a", Value::Int(7))]),
    );
    assert_eq!(
        read,
        fields(&[("a", Value::Int(7)), ("body", some(0, Value::Null))])
    );
}

#[test]
fn a_field_that_does_not_fit_is_named() {
    let body = r#"["null",{"type":"record","name":"B","fields":[{"name":"b","type":"string"}]}]"#;
    let error = decode(&writer(body), &record(READER), &value(some(0, Value::Null))).unwrap_err();
    assert!(
        error.ends_with("field body.b: the writer has string, which cannot be read as long"),
        "{error}"
    );
    let error = decode(
        &writer("\"string\""),
        &record(READER),
        &value(Value::String(String::new())),
    )
    .unwrap_err();
    assert!(
        error.ends_with("field body: the writer has string where a record or null is needed"),
        "{error}"
    );
}

#[test]
fn a_null_where_none_is_allowed_is_named_by_its_path() {
    let body = r#"{"type":"record","name":"B","fields":[{"name":"b","type":["null","long"]}]}"#;
    let inner = fields(&[("b", some(0, Value::Null))]);
    let error = decode(&writer(body), &record(READER), &value(inner)).unwrap_err();
    assert_eq!(error, "byte 1, field body.b: is null, and has to be given");
}
