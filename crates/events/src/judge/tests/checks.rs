use quarterday_plan::feeds::{Check, Condition, Rule, Severity};

use super::*;

fn checked(severity: Severity, rule: Rule) -> Feed {
    let check = Check {
        id: "the_check".to_owned(),
        severity,
        when: Vec::new(),
        rule,
        message: "the message".to_owned(),
    };
    Feed {
        checks: vec![check],
        ..feed()
    }
}

#[track_caller]
fn passes(rule: &Rule, changes: Value) -> bool {
    match judge_with(&checked(Severity::Error, rule.clone()), &with(changes)) {
        Ok(_) => true,
        Err(rejection) => {
            assert_eq!(rejection.reason, Reason::CheckFailed);
            assert_eq!(rejection.check.as_deref(), Some("the_check"));
            false
        }
    }
}

fn when(field: &str, values: &[&str]) -> Condition {
    Condition {
        field: field.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
        is_negated: false,
    }
}

fn not(condition: Condition) -> Condition {
    Condition {
        is_negated: true,
        ..condition
    }
}

/// A feed with one check that holds for some records.
fn conditional(rule: Rule, when: Vec<Condition>) -> Feed {
    let mut feed = checked(Severity::Error, rule);
    feed.checks[0].when = when;
    feed
}

fn name(field: &str) -> String {
    field.to_owned()
}

#[test]
fn a_warning_lets_the_row_through() {
    let rule = Rule::Range {
        field: name("arrests"),
        min: None,
        max: Some(9),
    };
    let (_, warnings) = judge_with(
        &checked(Severity::Warning, rule.clone()),
        &with(json!({"arrests": 10})),
    )
    .unwrap();
    assert_eq!(warnings, ["the_check"]);
    let rejection = judge_with(&checked(Severity::Error, rule), &with(json!({"arrests": 10}))).unwrap_err();
    assert_eq!(rejection.to_string(), "body.arrests: the message");
}

#[test]
fn order_of_days_is_londons() {
    let earlier = name("occurred_at");
    let rule = Rule::NotBefore {
        earlier: earlier.clone(),
        later: name("closed_on"),
    };
    assert!(!passes(&rule, json!({"closed_on": "2014-06-30"})));
    assert!(passes(&rule, json!({"closed_on": "2014-07-01"})));
    assert!(passes(&rule, json!({"closed_on": null})));
    let rule = Rule::NotSameOrBefore {
        earlier,
        later: name("closed_on"),
    };
    assert!(!passes(&rule, json!({"closed_on": "2014-07-01"})));
    assert!(passes(&rule, json!({"closed_on": "2014-07-02"})));
}

#[test]
fn days_within_bounds() {
    let day = |text: &str| Some(text.parse().unwrap());
    let (from, until) = (day("2014-07-01"), day("2014-07-01"));
    let rule = Rule::DateWithin {
        field: name("occurred_at"),
        from,
        until,
    };
    assert!(passes(&rule, json!({})));
    assert!(!passes(&rule, json!({"occurred_at": "2014-06-30T22:30:00Z"})));
    assert!(!passes(&rule, json!({"occurred_at": "2014-07-01T23:30:00Z"})));
    let open = Rule::DateWithin {
        field: name("closed_on"),
        from: None,
        until,
    };
    assert!(passes(&open, json!({"closed_on": "1990-01-01"})));
    assert!(passes(&open, json!({})));
}

#[test]
fn required_and_absent() {
    let field = name("camera_area");
    let required = Rule::Required { field: field.clone() };
    assert!(!passes(&required, json!({})));
    assert!(passes(&required, json!({"camera_area": "TOWN"})));
    let absent = Rule::Absent {
        field: name("strands"),
    };
    assert!(passes(&absent, json!({})));
    assert!(!passes(&absent, json!({"strands": ["RACE"]})));
}

#[test]
fn references_are_no_free_text() {
    let rule = Rule::Reference {
        field: name("camera_area"),
    };
    assert!(passes(&rule, json!({"camera_area": "A-1/b_2.c"})));
    assert!(passes(&rule, json!({})));
    assert!(!passes(&rule, json!({"camera_area": "two words"})));
}

#[test]
fn conditions_of_every_kind() {
    let rule = Rule::Required {
        field: name("camera_area"),
    };
    for (condition, changes, holds) in [
        (
            when("incident_type", &["ASB"]),
            json!({"incident_type": "asb"}),
            true,
        ),
        (when("incident_type", &["fight"]), json!({}), true),
        (when("incident_type", &["ASB"]), json!({}), false),
        (when("monitored", &["true"]), json!({}), true),
        (when("monitored", &["false"]), json!({}), false),
        (when("arrests", &["0", "1"]), json!({}), true),
        (when("op", &["AMEND"]), json!({}), false),
        (when("op", &["AMEND"]), json!({"op": "AMEND"}), true),
        (
            when("strands", &["RACE"]),
            json!({"strands": ["RELIGION", "RACE"]}),
            true,
        ),
        (when("ward", &["Sherwood"]), json!({}), true),
        (not(when("ward", &["Sherwood"])), json!({}), false),
        (not(when("ward", &["St James'"])), json!({}), true),
        (not(when("ward", &["St James'"])), json!({"ward": null}), false),
    ] {
        let feed = conditional(rule.clone(), vec![condition.clone()]);
        let passes = judge_with(&feed, &with(changes)).is_ok();
        assert_eq!(passes, !holds, "{condition:?}");
    }
}

#[test]
fn every_condition_has_to_hold() {
    let rule = Rule::Required {
        field: name("camera_area"),
    };
    let both = vec![when("monitored", &["true"]), when("arrests", &["2"])];
    let feed = conditional(rule, both);
    assert!(judge_with(&feed, &with(json!({"arrests": 2}))).is_err());
    assert!(judge_with(&feed, &with(json!({"arrests": 2, "monitored": false}))).is_ok());
    assert!(judge_with(&feed, &with(json!({"arrests": 1}))).is_ok());
}

#[test]
fn a_withdrawal_is_spared_the_checks_of_the_body() {
    let record = json!({
        "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": "L1", "op": "WITHDRAW", "version": 2,
        "reason": "ERROR", "sent_at": "2014-07-01T09:00:00Z", "body": null
    });
    let body = Rule::Range {
        field: name("arrests"),
        min: Some(1),
        max: None,
    };
    judge_with(&checked(Severity::Error, body), &record).unwrap();
    let envelope = Rule::Required { field: name("ward") };
    judge_with(&checked(Severity::Error, envelope), &record).unwrap_err();
}

#[test]
fn what_does_not_fit_is_told_all_at_once() {
    let problems = |rule| judge_of(&checked(Severity::Error, rule)).unwrap_err().problems;
    let rule = Rule::NotBefore {
        earlier: name("arrests"),
        later: name("nowhere"),
    };
    assert_eq!(problems(rule), ["check the_check: field arrests is not a date"]);
    let rule = Rule::Absent {
        field: name("monitored"),
    };
    assert_eq!(
        problems(rule),
        ["check the_check: field monitored can never be absent"]
    );
    let rule = Rule::Required { field: name("ward") };
    let unlisted = conditional(rule, vec![when("incident_type", &["ASB", "NOISE"])]);
    assert_eq!(
        judge_of(&unlisted).unwrap_err().problems,
        ["check the_check: \"NOISE\" is no value of its condition's field"]
    );
    let none = Judge::new(&testing::incident(), &feed(), &CodeLists::default()).unwrap_err();
    assert!(
        none.to_string()
            .contains("field incident_type is to be on the code list incident_type"),
        "{none}"
    );
    assert!(none.problems.len() >= 3, "{none}");
}

/// The files that the project ships fit each other.
#[test]
fn shipped_feeds_fit_their_record_types() {
    let file = |path: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::read_to_string(root.join(path)).unwrap()
    };
    let lists = CodeLists::parse(&file("schemas/plans/codes.toml")).unwrap();
    for feed in quarterday_plan::feeds::Feeds::parse(&file("schemas/plans/feeds.toml"))
        .unwrap()
        .feeds
    {
        let schema = file(&format!("schemas/avro/{}.avsc", feed.record_type));
        let record_type = RecordType::parse(&feed.record_type, &schema).unwrap();
        Judge::new(&record_type, &feed, &lists).unwrap();
        let other = |name: &str| {
            let schema = file(&format!("schemas/avro/{name}.avsc"));
            Some(std::sync::Arc::new(RecordType::parse(name, &schema).unwrap()))
        };
        Judge::among(&record_type, &feed, &lists, &other).unwrap();
    }
}
