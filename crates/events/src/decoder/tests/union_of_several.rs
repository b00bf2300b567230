//! A union of the writer's with branches that the reader does not take: refused only when a datum chooses one.

use super::*;

const WRITER: &str = r#"{"name":"a","type":["null","boolean","int","float"]}"#;
const READER: &str = r#"{"name":"a","type":["null","double"]}"#;

#[test]
fn each_branch_on_its_own() {
    let read = |value| decode(&record(WRITER), &record(READER), &fields(&[("a", value)]));
    assert_eq!(
        read(some(0, Value::Null)).unwrap(),
        fields(&[("a", some(0, Value::Null))])
    );
    assert_eq!(
        read(some(2, Value::Int(7))).unwrap(),
        fields(&[("a", some(1, Value::Double(7.0)))])
    );
    assert_eq!(
        read(some(3, Value::Float(0.5))).unwrap(),
        fields(&[("a", some(1, Value::Double(0.5)))])
    );
    assert_eq!(
        read(some(1, Value::Boolean(true))).unwrap_err(),
        "byte 1, field a: the writer has boolean, which cannot be read as double or null"
    );
}

#[test]
fn no_branch_that_fits_is_an_error_when_compiling() {
    let error = decode(
        &record(r#"{"name":"a","type":["boolean","string"]}"#),
        &record(READER),
        &fields(&[("a", some(0, Value::Boolean(true)))]),
    );
    assert!(error.unwrap_err().contains("field a: the writer has boolean"));
}

#[test]
fn a_branch_that_does_not_exist() {
    let error = decode_bytes(&schema(&record(WRITER)), &record(READER), &[8]);
    assert_eq!(
        error.unwrap_err(),
        "byte 1, field a: branch 4 of a union that has 4"
    );
    let error = decode_bytes(&schema(&record(WRITER)), &record(READER), &[1]);
    assert_eq!(
        error.unwrap_err(),
        "byte 1, field a: branch -1 of a union that has 4"
    );
}
