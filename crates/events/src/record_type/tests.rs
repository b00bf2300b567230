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

fn body(fields: &str) -> String {
    format!(r#"{{"name":"body","type":["null",{{"type":"record","name":"B","fields":[{fields}]}}]}}"#)
}

fn list(attributes: &str, fields: &str) -> String {
    format!(
        r#"{{"name":"stays",{attributes}"type":{{"type":"array","items":{{"type":"record","name":"S","fields":[{fields}]}}}}}}"#
    )
}

#[test]
fn an_array_of_records_is_columns_of_lists() {
    let record_type = testing::incident();
    let spec = |name: &str| &record_type.columns()[record_type.column_index(name).unwrap()];
    let until = spec("stays_until_on");
    assert_eq!((&until.kind, until.nullable), (&Kind::Dates, true));
    assert_eq!(
        (until.list.as_deref(), until.path().as_str()),
        (Some("stays"), "body.stays.until_on")
    );
    assert_eq!(until.default_value(), Some(&DefaultValue::NoEntries));
    assert!(!spec("stays_from_on").nullable);
    let kind = spec("stays_kind");
    assert_eq!(
        (&kind.kind, kind.codes.as_deref()),
        (&Kind::Strings, Some("strands"))
    );
    assert_eq!(spec("strands").list, None);
    let of_list: Vec<usize> = record_type.lists()[0]
        .fields
        .iter()
        .map(|field| field.column)
        .collect();
    let from = record_type.column_index("stays_from_on").unwrap();
    assert_eq!(of_list, [from, from + 1, from + 2]);
}

#[test]
fn what_lists_cannot_hold_is_named() {
    let int = r#"{"name":"a","type":"int"}"#;
    let text = r#"{"name":"a","type":"string"}"#;
    for (fields, message) in [
        (
            body(&list("", int)),
            "field body.stays.a: a record of an array can only have strings, dates",
        ),
        (
            body(&list("", r#"{"name":"a","type":["null","string"]}"#)),
            "field body.stays.a: a record of an array can only have strings, dates",
        ),
        (
            body(&list("", "")),
            "field body.stays: its records have no fields",
        ),
        (
            body(&list(r#""default":[{"a":"x"}],"#, text)),
            "field body.stays: its default can only be an empty array",
        ),
        (
            body(&list(r#""codes":"strands","#, text)),
            "field body.stays: codes belong to the fields of its records",
        ),
        (
            list("", text),
            "field stays: an array can only be of strings, or in the body of records",
        ),
        (
            body(&format!(
                r#"{{"name":"stays_a","type":"int"}},{}"#,
                list("", text)
            )),
            "field body.stays.a: its column would have the name of body.stays_a; rename one of them",
        ),
        (
            format!(r#"{{"name":"stays_a","type":"int"}},{}"#, body(&list("", text))),
            "field body.stays.a: the envelope has a field of that name",
        ),
    ] {
        let refused = refused(&fields);
        assert!(refused.contains(message), "{refused}");
    }
}
