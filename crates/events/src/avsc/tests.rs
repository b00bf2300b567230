use proptest::prelude::*;

use super::*;

#[track_caller]
fn refused(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn names_on_which_the_library_panics_are_errors() {
    for text in [
        r#"{"type":"record","name":"not a name","fields":[]}"#,
        r#"{"type":"record","name":"R","aliases":["1"],"fields":[]}"#,
        r#"{"type":"enum","name":"E-1","symbols":["A"]}"#,
        r#"{"type":"fixed","name":"","size":1}"#,
        r#"{"type":"no such thing"}"#,
        r#"{"type":"record","name":"R","namespace":"a b","fields":[]}"#,
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert_eq!(
        refused(r#"{"type":"record","name":"R","fields":[{"name":"a b","type":"int"}]}"#),
        "the schema has a name that is not a name in Avro at $.fields[0].name"
    );
}

#[test]
fn too_long_too_deep_and_not_json_are_errors() {
    assert!(refused(&" ".repeat(MAX_BYTES + 1)).contains("at most"));
    assert_eq!(refused("{"), "the schema is not JSON");
    let mut deep = "\"int\"".to_owned();
    for _ in 0..=MAX_DEPTH {
        deep = format!("{{\"type\":\"array\",\"items\":{deep}}}");
    }
    assert!(parse(&deep).is_err());
}

#[test]
fn a_uuid_is_what_carries_it() {
    let parsed = parse(r#"{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}"#).unwrap();
    assert!(matches!(parsed.schema, Schema::Fixed(_)));
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "record", "enum", "fixed", "array", "map", "int", "string", "null", "R", "a.b", "", "1x", "date",
        "decimal",
    ]);
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "type",
        "name",
        "fields",
        "items",
        "values",
        "symbols",
        "size",
        "logicalType",
        "default",
        "aliases",
        "namespace",
        "precision",
        "scale",
    ]);
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(json in any_json()) {
        let _ = parse_json(json);
    }
}
