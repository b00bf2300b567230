//! Arrays of records are read into columns of lists; the records are resolved as the top level is.

use super::*;

const DATE: &str = r#"{"type":"int","logicalType":"date"}"#;

/// A schema of a record whose body has an array of records with these fields.
fn with_list(list: &str, attributes: &str, fields: &str) -> String {
    record(&format!(
        r#"{{"name":"body","default":null,"type":["null",{{"type":"record","name":"B","fields":[
            {{"name":"{list}",{attributes}"type":{{"type":"array","items":{{"type":"record","name":"S","fields":[{fields}]}}}}}}
        ]}}]}}"#
    ))
}

fn spells() -> String {
    with_list(
        "spells",
        r#""aliases":["episodes"],"#,
        &format!(
            r#"{{"name":"opened_on","aliases":["begun_on"],"type":{DATE}}},
               {{"name":"closed_on","default":null,"type":["null",{DATE}]}},
               {{"name":"kind","default":"NEW","type":"string"}}"#
        ),
    )
}

fn body(list: &str, records: Vec<Value>) -> Value {
    fields(&[("body", some(1, fields(&[(list, Value::Array(records))])))])
}

fn spell(opened: i32, closed: Option<i32>, kind: &str) -> Value {
    fields(&[
        ("opened_on", Value::Date(opened)),
        (
            "closed_on",
            closed.map_or(some(0, Value::Null), |day| some(1, Value::Date(day))),
        ),
        ("kind", Value::String(kind.to_owned())),
    ])
}

#[test]
fn each_field_is_a_column_of_lists() {
    let record_type = reader(&spells());
    let names: Vec<&str> = record_type
        .columns()
        .iter()
        .map(|spec| spec.name.as_str())
        .collect();
    assert_eq!(names, ["spells_opened_on", "spells_closed_on", "spells_kind"]);
    let bytes = to_avro_datum(
        record_type.schema(),
        body("spells", vec![spell(1, Some(5), "A"), spell(7, None, "B")]),
    )
    .unwrap();
    let mut columns = Columns::new(&record_type);
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    decoder.decode(&bytes, &mut columns).unwrap();
    // No body: empty lists.
    decoder.decode(&[0], &mut columns).unwrap();
    let dates = |column, row| columns.dates(column, row).unwrap().collect::<Vec<_>>();
    assert_eq!((dates(0, 0), dates(0, 1)), (vec![Some(1), Some(7)], vec![]));
    assert_eq!(dates(1, 0), [Some(5), None]);
    assert_eq!(columns.list(2, 0).unwrap().collect::<Vec<_>>(), ["A", "B"]);
    assert!(!columns.is_null(1, 0) && columns.dates(2, 0).is_none() && columns.list(0, 0).is_none());
}

#[test]
fn fields_are_added_skipped_and_reordered() {
    let writer = with_list(
        "spells",
        "",
        &format!(r#"{{"name":"x","type":["null","string"]}},{{"name":"opened_on","type":{DATE}}}"#),
    );
    let record = |x, opened| fields(&[("x", x), ("opened_on", Value::Date(opened))]);
    let written = body(
        "spells",
        vec![
            record(some(1, Value::String("text".to_owned())), 3),
            record(some(0, Value::Null), 9),
        ],
    );
    let read = agrees(&writer, &spells(), &written);
    assert_eq!(
        read,
        body("spells", vec![spell(3, None, "NEW"), spell(9, None, "NEW")])
    );
}

#[test]
fn lists_and_their_fields_are_found_by_alias() {
    let writer = with_list("episodes", "", r#"{"name":"begun_on","type":"int"}"#);
    let written = body("episodes", vec![fields(&[("begun_on", Value::Int(4))])]);
    assert_eq!(
        decode(&writer, &spells(), &written).unwrap(),
        body("spells", vec![spell(4, None, "NEW")])
    );
}

#[test]
fn a_list_that_the_writer_does_not_have() {
    let writer = with_list("other", "", r#"{"name":"a","type":"int"}"#);
    let error = decode(&writer, &spells(), &body("other", Vec::new())).unwrap_err();
    assert!(
        error.ends_with(
            "field body.spells: the writer does not have it, and there is no default to stand for it"
        ),
        "{error}"
    );
    let empty = spells().replace(r#""aliases":["episodes"],"#, r#""default":[],"#);
    assert_eq!(
        decode(&writer, &empty, &body("other", Vec::new())).unwrap(),
        body("spells", Vec::new())
    );
}

#[test]
fn fields_that_do_not_fit_are_named() {
    let fails = |fields: &str| {
        let writer = schema(&with_list("spells", "", fields));
        Decoder::compile(&writer, &reader(&spells()))
            .unwrap_err()
            .to_string()
    };
    assert!(
        fails(r#"{"name":"opened_on","type":"string"}"#).ends_with(
            "field body.spells.opened_on: the writer has string, which cannot be read as date (int)"
        )
    );
    assert!(
        fails(r#"{"name":"closed_on","type":"int"}"#)
            .contains("field body.spells.opened_on: the writer does not have it")
    );
    let strings = record(
        r#"{"name":"body","type":["null",{"type":"record","name":"B","fields":[
            {"name":"spells","type":{"type":"array","items":"string"}}]}]}"#,
    );
    let error = Decoder::compile(&schema(&strings), &reader(&spells())).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("field body.spells: the writer's array has string, which is no record"),
        "{error}"
    );
}

#[test]
fn a_null_date_takes_its_list_back() {
    let writer = with_list(
        "spells",
        "",
        &format!(r#"{{"name":"opened_on","type":["null",{DATE}]}}"#),
    );
    let opened = |day| fields(&[("opened_on", day)]);
    let written = body(
        "spells",
        vec![opened(some(1, Value::Date(4))), opened(some(0, Value::Null))],
    );
    assert_eq!(
        decode(&writer, &spells(), &written).unwrap_err(),
        "byte 5, field body.spells.opened_on: is null, and has to be given"
    );
}

#[test]
fn unions_around_the_list_and_its_records() {
    let item =
        format!(r#"["null",{{"type":"record","name":"S","fields":[{{"name":"opened_on","type":{DATE}}}]}}]"#);
    let writer = record(&format!(
        r#"{{"name":"body","type":["null",{{"type":"record","name":"B","fields":[
            {{"name":"spells","type":["null",{{"type":"array","items":{item}}}]}}]}}]}}"#
    ));
    let given = |records: Value| fields(&[("body", some(1, fields(&[("spells", records)])))]);
    let opened = some(1, fields(&[("opened_on", Value::Date(4))]));
    let written = given(some(1, Value::Array(vec![opened.clone()])));
    assert_eq!(
        decode(&writer, &spells(), &written).unwrap(),
        body("spells", vec![spell(4, None, "NEW")])
    );
    assert_eq!(
        decode(&writer, &spells(), &given(some(0, Value::Null))).unwrap_err(),
        "byte 2, field body.spells: body.spells: is null, and has to be given"
    );
    let with_null = given(some(1, Value::Array(vec![opened, some(0, Value::Null)])));
    assert!(
        decode(&writer, &spells(), &with_null)
            .unwrap_err()
            .ends_with("the writer's array has null, which is no record")
    );
}

#[test]
fn records_of_no_bytes_are_refused() {
    let all_default = spells().replace(
        &format!(r#""aliases":["begun_on"],"type":{DATE}"#),
        &format!(r#""default":0,"type":{DATE}"#),
    );
    let writer = schema(&with_list("spells", "", r#"{"name":"x","type":"null"}"#));
    let error = Decoder::compile(&writer, &reader(&all_default)).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("field body.spells: the writer's records have nothing in them"),
        "{error}"
    );
}

#[test]
fn a_count_beyond_the_end() {
    let writer = schema(&spells());
    assert_eq!(
        decode_bytes(&writer, &spells(), &[2, 40, 2]).unwrap_err(),
        "byte 2, field body.spells: a length of 20 where 1 bytes are left"
    );
}
