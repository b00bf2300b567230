mod checks;
mod derived;
mod envelope;
mod fields;
mod lists;
mod notices;
mod rules;

use serde_json::{Value, json};

use super::*;
use crate::decoder::Decoder;
use crate::encoder::Encoder;
use crate::testing;

const LISTS: &str = r#"
[[list]]
name = "withdraw_reason"
title = "t"
source = "s"
version = "1"
codes = ["DUPLICATE", "ERROR"]

[[list]]
name = "ward"
title = "t"
source = "s"
version = "1"
codes = ["E05005144", "E05005146"]
[list.names]
E05005144 = "St James'"
E05005146 = "Sherwood"

[[list]]
name = "incident_type"
title = "t"
source = "s"
version = "1"
codes = ["VIOLENCE", "ASB"]
[list.aliases]
"Fight" = "VIOLENCE"

[[list]]
name = "strands"
title = "t"
source = "s"
version = "1"
codes = ["RACE", "RELIGION"]
"#;

fn feed() -> Feed {
    let toml = r#"
        [[record_type]]
        name = "incident"

        [[feed]]
        name = "cctv-incidents"
        title = "t"
        partner = "TWBC_CCTV"
        record_type = "incident"
        district = "required"
    "#;
    quarterday_plan::feeds::Feeds::parse(toml)
        .unwrap()
        .feeds
        .remove(0)
}

/// A feed with one more check, as the feeds file has it.
fn with_check(check: &str) -> Feed {
    let toml = format!(
        r#"
        [[record_type]]
        name = "incident"

        [[feed]]
        name = "cctv-incidents"
        title = "t"
        partner = "TWBC_CCTV"
        record_type = "incident"
        district = "required"
        [[feed.check]]
        id = "c"
        severity = "error"
        message = "No."
        {check}
        "#
    );
    quarterday_plan::feeds::Feeds::parse(&toml)
        .unwrap_or_else(|error| panic!("{error}"))
        .feeds
        .remove(0)
}

fn judge_of(feed: &Feed) -> Result<Judge, JudgeError> {
    Judge::new(&testing::incident(), feed, &CodeLists::parse(LISTS).unwrap())
}

fn good() -> Value {
    json!({
        "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": "L1", "op": "SUBMIT", "version": 1,
        "sent_at": "2014-07-01T09:00:00Z", "district": "E07000116", "ward": "E05005146",
        "occurred_at": "2014-06-30T23:30:00Z", "incident_type": "VIOLENCE", "monitored": true, "arrests": 0
    })
}

fn with(changes: Value) -> Value {
    let mut record = good();
    for (key, value) in changes.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

/// Encodes, decodes and judges a record; gives the columns or the rejection.
fn judge_with(feed: &Feed, record: &Value) -> Result<(Columns, Vec<String>), Rejection> {
    let record_type = testing::incident();
    let bytes = Encoder::new(&record_type).encode(record).unwrap();
    let mut rows = Columns::new(&record_type);
    Decoder::compile(record_type.schema(), &record_type)
        .unwrap()
        .decode(&bytes, &mut rows)
        .unwrap();
    let judge = judge_of(feed).unwrap();
    let warnings = judge.judge(&mut rows)?.map(str::to_owned).collect();
    Ok((rows, warnings))
}

#[track_caller]
fn accepted(record: &Value) -> Columns {
    judge_with(&feed(), record).unwrap().0
}

/// The reason and the message of the rejection.
#[track_caller]
fn rejected(record: &Value) -> (Reason, String) {
    let rejection = judge_with(&feed(), record).unwrap_err();
    (rejection.reason, rejection.to_string())
}

#[track_caller]
fn text(rows: &Columns, field: &str) -> Option<String> {
    rows.str(testing::incident().column_index(field).unwrap(), 0)
        .map(str::to_owned)
}
