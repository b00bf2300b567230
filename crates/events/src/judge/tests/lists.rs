use super::*;

/// Stays by their first and last days.
fn stays(stays: &[(&str, Option<&str>)]) -> Value {
    let stays: Vec<Value> = stays
        .iter()
        .map(|(from, until)| json!({"from_on": from, "until_on": until, "kind": "race"}))
        .collect();
    json!({ "stays": stays })
}

#[track_caller]
fn passes(check: &str, of: &[(&str, Option<&str>)]) -> bool {
    match judge_with(&with_check(check), &with(stays(of))) {
        Ok(_) => true,
        Err(rejection) => {
            assert_eq!(rejection.reason, Reason::CheckFailed);
            assert!(rejection.field.starts_with("body.stays."), "{}", rejection.field);
            false
        }
    }
}

#[test]
fn codes_of_records_stay_in_their_order() {
    let record = with(json!({"stays": [
        {"from_on": "2014-07-01", "kind": "religion"}, {"from_on": "2014-07-02", "kind": "Race"},
        {"from_on": "2014-07-03", "kind": "RELIGION"}
    ]}));
    let rows = accepted(&record);
    let column = testing::incident().column_index("stays_kind").unwrap();
    assert_eq!(
        rows.list(column, 0).unwrap().collect::<Vec<_>>(),
        ["RELIGION", "RACE", "RELIGION"]
    );
    let unknown = with(json!({"stays": [{"from_on": "2014-07-01", "kind": "AGE"}]}));
    assert_eq!(
        rejected(&unknown),
        (
            Reason::UnknownCode,
            "body.stays.kind: \"AGE\" is not on the list strands; use one of RACE, RELIGION".to_owned()
        )
    );
}

#[test]
fn dates_of_records_are_of_this_age() {
    accepted(&with(stays(&[("1900-01-01", None)])));
    let (reason, message) = rejected(&with(stays(&[
        ("2014-07-01", None),
        ("2014-07-02", Some("9999-12-31")),
    ])));
    assert_eq!(reason, Reason::BadDate);
    assert!(
        message.starts_with("body.stays.until_on: is not between"),
        "{message}"
    );
}

#[test]
fn two_dates_of_each_record() {
    let check = "rule = \"not_before\"\nearlier = \"stays_from_on\"\nlater = \"stays_until_on\"";
    assert!(passes(check, &[]));
    assert!(passes(
        check,
        &[("2014-07-01", Some("2014-07-01")), ("2014-08-01", None)]
    ));
    assert!(!passes(
        check,
        &[
            ("2014-07-01", Some("2014-07-02")),
            ("2014-08-02", Some("2014-08-01"))
        ]
    ));
}

#[test]
fn dates_of_records_and_one_of_the_record_itself() {
    // It was sent on 2014-07-01.
    let check = "rule = \"not_before\"\nearlier = \"stays_from_on\"\nlater = \"sent_at\"";
    let rejected = |stay| {
        judge_with(
            &with_check(check),
            &with(stays(&[("2014-06-01", None), (stay, None)])),
        )
        .is_err()
    };
    assert!(!rejected("2014-07-01"));
    assert!(rejected("2014-07-02"));
    let within = "rule = \"date_within\"\nfield = \"stays_from_on\"\nuntil = 2014-07-01";
    assert!(passes(within, &[("2014-07-01", None)]));
    assert!(!passes(within, &[("2014-07-01", None), ("2014-07-02", None)]));
}

#[test]
fn dates_in_order() {
    let check = "rule = \"ascending\"\nfield = \"stays_from_on\"";
    assert!(passes(check, &[]));
    assert!(passes(
        check,
        &[("2014-07-01", None), ("2014-07-01", None), ("2014-07-02", None)]
    ));
    assert!(!passes(check, &[("2014-07-02", None), ("2014-07-01", None)]));
}

#[test]
fn only_the_last_record_is_open() {
    let check = "rule = \"next_not_before\"\nearlier = \"stays_until_on\"\nlater = \"stays_from_on\"";
    assert!(passes(check, &[("2014-07-01", None)]));
    assert!(passes(
        check,
        &[("2014-07-01", Some("2014-07-05")), ("2014-07-05", None)]
    ));
    assert!(!passes(
        check,
        &[("2014-07-01", Some("2014-07-05")), ("2014-07-04", None)]
    ));
    assert!(!passes(check, &[("2014-07-01", None), ("2014-08-04", None)]));
    let apart = format!("{check}\nmin_days = 29");
    assert!(!passes(
        &apart,
        &[("2014-07-01", Some("2014-07-05")), ("2014-08-02", None)]
    ));
    assert!(passes(
        &apart,
        &[("2014-07-01", Some("2014-07-05")), ("2014-08-03", None)]
    ));
}

#[test]
fn lists_that_begin_alike_and_are_not_empty() {
    let check = "rule = \"same_first\"\nfield = \"stays_until_on\"\nother = \"stays_from_on\"";
    assert!(passes(check, &[]));
    assert!(passes(
        check,
        &[("2014-07-01", Some("2014-07-01")), ("2014-07-02", None)]
    ));
    assert!(!passes(check, &[("2014-07-01", Some("2014-07-02"))]));
    let check = "rule = \"required\"\nfield = \"stays_from_on\"";
    assert!(!passes(check, &[]));
    assert!(passes(check, &[("2014-07-01", None)]));
}

#[test]
fn lists_of_two_arrays_are_not_compared() {
    let schema = testing::INCIDENT.replace(
        r#"{"name": "strands","#,
        r#"{"name": "more", "type": {"type": "array", "items": {"type": "record", "name": "M", "fields": [
            {"name": "on", "type": {"type": "int", "logicalType": "date"}}]}}},
           {"name": "strands","#,
    );
    let record_type = RecordType::parse("incident", &schema).unwrap();
    let check = "rule = \"not_before\"\nearlier = \"stays_from_on\"\nlater = \"more_on\"";
    let error = Judge::new(
        &record_type,
        &with_check(check),
        &CodeLists::parse(LISTS).unwrap(),
    )
    .unwrap_err();
    assert_eq!(
        error.problems,
        ["check c: fields stays_from_on and more_on are of two arrays"]
    );
}
