//! A field that only the reader has, and without a default, is refused when compiling, by name.

use super::*;

#[test]
fn is_named() {
    let error = decode(
        &record(r#"{"name":"a","type":"int"}"#),
        &record(r#"{"name":"a","type":"int"},{"name":"b","type":["null","int"]}"#),
        &fields(&[("a", Value::Int(7))]),
    );
    assert_eq!(
        error.unwrap_err(),
        "the writer's schema does not fit record type r: field b: the writer does not have it, and there is no default \
         to stand for it"
    );
}
