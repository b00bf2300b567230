use apache_avro::from_avro_datum;
use apache_avro::types::Value as Avro;
use serde_json::json;

use super::*;
use crate::testing;

fn flat() -> Value {
    json!({
        "feed": "f", "partner": "p", "ref": "L1", "op": "SUBMIT", "version": 1,
        "sent_at": "2014-07-01T09:00:00Z", "occurred_at": "2014-06-30T23:30:00.25Z", "closed_on": "2014-07-01",
        "incident_type": "ASB", "monitored": true, "arrests": 2, "score": 1.5, "strands": ["RACE"]
    })
}

fn with(changes: Value) -> Value {
    let mut record = flat();
    for (key, value) in changes.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

#[track_caller]
fn encode(record: &Value) -> Avro {
    let record_type = testing::incident();
    let bytes = Encoder::new(&record_type).encode(record).unwrap();
    let mut rest = bytes.as_slice();
    let value = from_avro_datum(record_type.schema(), &mut rest, None).unwrap();
    assert!(rest.is_empty());
    value
}

#[track_caller]
fn refused(record: &Value) -> String {
    Encoder::new(&testing::incident())
        .encode(record)
        .unwrap_err()
        .to_string()
}

#[track_caller]
fn field(record: &Value, name: &str) -> Avro {
    let get = |value: &Avro, name: &str| match value {
        Avro::Record(fields) => fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.clone()),
        _ => None,
    };
    let record = encode(record);
    get(&record, name).unwrap_or_else(|| match get(&record, BODY) {
        Some(Avro::Union(_, body)) => get(&body, name).unwrap(),
        other => panic!("{other:?}"),
    })
}

fn some(branch: u32, value: Avro) -> Avro {
    Avro::Union(branch, Box::new(value))
}

#[test]
fn every_kind_of_value() {
    assert_eq!(field(&flat(), "op"), Avro::Enum(0, "SUBMIT".to_owned()));
    assert_eq!(
        field(&flat(), "occurred_at"),
        Avro::TimestampMillis(1_404_171_000_250)
    );
    assert_eq!(field(&flat(), "closed_on"), some(1, Avro::Date(16252)));
    assert_eq!(field(&flat(), "monitored"), Avro::Boolean(true));
    assert_eq!(field(&flat(), "arrests"), Avro::Int(2));
    assert_eq!(field(&flat(), "score"), some(0, Avro::Double(1.5)));
    assert_eq!(
        field(&flat(), "strands"),
        Avro::Array(vec![Avro::String("RACE".to_owned())])
    );
}

#[test]
fn what_is_not_given_is_the_default_or_null() {
    assert_eq!(field(&flat(), "quantity"), Avro::Int(1));
    assert_eq!(field(&flat(), "serial"), Avro::Long(7));
    assert_eq!(field(&flat(), "return_id"), Avro::String(String::new()));
    assert_eq!(field(&flat(), "camera_area"), some(0, Avro::Null));
    assert_eq!(field(&with(json!({"score": null})), "score"), some(1, Avro::Null));
}

#[test]
fn empty_strings_of_the_flat_form() {
    let record = with(json!({"camera_area": "", "closed_on": " ", "quantity": "", "score": ""}));
    assert_eq!(field(&record, "camera_area"), some(0, Avro::Null));
    assert_eq!(field(&record, "closed_on"), some(0, Avro::Null));
    assert_eq!(field(&record, "quantity"), Avro::Int(1));
    assert_eq!(field(&record, "score"), some(1, Avro::Null));
    assert_eq!(
        refused(&with(json!({"arrests": ""}))),
        "body.arrests: is missing, and has to be given"
    );
}

fn nested(body: Value) -> Value {
    json!({
        "feed": "f", "partner": "p", "ref": "L1", "op": "SUBMIT", "version": 1, "sent_at": "2014-07-01T09:00:00Z",
        "body": body
    })
}

#[test]
fn the_nested_form_is_the_same_record() {
    let mut body = flat();
    let envelope = ["feed", "partner", "ref", "op", "version", "sent_at"];
    body.as_object_mut()
        .unwrap()
        .retain(|key, _| !envelope.contains(&key.as_str()));
    assert_eq!(encode(&nested(body)), encode(&flat()));
}

#[test]
fn no_body() {
    let null = some(0, Avro::Null);
    let body = |record: &Value| match encode(record) {
        Avro::Record(fields) => fields.last().unwrap().1.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(body(&nested(Value::Null)), null);
    let withdrawal = json!({
        "feed": "f", "partner": "p", "ref": "L1", "op": "WITHDRAW", "version": 2, "reason": "ERROR",
        "sent_at": "2014-07-01T09:00:00Z", "arrests": "", "camera_area": null
    });
    assert_eq!(body(&withdrawal), null);
    assert_eq!(
        refused(&with(json!({"op": "WITHDRAW", "occurred_at": ""}))),
        "body.occurred_at: is missing, and has to be given"
    );
}

#[test]
fn times_without_an_offset_are_londons() {
    let occurred = |text: &str| field(&with(json!({"occurred_at": text})), "occurred_at");
    assert_eq!(occurred("2014-07-01T00:30"), occurred("2014-06-30T23:30:00Z"));
    assert_eq!(
        occurred("2014-07-01T00:30:00+01:00"),
        occurred("2014-06-30T23:30:00Z")
    );
    assert_eq!(occurred("2014-01-01 12:00"), occurred("2014-01-01T12:00:00Z"));
    // The clock showed it twice: the first.
    assert_eq!(occurred("2014-10-26T01:30"), occurred("2014-10-26T00:30:00Z"));
    // The clock skipped it: as far behind the gap.
    assert_eq!(occurred("2014-03-30T01:30"), occurred("2014-03-30T01:30:00Z"));
}

#[test]
fn values_of_another_type_are_named() {
    assert_eq!(
        refused(&with(json!({"arrests": "two"}))),
        "body.arrests: is \"two\", and must be a whole number of at most 32 bits"
    );
    assert_eq!(
        refused(&with(json!({"arrests": 1.5}))),
        "body.arrests: is 1.5, and must be a whole number of at most 32 bits"
    );
    assert_eq!(
        refused(&with(json!({"arrests": 3_000_000_000_i64}))),
        "body.arrests: is 3000000000, and must be a whole number of at most 32 bits"
    );
    assert_eq!(
        refused(&with(json!({"closed_on": "2014-02-30"}))),
        "body.closed_on: is \"2014-02-30\", and must be a date like 2014-06-30"
    );
    assert_eq!(
        refused(&with(json!({"closed_on": "2014-02-03T00:00:00Z"}))),
        "body.closed_on: is a value that does not look like a code, and must be a date like 2014-06-30"
    );
    assert_eq!(
        refused(&with(json!({"occurred_at": "2014-02-03"}))),
        "body.occurred_at: is \"2014-02-03\", and must be a time like 2014-06-30T23:30:00Z"
    );
    assert_eq!(
        refused(&with(json!({"op": "DELETE"}))),
        "op: is \"DELETE\", and must be one of SUBMIT, AMEND, WITHDRAW"
    );
    assert_eq!(
        refused(&with(json!({"strands": "RACE"}))),
        "body.strands: is \"RACE\", and must be a list of texts"
    );
    assert_eq!(
        refused(&with(json!({"strands": [1]}))),
        "body.strands: is a list, and must be a list of texts"
    );
    assert_eq!(
        refused(&nested(json!({"monitored": null}))),
        "body.occurred_at: is missing, and has to be given"
    );
    let (mut body, expected) = (json!({}), "body.monitored: is null, and has to be given");
    for key in ["occurred_at", "incident_type", "monitored", "arrests"] {
        body[key] = flat()[key].clone();
    }
    body["monitored"] = Value::Null;
    assert_eq!(refused(&nested(body)), expected);
}

#[test]
fn unknown_and_misplaced_fields_are_named() {
    assert_eq!(
        refused(&with(json!({"arests": 2}))),
        "arests: is not in the schema"
    );
    assert_eq!(
        refused(&nested(json!({"arests": 2}))),
        "body.arests: is not in the schema"
    );
    let mut record = nested(json!({}));
    record["arrests"] = json!(2);
    assert_eq!(refused(&record), "arrests: belongs into body");
    let message = refused(&with(json!({"What the person did": 2})));
    assert_eq!(
        message,
        "a value that does not look like a code: is not in the schema"
    );
    assert_eq!(refused(&json!([])), "the record is no JSON object");
    assert_eq!(refused(&nested(json!(3))), "body: must be null or an object");
}

#[test]
fn what_is_missing_is_named() {
    let mut record = flat();
    record.as_object_mut().unwrap().remove("ref");
    assert_eq!(refused(&record), "ref: is missing, and has to be given");
}

#[test]
fn arrays_of_records_are_lists_of_objects() {
    let stay = |from: i32, kind: &str, until: Avro| {
        Avro::Record(vec![
            ("from_on".to_owned(), Avro::Date(from)),
            ("kind".to_owned(), Avro::String(kind.to_owned())),
            ("until_on".to_owned(), until),
        ])
    };
    let given = json!([
        {"from_on": "2014-07-01", "kind": "RELIGION", "until_on": "2014-07-02"},
        {"from_on": "2014-07-03"},
    ]);
    let expected = Avro::Array(vec![
        stay(16252, "RELIGION", some(1, Avro::Date(16253))),
        stay(16254, "RACE", some(0, Avro::Null)),
    ]);
    assert_eq!(field(&with(json!({"stays": given.clone()})), "stays"), expected);
    assert_eq!(field(&flat(), "stays"), Avro::Array(Vec::new()));
    let mut body = flat();
    let envelope = ["feed", "partner", "ref", "op", "version", "sent_at"];
    body.as_object_mut()
        .unwrap()
        .retain(|key, _| !envelope.contains(&key.as_str()));
    body["stays"] = given;
    assert_eq!(field(&nested(body), "stays"), expected);
}

#[test]
fn what_is_wrong_in_an_array_of_records_is_named() {
    let stays = |stays: Value| refused(&with(json!({"stays": stays})));
    assert_eq!(
        stays(json!([{"from_on": "2014-06-31"}])),
        "body.stays.from_on: is \"2014-06-31\", and must be a date like 2014-06-30"
    );
    assert_eq!(
        stays(json!([{"from_on": null}])),
        "body.stays.from_on: is null, and has to be given"
    );
    assert_eq!(
        stays(json!([{"kind": "RACE"}])),
        "body.stays.from_on: is missing, and has to be given"
    );
    assert_eq!(
        stays(json!([{"from_on": "2014-06-30", "to_on": null}])),
        "body.stays.to_on: is not in the schema"
    );
    assert_eq!(stays(json!({})), "body.stays: must be a list of objects");
    assert_eq!(
        stays(json!(["2014-06-30"])),
        "body.stays: must be a list of objects"
    );
    assert_eq!(
        refused(&with(json!({"stays_from_on": ["2014-06-30"]}))),
        "stays_from_on: is not in the schema"
    );
}
