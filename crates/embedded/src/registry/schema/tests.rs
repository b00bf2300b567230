use proptest::prelude::*;

use super::*;

fn same(a: &str, b: &str) -> bool {
    AvroSchema::parse(a).expect("valid").identity() == AvroSchema::parse(b).expect("valid").identity()
}

fn record(fields: &str) -> String {
    format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#)
}

#[test]
fn spelling_does_not_make_another_schema() {
    assert!(same(r#" "string" "#, r#"{"type":"string"}"#));
    assert!(same(
        r#"{"type":"record","name":"R","namespace":"n","fields":[{"name":"a","type":"int"}]}"#,
        r#"{"name":"n.R","fields":[{"type":{"type":"int"},"name":"a"}],"type":"record"}"#,
    ));
    let twice = |second: &str| {
        let first = r#"{"name":"a","type":{"type":"fixed","name":"F","size":2}}"#;
        format!(r#"{{"type":"record","name":"n.R","fields":[{first},{{"name":"b","type":"{second}"}}]}}"#)
    };
    assert!(same(&twice("F"), &twice("n.F")));
    let array =
        |kind: &str| format!(r#"{{"type":"record","name":"n.R","fields":[{{"name":"a","type":{kind}}}]}}"#);
    assert!(same(
        &array(r#"{"type":"array","items":"int"}"#),
        &array(r#"{"items":{"type":"int"},"type":"array"}"#)
    ));
}

#[test]
fn defaults_docs_and_attributes_do() {
    let plain = record(r#"{"name":"a","type":"int"}"#);
    for other in [
        record(r#"{"name":"a","type":"int","default":1}"#),
        record(r#"{"name":"a","type":"int","doc":"x"}"#),
        record(r#"{"name":"a","type":"int","codes":"ward"}"#),
        record(r#"{"name":"a","type":{"type":"int","logicalType":"date"}}"#),
        record(r#"{"name":"b","type":"int"}"#),
    ] {
        assert!(!same(&plain, &other), "{other}");
    }
}

#[test]
fn the_order_of_fields_and_symbols_counts() {
    let (a, b) = (r#"{"name":"a","type":"int"}"#, r#"{"name":"b","type":"int"}"#);
    assert!(!same(&record(&format!("{a},{b}")), &record(&format!("{b},{a}"))));
    assert!(!same(
        r#"{"type":"enum","name":"E","symbols":["A","B"]}"#,
        r#"{"type":"enum","name":"E","symbols":["B","A"]}"#,
    ));
}

#[test]
fn invalid_schemas_say_what_is_wrong() {
    for (bad, word) in [
        ("", "JSON"),
        ("{", "JSON"),
        (r#""nosuch""#, "nosuch"),
        (r#"{"type":"record","name":"R"}"#, "fields"),
        (r#"{"type":"record","name":"1R","fields":[]}"#, "1R"),
        (r#"{"type":"enum","name":"E","symbols":["A","A"]}"#, "A"),
        (r#"["int","int"]"#, ""),
        ("12", ""),
        ("null", ""),
    ] {
        let reason = AvroSchema::parse(bad).expect_err(bad);
        assert!(reason.contains(word), "{bad}: {reason}");
    }
}

#[test]
fn a_default_must_be_a_value_of_its_type() {
    let with = |kind: &str, default: &str| {
        AvroSchema::parse(&record(&format!(
            r#"{{"name":"a","type":{kind},"default":{default}}}"#
        )))
    };
    for (kind, default) in [
        (r#""int""#, "1"),
        (r#""double""#, "1"),
        (r#"["null","int"]"#, "null"),
        (r#"["int","null"]"#, "1"),
        (r#"{"type":"array","items":"string"}"#, r#"["x"]"#),
        (r#"{"type":"map","values":"long"}"#, r#"{"k":1}"#),
        (r#"{"type":"enum","name":"E","symbols":["A"]}"#, r#""A""#),
        (r#"{"type":"fixed","name":"F","size":2}"#, r#""ÿa""#),
        (
            r#"{"type":"record","name":"S","fields":[{"name":"b","type":"int"}]}"#,
            r#"{"b":1}"#,
        ),
        (r#"{"type":"long","logicalType":"timestamp-millis"}"#, "0"),
    ] {
        with(kind, default).expect(default);
    }
    for (kind, default) in [
        (r#""int""#, r#""x""#),
        (r#""int""#, "3000000000"),
        (r#""string""#, "null"),
        (r#"["int","null"]"#, "null"),
        (r#"{"type":"array","items":"string"}"#, "[1]"),
        (r#"{"type":"enum","name":"E","symbols":["A"]}"#, r#""B""#),
        (
            r#"{"type":"record","name":"S","fields":[{"name":"b","type":"int"}]}"#,
            "{}",
        ),
    ] {
        assert!(with(kind, default).is_err(), "{kind} {default}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_schema_or_an_error(text in "\\PC{0,80}") {
        let _ = AvroSchema::parse(&text);
    }

    #[test]
    fn any_json_of_schema_words_is_a_schema_or_an_error(value in schema_like()) {
        if let Err(reason) = AvroSchema::parse(&value.to_string()) {
            prop_assert!(!reason.contains("beyond the parser"), "the parser panicked");
        }
        if let Ok(schema) = AvroSchema::parse(&value.to_string()) {
            let again = AvroSchema::parse(schema.text()).expect("its own text is valid");
            prop_assert_eq!(again.identity(), schema.identity());
        }
    }
}

/// JSON made of the words that schemas are made of.
fn schema_like() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        "null|int|long|string|bytes|record|enum|fixed|array|map|error|decimal|uuid|date|R|n.R|A",
        "[a-zA-Z.]{0,3}",
    ];
    let leaf = prop_oneof![
        word.prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null)
    ];
    let key =
        "type|name|namespace|fields|items|values|symbols|size|default|aliases|logicalType|precision|scale|x";
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}
