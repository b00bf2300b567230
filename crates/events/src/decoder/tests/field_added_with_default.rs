//! A field that only the reader has takes the reader's default.

use super::*;

#[test]
fn of_every_kind() {
    let reader = record(
        r#"{"name":"a","type":"int"},
        {"name":"flag","type":"boolean","default":true},
        {"name":"count","type":"int","default":1},
        {"name":"serial","type":"long","default":-5},
        {"name":"score","type":"double","default":0.5},
        {"name":"text","type":"string","default":"none"},
        {"name":"note","type":["null","string"],"default":null},
        {"name":"list","type":{"type":"array","items":"string"},"default":["x","y"]}"#,
    );
    let read = agrees(
        &record(r#"{"name":"a","type":"int"}"#),
        &reader,
        &fields(&[("a", Value::Int(7))]),
    );
    let Value::Record(read) = read else { panic!() };
    assert_eq!(read[2], ("count".to_owned(), Value::Int(1)));
}

#[test]
fn a_default_may_be_of_the_second_branch() {
    let read = decode(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(r#"{"name":"a","type":"int"},{"name":"q","type":["null","int"],"default":1}"#),
        &fields(&[("a", Value::Int(7))]),
    );
    assert_eq!(
        read.unwrap(),
        fields(&[("a", Value::Int(7)), ("q", some(1, Value::Int(1)))])
    );
}

#[test]
fn dates_and_timestamps_take_numbers() {
    let read = decode(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(
            r#"{"name":"a","type":"int"},
            {"name":"d","type":{"type":"int","logicalType":"date"},"default":16000},
            {"name":"t","type":{"type":"long","logicalType":"timestamp-millis"},"default":1}"#,
        ),
        &fields(&[("a", Value::Int(7))]),
    );
    let expected = [
        ("a", Value::Int(7)),
        ("d", Value::Date(16000)),
        ("t", Value::TimestampMillis(1)),
    ];
    assert_eq!(read.unwrap(), fields(&expected));
}
