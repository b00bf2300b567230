use super::*;

#[test]
fn codes_are_replaced_by_the_canonical_ones() {
    let rows = accepted(&with(json!({"incident_type": " fight"})));
    assert_eq!(text(&rows, "incident_type").as_deref(), Some("VIOLENCE"));
}

#[test]
fn an_unknown_code_is_named_with_field_and_choice() {
    assert_eq!(
        rejected(&with(json!({"incident_type": "FIGHTS"}))),
        (
            Reason::UnknownCode,
            "body.incident_type: \"FIGHTS\" is not on the list incident_type; use one of VIOLENCE, ASB"
                .to_owned()
        )
    );
    let (_, message) = rejected(&with(json!({"incident_type": "My neighbour hit me"})));
    assert!(
        message.contains("a value that does not look like a code"),
        "{message}"
    );
}

#[test]
fn coded_arrays_are_sets() {
    let strands = |given: Value| {
        let rows = accepted(&with(json!({"strands": given})));
        let column = testing::incident().column_index("strands").unwrap();
        rows.list(column, 0)
            .unwrap()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        strands(json!(["religion", "RACE", "Religion"])),
        ["RACE", "RELIGION"]
    );
    assert_eq!(strands(json!(["RACE", "RELIGION"])), ["RACE", "RELIGION"]);
    assert_eq!(strands(json!([])), [""; 0]);
    assert_eq!(
        rejected(&with(json!({"strands": ["RACE", "AGE"]}))).0,
        Reason::UnknownCode
    );
}

#[test]
fn pseudonyms_are_checked_and_never_shown() {
    accepted(&with(
        json!({"subject_pid": "P1-0123456789abcdef0123456789abcdef"}),
    ));
    let (reason, message) = rejected(&with(json!({"subject_pid": "SMITH"})));
    assert_eq!(reason, Reason::BadPseudonym);
    assert!(
        message.starts_with("body.subject_pid: does not have the form") && !message.contains("SMITH"),
        "{message}"
    );
}

#[test]
fn texts_are_short_and_on_one_line() {
    accepted(&with(json!({"camera_area": "Mount Pleasant"})));
    for given in ["x".repeat(65), "a\nb".to_owned()] {
        assert_eq!(rejected(&with(json!({"camera_area": given}))).0, Reason::BadText);
    }
    assert_eq!(rejected(&with(json!({"return_id": "a\tb"}))).0, Reason::BadText);
}

#[test]
fn dates_are_of_this_age() {
    accepted(&with(json!({"closed_on": "1900-01-01"})));
    for given in ["1899-12-31", "9999-12-31", "2100-01-01"] {
        let (reason, message) = rejected(&with(json!({"closed_on": given})));
        assert_eq!(reason, Reason::BadDate, "{given}");
        assert!(
            message.starts_with("body.closed_on: is not between the years 1900 and 2099"),
            "{message}"
        );
    }
    assert_eq!(
        rejected(&with(json!({"occurred_at": "2100-01-01T00:00:00Z"}))).0,
        Reason::BadDate
    );
}

#[test]
fn rows_before_the_last_are_left_alone() {
    let record_type = testing::incident();
    let (encoder, judge) = (Encoder::new(&record_type), judge_of(&feed()).unwrap());
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    let mut rows = Columns::new(&record_type);
    for reference in ["a", "b"] {
        decoder
            .decode(
                &encoder.encode(&with(json!({"ref": reference}))).unwrap(),
                &mut rows,
            )
            .unwrap();
    }
    judge.judge(&mut rows).unwrap();
    let column = record_type.column_index("ref").unwrap();
    assert_eq!((rows.str(column, 0), rows.str(column, 1)), (Some("a"), Some("B")));
}
