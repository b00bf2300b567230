use super::*;

#[track_caller]
fn passes(check: &str, changes: Value) -> bool {
    match judge_with(&with_check(check), &with(changes)) {
        Ok(_) => true,
        Err(rejection) => {
            assert_eq!(rejection.to_string().split(": ").last(), Some("No."));
            false
        }
    }
}

/// The days on which something ends that began on 2014-07-01, by London's clock, and passes.
#[track_caller]
fn ends(lengths: &str, ends: &[&str]) -> Vec<bool> {
    let check = format!("rule = \"lasts\"\nearlier = \"occurred_at\"\nlater = \"closed_on\"\n{lengths}");
    let passes = |end: &&str| passes(&check, json!({"closed_on": end}));
    ends.iter().map(passes).collect()
}

#[test]
fn lengths_in_days_and_months() {
    assert_eq!(
        ends("max_days = 2", &["2014-07-01", "2014-07-03", "2014-07-04"]),
        [true, true, false]
    );
    assert_eq!(
        ends("min_months = 24", &["2016-06-30", "2016-07-01", "2020-01-01"]),
        [false, true, true]
    );
    assert_eq!(
        ends(
            "min_months = 12\nmax_months = 36",
            &["2015-06-30", "2015-07-01", "2017-07-01", "2017-07-02"]
        ),
        [false, true, true, false]
    );
    assert!(passes(
        "rule = \"lasts\"\nearlier = \"occurred_at\"\nlater = \"closed_on\"\nmax_days = 1",
        json!({})
    ));
}

#[test]
fn one_financial_year() {
    let check = "rule = \"same_financial_year\"\nearlier = \"occurred_at\"\nlater = \"closed_on\"";
    assert!(passes(check, json!({"closed_on": "2015-03-31"})));
    assert!(!passes(check, json!({"closed_on": "2015-04-01"})));
    assert!(!passes(check, json!({"closed_on": "2014-03-31"})));
}

#[test]
fn doubles_in_range_and_whole() {
    let check = "rule = \"range\"\nfield = \"score\"\nmin = 0\nmax = 2";
    for (score, is_good) in [(0.0, true), (2.0, true), (2.5, false), (-0.1, false)] {
        assert_eq!(passes(check, json!({"score": score})), is_good, "{score}");
    }
    let whole = "rule = \"whole\"\nfield = \"score\"";
    assert!(passes(whole, json!({"score": 41.0})));
    assert!(!passes(whole, json!({"score": 4.1})));
    assert!(passes(whole, json!({"score": null})));
}

#[test]
fn a_number_that_is_none() {
    let record_type = testing::incident();
    let mut rows = Columns::new(&record_type);
    let mut bytes = Encoder::new(&record_type)
        .encode(&with(json!({"score": 7.5})))
        .unwrap();
    let place = bytes
        .windows(8)
        .position(|eight| eight == 7.5_f64.to_le_bytes())
        .unwrap();
    bytes[place..place + 8].copy_from_slice(&f64::NAN.to_le_bytes());
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    decoder.decode(&bytes, &mut rows).unwrap();
    let judge = judge_of(&feed()).unwrap();
    let rejection = judge.judge(&mut rows).unwrap_err();
    assert_eq!(
        (rejection.reason, rejection.field.as_str()),
        (Reason::BadNumber, "body.score")
    );
}

#[test]
fn years_hours_and_values() {
    let near = "rule = \"year_near\"\nfield = \"quantity\"\ndate = \"occurred_at\"\nyears = 2";
    for (year, is_good) in [
        (2014, true),
        (2012, true),
        (2016, true),
        (2011, false),
        (2017, false),
    ] {
        assert_eq!(passes(near, json!({"quantity": year})), is_good, "{year}");
    }
    let hour = "rule = \"hour\"\nfield = \"occurred_at\"\nmin = 6";
    // Half past midnight in London.
    assert!(!passes(hour, json!({"occurred_at": "2014-06-30T23:30:00Z"})));
    assert!(passes(hour, json!({"occurred_at": "2014-07-01T05:00:00Z"})));
    let one_of = "rule = \"one_of\"\nfield = \"incident_type\"\nis_in = [\"fight\"]";
    assert!(passes(one_of, json!({})));
    assert!(!passes(one_of, json!({"incident_type": "ASB"})));
    let no = "rule = \"one_of\"\nfield = \"monitored\"\nis_in = [\"false\"]";
    assert!(!passes(no, json!({})));
}

#[test]
fn any_rule_can_have_conditions() {
    let check = "rule = \"not_before\"\nearlier = \"occurred_at\"\nlater = \"closed_on\"\n\
                 when = [{ field = \"arrests\", is_in = [\"0\"] }, { field = \"monitored\", not_in = [\"false\"] }]";
    assert!(!passes(check, json!({"closed_on": "2014-06-01"})));
    assert!(passes(check, json!({"closed_on": "2014-06-01", "arrests": 1})));
    assert!(passes(
        check,
        json!({"closed_on": "2014-06-01", "monitored": false})
    ));
}

#[test]
fn rules_that_do_not_fit_are_told() {
    for (check, problem) in [
        (
            "rule = \"whole\"\nfield = \"arrests\"",
            "check c: field arrests is not a double",
        ),
        (
            "rule = \"hour\"\nfield = \"closed_on\"\nmin = 1",
            "check c: field closed_on is not a time",
        ),
        (
            "rule = \"ascending\"\nfield = \"closed_on\"",
            "check c: field closed_on is not a date of an array of records",
        ),
        (
            "rule = \"range\"\nfield = \"score\"\nmax = 3000000000",
            "check c: field score is a double: a bound may have 32 bits at most",
        ),
    ] {
        assert_eq!(judge_of(&with_check(check)).unwrap_err().problems, [problem]);
    }
}

#[test]
fn texts_of_a_form() {
    let check = "rule = \"matches\"\nfield = \"camera_area\"\npattern = \"[A-Z][0-9]{2}|none\"";
    for (area, is_good) in [
        ("F10", true),
        ("none", true),
        ("F101", false),
        ("xF10", false),
        ("", true),
    ] {
        assert_eq!(passes(check, json!({"camera_area": area})), is_good, "{area}");
    }
    assert!(passes(check, json!({})));
}

#[test]
fn a_whole_code_list_and_a_field_that_is_given() {
    let wards = "rule = \"one_of\"\nfield = \"ward\"\nis_in = [\"list:ward\"]";
    assert!(passes(wards, json!({"ward": "E05005144"})));
    assert!(passes(wards, json!({"ward": null})));
    assert!(!passes(wards, json!({"ward": "E05009999"})));
    let given =
        "rule = \"required\"\nfield = \"closed_on\"\nwhen = { field = \"camera_area\", is_given = true }";
    assert!(passes(given, json!({})));
    assert!(!passes(given, json!({"camera_area": "HIGH-ST"})));
    assert!(passes(
        given,
        json!({"camera_area": "HIGH-ST", "closed_on": "2014-07-02"})
    ));
    let of_a_day =
        "rule = \"required\"\nfield = \"camera_area\"\nwhen = { field = \"closed_on\", is_given = true }";
    assert!(passes(of_a_day, json!({})));
    assert!(!passes(of_a_day, json!({"closed_on": "2014-07-02"})));
    let unknown = "rule = \"one_of\"\nfield = \"ward\"\nis_in = [\"list:wards\"]";
    let error = judge_of(&with_check(unknown)).unwrap_err().to_string();
    assert!(error.contains("there is no code list wards"), "{error}");
}

#[test]
fn a_check_of_every_record_type() {
    let toml = r#"
        [[check]]
        id = "ward_given"
        severity = "warning"
        rule = "required"
        field = "ward"
        message = "No."

        [[record_type]]
        name = "incident"

        [[record_type.check]]
        id = "area_given"
        severity = "error"
        rule = "required"
        field = "camera_area"
        message = "No."
    "#;
    let feeds = quarterday_plan::feeds::Feeds::parse(toml).unwrap();
    let ids = feeds.record_types["incident"]
        .checks
        .iter()
        .map(|check| check.id.as_str());
    assert_eq!(ids.collect::<Vec<_>>(), ["ward_given", "area_given"]);
}
