use super::*;

fn form(json: &str) -> String {
    canonical_form(&serde_json::from_str(json).unwrap())
}

fn fingerprint(json: &str) -> u64 {
    u64::from_le_bytes(rabin(form(json).as_bytes()))
}

/// Cases of the Avro project's own `schema-tests.txt`.
#[test]
fn agrees_with_the_test_data_of_avro() {
    assert_eq!(fingerprint("\"null\"").cast_signed(), 7_195_948_357_588_979_594);
    assert_eq!(fingerprint("\"int\"").cast_signed(), 8_247_732_601_305_521_295);
    assert_eq!(
        fingerprint("{\"type\":\"boolean\"}").cast_signed(),
        -6_970_731_678_124_411_036
    );
    let record = r#"{"fields":[{"name":"f1","type":{"type":"boolean"}}],"type":"record","name":"foo"}"#;
    assert_eq!(
        form(record),
        r#"{"name":"foo","type":"record","fields":[{"name":"f1","type":"boolean"}]}"#
    );
    assert_eq!(fingerprint(record).cast_signed(), 7_843_277_075_252_814_651);
    let fixed = r#"{"namespace":"x.y.z","type":"fixed","name":"a.b.foo","size":32}"#;
    assert_eq!(form(fixed), r#"{"name":"a.b.foo","type":"fixed","size":32}"#);
}

#[test]
fn nested_names_take_the_namespace_around_them() {
    let json = r#"{"type":"record","name":"R","namespace":"q","doc":"x","fields":[
        {"name":"op","type":{"type":"enum","name":"Op","symbols":["A","B"]},"default":"A"},
        {"name":"again","type":["null","Op"],"aliases":["o"]},
        {"name":"all","type":{"type":"array","items":"string","x":1}}]}"#;
    assert_eq!(
        form(json),
        concat!(
            r#"{"name":"q.R","type":"record","fields":["#,
            r#"{"name":"op","type":{"name":"q.Op","type":"enum","symbols":["A","B"]}},"#,
            r#"{"name":"again","type":["null","q.Op"]},"#,
            r#"{"name":"all","type":{"type":"array","items":"string"}}]}"#
        )
    );
}

#[test]
fn a_logical_type_is_not_part_of_the_form() {
    assert_eq!(form(r#"{"type":"int","logicalType":"date"}"#), "\"int\"");
}

#[test]
fn rust_writers_of_logical_types_are_found_too() {
    let json: Value = serde_json::from_str(
        r#"{"type":"record","name":"R","fields":[{"name":"d","type":{"type":"int","logicalType":"date"}}]}"#,
    )
    .unwrap();
    let theirs = apache_avro::Schema::parse(&json)
        .unwrap()
        .fingerprint::<apache_avro::rabin::Rabin>()
        .bytes;
    let ours = fingerprints(&json);
    assert_eq!(ours.len(), 2);
    assert!(
        ours.iter().any(|f| f.as_slice() == theirs),
        "{theirs:?} not in {ours:?}"
    );
}

#[test]
fn an_array_of_records_in_a_body() {
    let schema = form(
        r#"{"type":"record","name":"R","namespace":"n","fields":[{"name":"spells","doc":"d","default":[],
            "type":{"type":"array","items":{"type":"record","name":"S","doc":"d","fields":[
                {"name":"risk","codes":"risk","type":"string"},
                {"name":"on","type":["null",{"type":"int","logicalType":"date"}],"default":null}]}}}]}"#,
    );
    let expected = r#"{"name":"n.R","type":"record","fields":[{"name":"spells","type":{"type":"array","items":{"name":"n.S","type":"record","fields":[{"name":"risk","type":"string"},{"name":"on","type":["null","int"]}]}}}]}"#;
    assert_eq!(schema, expected);
}
