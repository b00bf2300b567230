use super::*;
use crate::kind::{DefaultValue, Kind};
use crate::testing;

#[track_caller]
fn refused(fields: &str) -> String {
    let json = format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#);
    RecordType::parse("r", &json).unwrap_err().to_string()
}

#[test]
fn envelope_comes_before_body() {
    let record_type = testing::incident();
    let names: Vec<&str> = record_type
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names.first(), Some(&"feed"));
    assert_eq!(names.last(), Some(&"strands"));
    let area = &record_type.columns()[record_type.column_index("camera_area").unwrap()];
    assert!(area.nullable && area.in_body && area.path() == "body.camera_area");
    let kind = &record_type.columns()[record_type.column_index("incident_type").unwrap()];
    assert_eq!(
        (kind.codes.as_deref(), &kind.kind),
        (Some("incident_type"), &Kind::String)
    );
    let quantity = &record_type.columns()[record_type.column_index("quantity").unwrap()];
    assert_eq!(quantity.default_value(), Some(&DefaultValue::Int(1)));
}

#[test]
fn what_columns_cannot_hold_is_named() {
    let enumeration = r#"{"name":"a","type":{"type":"enum","name":"E","symbols":["X"]}}"#;
    assert_eq!(
        refused(enumeration),
        "record type r, field a: only op is an enum; make it a string with the attribute codes"
    );
    let time = r#"{"name":"t","type":{"type":"int","logicalType":"time-millis"}}"#;
    assert_eq!(
        refused(time),
        "record type r, field t: the only logical types are date and timestamp-millis"
    );
    let unknown = r#"{"name":"t","type":["null",{"type":"string","logicalType":"postcode"}]}"#;
    assert_eq!(
        refused(unknown),
        "record type r, field t: the only logical types are date and timestamp-millis"
    );
    let body = r#"{"name":"body","type":{"type":"record","name":"B","fields":[]}}"#;
    assert_eq!(
        refused(body),
        "record type r, field body: must be a union of null and a record: a WITHDRAW has no body"
    );
    assert!(
        refused(r#"{"name":"d","type":"int","logicalType":"date"}"#).contains("field d: logicalType stands")
    );
    assert!(refused(r#"{"name":"f","type":"float"}"#).contains("field f: a type that no column holds"));
    assert!(refused(r#"{"name":"f","type":["null","int","string"]}"#).contains("field f: a union can only"));
    assert!(
        refused(r#"{"name":"f","type":["null",{"type":"array","items":"string"}]}"#)
            .contains("field f: an array")
    );
    assert!(refused(r#"{"name":"f","type":"int","codes":"x"}"#).contains("field f: only a string"));
}

#[test]
fn names_of_the_body_differ_from_the_envelopes() {
    let body = r#"{"name":"a","type":"int"},
        {"name":"body","type":["null",{"type":"record","name":"B","fields":[{"name":"a","type":"int"}]}]}"#;
    assert!(refused(body).contains("field body.a: the envelope has a field of that name"));
}
