//! A field that was nullable may become required: values are read, a null is refused when it comes.

use super::*;

const WRITER: &str = r#"{"name":"a","type":["null","string"]}"#;
const READER: &str = r#"{"name":"a","type":"string"}"#;

#[test]
fn a_value_is_read() {
    let text = Value::String("text".to_owned());
    agrees(&record(WRITER), &record(READER), &fields(&[("a", some(1, text))]));
}

#[test]
fn a_null_is_named() {
    let error = decode(
        &record(WRITER),
        &record(READER),
        &fields(&[("a", some(0, Value::Null))]),
    );
    assert_eq!(
        error.unwrap_err(),
        "byte 1, field a: is null, and has to be given"
    );
}

#[test]
fn branches_may_change_places() {
    let text = Value::String("text".to_owned());
    let read = decode(
        &record(r#"{"name":"a","type":["string","null"]}"#),
        &record(WRITER),
        &fields(&[("a", some(0, text.clone()))]),
    );
    assert_eq!(read.unwrap(), fields(&[("a", some(1, text))]));
}
