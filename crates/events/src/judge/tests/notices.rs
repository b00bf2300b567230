//! The two record types that are about time and returns, against the project's own files.

use std::path::Path;
use std::sync::Arc;

use quarterday_plan::feeds::Feeds;

use super::*;

fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

fn record_type(name: &str) -> RecordType {
    RecordType::parse(name, &file(&format!("schemas/avro/{name}.avsc"))).unwrap()
}

/// Judges a record by the shipped files; gives its row and the warnings, or what is wrong with it.
fn judged(feed: &str, record: &Value) -> Result<(RecordType, Columns, Vec<String>), String> {
    let feeds = Feeds::parse(&file("schemas/plans/feeds.toml")).unwrap();
    let lists = CodeLists::parse(&file("schemas/plans/codes.toml")).unwrap();
    let feed = feeds.feed(feed).unwrap();
    let own = record_type(&feed.record_type);
    let judge = Judge::among(&own, feed, &lists, &|name| Some(Arc::new(record_type(name)))).unwrap();
    let bytes = Encoder::new(&own).encode(record).unwrap();
    let mut rows = Columns::new(&own);
    let decoder = Decoder::compile(own.schema(), &own).unwrap();
    decoder.decode(&bytes, &mut rows).unwrap();
    let warnings = judge
        .judge(&mut rows)
        .map_err(|rejection| rejection.to_string())?;
    let warnings = warnings.map(str::to_owned).collect();
    Ok((own, rows, warnings))
}

fn changed(mut record: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

fn notice(changes: Value) -> Result<(RecordType, Columns, Vec<String>), String> {
    let record = json!({
        "feed": "return-notices", "partner": "KFRS", "ref": "n-1", "op": "SUBMIT", "version": 1,
        "sent_at": "2015-07-10T09:00:00Z", "covered_feed": "kfrs-activities", "fy": "15/16", "quarter": 1,
        "kind": "NIL", "received_on": "2015-07-09", "role_signed": "Manager"
    });
    judged("return-notices", &changed(record, changes))
}

fn warnings(judged: Result<(RecordType, Columns, Vec<String>), String>) -> Vec<String> {
    judged.unwrap().2
}

#[test]
fn a_notice_is_normalised_and_has_no_district() {
    let (own, rows, warnings) = notice(json!({
        "kind": "n/a", "scope": ["rsw presentation", "RS_CENTRE_SESSION"], "district": " "
    }))
    .unwrap();
    let column = |name: &str| own.column_index(name).unwrap();
    assert_eq!(rows.str(column("fy"), 0), Some("2015-16"));
    assert_eq!(rows.str(column("kind"), 0), Some("NOT_APPLICABLE"));
    assert_eq!(rows.str(column("mode"), 0), Some("DELTA"));
    assert_eq!(rows.str(column("district"), 0), None);
    let scope: Vec<&str> = rows.list(column("scope"), 0).unwrap().collect();
    assert_eq!(scope, ["RSW_PRESENTATION", "RS_CENTRE_SESSION"]);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn years_in_every_spelling() {
    for year in [
        "2015-16",
        "15/16",
        "2015/16",
        "2015-2016",
        "FY2015-16",
        "FY 15/16",
        "fy2015/16",
    ] {
        let (own, rows, _) = notice(json!({ "fy": year })).unwrap();
        assert_eq!(
            rows.str(own.column_index("fy").unwrap(), 0),
            Some("2015-16"),
            "{year}"
        );
    }
    assert!(notice(json!({"fy": "2015"})).is_err());
}

#[test]
fn partners_are_known_by_their_code() {
    notice(json!({"partner": "CSU", "covered_feed": "csu-orders"})).unwrap();
    assert_eq!(
        notice(json!({"partner": "Kent Fire and Rescue"})).unwrap_err(),
        "partner: a value that does not look like a code is no code of a partner; give it as the list of partners has \
         it, such as KFRS"
    );
    assert!(
        notice(json!({"partner": "NOBODY"}))
            .unwrap_err()
            .starts_with("partner: \"NOBODY\" is no code")
    );
}

#[test]
fn a_notice_is_about_a_feed_of_its_partner() {
    let message = notice(json!({"covered_feed": "csu-orders"})).unwrap_err();
    assert_eq!(
        message,
        "body.covered_feed: The notice must be about a feed of the partner that sends it. Feeds of \"KFRS\" are \
         kfrs-activities."
    );
    assert!(notice(json!({"covered_feed": "return-notices"})).is_err());
}

#[test]
fn a_scope_is_of_the_covered_feed() {
    let message = notice(json!({"scope": ["RS_CAMPAIGN", "CBO"]})).unwrap_err();
    assert!(
        message.starts_with("body.scope: The notice is about codes that the feed's records do not have. \"CBO\" is none; they are FREEDOM_PROGRAMME, "),
        "{message}"
    );
    let message =
        notice(json!({"partner": "MARAC_WK", "covered_feed": "marac-cases", "scope": ["X"]})).unwrap_err();
    assert!(
        message.ends_with("Notices about \"marac-cases\" are always about the whole feed: leave it empty."),
        "{message}"
    );
}

#[test]
fn numbers_of_a_notice() {
    assert!(notice(json!({"quarter": 0})).is_err() && notice(json!({"quarter": 5})).is_err());
    assert!(notice(json!({"declared_records": -1, "kind": "RETURN"})).is_err());
    assert!(notice(json!({"declared_records": 3})).is_err());
    notice(json!({"declared_records": 0})).unwrap();
    notice(json!({"declared_records": 3, "kind": "RETURN"})).unwrap();
    assert!(notice(json!({"mode": "complete", "kind": "RETURN"})).is_err());
    notice(json!({"mode": "complete", "kind": "RETURN", "declared_records": 3})).unwrap();
    assert!(notice(json!({"ref": "RETURN 12"})).is_err());
}

#[test]
fn doubts_about_a_notice() {
    let early = json!({"quarter": 2, "kind": "RETURN"});
    assert_eq!(warnings(notice(early)), ["received_after_the_quarter"]);
    let extension = json!({"quarter": 2, "kind": "EXTENSION"});
    assert_eq!(warnings(notice(extension)), [""; 0]);
    let last_day = json!({"received_on": "2015-06-30"});
    assert_eq!(warnings(notice(last_day)), [""; 0]);
}

fn case(changes: Value) -> Result<(RecordType, Columns, Vec<String>), String> {
    let record = json!({
        "feed": "asb-cases", "partner": "CSU", "ref": "T1", "op": "SUBMIT", "version": 1,
        "sent_at": "2015-10-10T09:00:00Z", "nsir": "Personal",
        "spells": [{"opened_on": "2015-05-01", "closed_on": "2015-06-01"}, {"opened_on": "2015-08-01"}],
        "risk_changes": [{"on": "2015-05-01", "risk": "High"}, {"on": "2015-05-20", "risk": "low"}]
    });
    judged("asb-cases", &changed(record, changes))
}

#[test]
fn a_case_is_normalised() {
    let (own, rows, warnings) = case(json!({})).unwrap();
    let column = |name: &str| own.column_index(name).unwrap();
    let risks: Vec<&str> = rows.list(column("risk_changes_risk"), 0).unwrap().collect();
    assert_eq!(risks, ["HIGH", "STANDARD"]);
    assert_eq!(rows.str(column("district"), 0), Some("E07000116"));
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn cases_that_cannot_be() {
    let spells = |spells: Value| json!({ "spells": spells });
    let risks = |risks: Value| json!({ "risk_changes": risks });
    for (changes, field) in [
        (spells(json!([])), "body.spells.opened_on"),
        (risks(json!([])), "body.risk_changes.on"),
        (
            spells(json!([{"opened_on": "2015-05-01", "closed_on": "2015-04-30"}])),
            "body.spells.closed_on",
        ),
        (
            spells(json!([{"opened_on": "2015-05-01"}, {"opened_on": "2015-08-01"}])),
            "body.spells.opened_on",
        ),
        (
            spells(
                json!([{"opened_on": "2015-05-01", "closed_on": "2015-06-01"}, {"opened_on": "2015-05-30"}]),
            ),
            "body.spells.opened_on",
        ),
        (
            risks(json!([{"on": "2015-05-01", "risk": "HIGH"}, {"on": "2015-04-01", "risk": "MEDIUM"}])),
            "body.risk_changes.on",
        ),
        (
            risks(json!([{"on": "2015-05-02", "risk": "HIGH"}])),
            "body.risk_changes.on",
        ),
        (
            risks(json!([{"on": "2015-05-01", "risk": "VERY_HIGH"}])),
            "body.risk_changes.risk",
        ),
    ] {
        let message = case(changes.clone()).unwrap_err();
        assert!(message.starts_with(&format!("{field}: ")), "{changes}: {message}");
    }
}

#[test]
fn a_case_opened_again_within_28_days() {
    let again = |on: &str| json!({"spells": [{"opened_on": "2015-05-01", "closed_on": "2015-06-01"}, {"opened_on": on}]});
    assert_eq!(
        warnings(case(again("2015-06-29"))),
        ["opened_again_after_28_days"]
    );
    assert_eq!(warnings(case(again("2015-06-30"))), [""; 0]);
}

#[test]
fn a_call_to_the_helpline_may_leave_out_its_district() {
    let call = |service: &str| {
        let record = json!({
            "feed": "davss-helpline-calls", "partner": "DAVSS", "ref": "C1", "op": "SUBMIT", "version": 1,
            "sent_at": "2015-10-10T09:00:00Z", "service": service, "provider": "DAVSS", "basis": "TALLY",
            "headcount": 3, "sex": "F", "age_band": "UNK", "contact_on": "2015-10-01", "mode": "TELEPHONE"
        });
        judged("davss-helpline-calls", &record)
    };
    assert_eq!(warnings(call("DAVSS_HELPLINE")), [""; 0]);
    assert!(
        call("OSS")
            .unwrap_err()
            .starts_with("district: Only a call to the helpline")
    );
}
