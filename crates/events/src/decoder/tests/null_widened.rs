//! A field that was always given may become nullable.

use super::*;

#[test]
fn null_first() {
    agrees(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(r#"{"name":"a","type":["null","int"]}"#),
        &fields(&[("a", Value::Int(7))]),
    );
}

#[test]
fn null_last_and_promoted() {
    let read = decode(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(r#"{"name":"a","type":["long","null"]}"#),
        &fields(&[("a", Value::Int(7))]),
    );
    assert_eq!(read.unwrap(), fields(&[("a", some(0, Value::Long(7)))]));
}

#[test]
fn a_writer_that_only_has_null() {
    agrees(
        &record(r#"{"name":"a","type":"null"}"#),
        &record(r#"{"name":"a","type":["null","int"]}"#),
        &fields(&[("a", Value::Null)]),
    );
}
