//! Items of a writer's array may be a union; a branch that is no string is refused when it comes.

use super::*;

const WRITER: &str = r#"{"name":"a","type":{"type":"array","items":["null","string"]}}"#;
const READER: &str = r#"{"name":"a","type":{"type":"array","items":"string"}}"#;

#[test]
fn strings_are_read() {
    let text = || Value::String("text".to_owned());
    let read = decode(
        &record(WRITER),
        &record(READER),
        &fields(&[("a", Value::Array(vec![some(1, text())]))]),
    );
    assert_eq!(read.unwrap(), fields(&[("a", Value::Array(vec![text()]))]));
}

#[test]
fn a_null_is_refused_and_takes_the_items_back() {
    let items = vec![some(1, Value::String("text".to_owned())), some(0, Value::Null)];
    let error = decode(
        &record(WRITER),
        &record(READER),
        &fields(&[("a", Value::Array(items))]),
    );
    assert_eq!(
        error.unwrap_err(),
        "byte 8, field a: the writer's array has null, which is no string"
    );
}

#[test]
fn an_array_of_something_else() {
    let error = decode(
        &record(r#"{"name":"a","type":{"type":"array","items":"int"}}"#),
        &record(READER),
        &fields(&[("a", Value::Array(Vec::new()))]),
    );
    assert!(
        error
            .unwrap_err()
            .ends_with("field a: the writer's array has int, which is no string")
    );
}
