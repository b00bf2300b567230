//! A symbol that only the writer has is refused when it comes; the others are translated by name.

use super::*;

const READER: &str = r#"{"name":"op","type":{"type":"enum","name":"Op","symbols":["SUBMIT","AMEND"]}}"#;
const WRITER: &str =
    r#"{"name":"op","type":{"type":"enum","name":"Op","symbols":["MERGE","AMEND","SUBMIT"]}}"#;

#[test]
fn known_symbols_are_translated() {
    agrees(
        &record(WRITER),
        &record(READER),
        &fields(&[("op", Value::Enum(2, "SUBMIT".to_owned()))]),
    );
    agrees(
        &record(WRITER),
        &record(READER),
        &fields(&[("op", Value::Enum(1, "AMEND".to_owned()))]),
    );
}

#[test]
fn an_unknown_symbol_is_refused() {
    let error = decode(
        &record(WRITER),
        &record(READER),
        &fields(&[("op", Value::Enum(0, "MERGE".to_owned()))]),
    );
    assert_eq!(
        error.unwrap_err(),
        "byte 1, field op: symbol 0 of the writer's enum is not known here"
    );
}

#[test]
fn a_symbol_that_does_not_exist() {
    let error = decode_bytes(&schema(&record(WRITER)), &record(READER), &[6]);
    assert_eq!(
        error.unwrap_err(),
        "byte 1, field op: symbol 3 of an enum that has 3"
    );
}

#[test]
fn a_string_is_no_enum() {
    let error = decode(
        &record(r#"{"name":"op","type":"string"}"#),
        &record(READER),
        &fields(&[("op", Value::String("SUBMIT".to_owned()))]),
    );
    assert!(
        error
            .unwrap_err()
            .ends_with("field op: the writer has string, which cannot be read as an enum of SUBMIT, AMEND")
    );
}
