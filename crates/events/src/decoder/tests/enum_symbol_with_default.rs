//! A symbol that only the writer has is read as the default of the reader's enum, if it has one.

use super::*;

#[test]
fn the_default_stands_for_it() {
    agrees(
        &record(r#"{"name":"op","type":{"type":"enum","name":"Op","symbols":["MERGE","SUBMIT"]}}"#),
        &record(
            r#"{"name":"op","type":{"type":"enum","name":"Op","symbols":["SUBMIT","AMEND"],"default":"AMEND"}}"#,
        ),
        &fields(&[("op", Value::Enum(0, "MERGE".to_owned()))]),
    );
}
