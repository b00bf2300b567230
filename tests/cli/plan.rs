//! `quarterday plan`, and a plan of another partnership.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::Program;

const SHIPPED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../schemas/plans/tunbridge-wells-2015-16.toml"
);
pub(super) const SMALL_TOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/plans/small-town");

#[test]
fn the_shipped_plan_can_be_used_and_every_mistake_in_another_is_found_at_once() {
    let right: Value = Program::new(["plan", "check", SHIPPED, "--format", "json"]).json();
    assert_eq!(right, json!([]));
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan.toml");
    let wrong = fs::read_to_string(SHIPPED)
        .unwrap()
        .replacen("to_service = 'DAVSS'", "to_servise = 'DAVSS'", 1)
        .replacen("risk_at_dealt = 'MEDIUM'", "risk_at_dealt = 'MEDUIM'", 1)
        .replacen("id = \"P1.03\"", "id = \"P1.04\"", 1)
        .replacen("returned_by = [\"SALUS\"]", "returned_by = [\"SALAS\"]", 1);
    fs::write(&file, wrong).unwrap();
    let found = Program::new(["plan", "check", file.to_str().unwrap(), "--format", "csv"]).differs();
    insta::assert_snapshot!(found, @r#"
    severity,line,column,what is wrong
    error,42,11,`P1.01a`: `to_servise` is no field of referral; did you mean `to_service`?
    error,97,77,`P1.01c`: `MEDUIM` is no code of the list `risk_at_dealt`; did you mean `MEDIUM`?
    error,230,6,`P1.03` is no measure or figure of this file; did you mean `P1.07`?
    error,246,6,"the id `P1.04` is taken already, on line 210"
    error,1377,16,"`P4.12a` is returned by `SALAS`, which is no partner; did you mean `SALUS`?"
    "#);
}

#[test]
fn a_definition_is_shown_with_its_sql_and_two_plans_are_compared() {
    let shown: Value = Program::new(["plan", "show", "--format", "json"]).json();
    assert_eq!(shown.as_array().unwrap().len(), 72 + 59 + 5 + 27);
    let one = Program::new(["plan", "show", "P3.02"]).text();
    assert!(
        one.contains("instigated_by = 'PUBWATCH_RADIO'") && one.contains("occurred_at_london"),
        "{one}"
    );
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan.toml");
    let changed = fs::read_to_string(SHIPPED)
        .unwrap()
        .replacen(
            "instigated_by = 'PUBWATCH_RADIO' AND monitored",
            "instigated_by = 'PUBWATCH_RADIO'",
            1,
        )
        .replacen("unit = \"properties\"", "unit = \"homes\"", 1);
    fs::write(&file, changed).unwrap();
    let same = Program::new(["plan", "diff", SHIPPED, SHIPPED, "--format", "json"]).json();
    assert_eq!(same, json!([]));
    let diff = Program::new(["plan", "diff", SHIPPED, file.to_str().unwrap(), "--format", "csv"]).differs();
    insta::assert_snapshot!(diff, @r"
    id,change,what,before,after
    P1.07,changed,unit,properties,homes
    P3.02,counts otherwise,definition,filter=instigated_by = 'PUBWATCH_RADIO' AND monitored,filter=instigated_by = 'PUBWATCH_RADIO'
    P3.02,not raised,version,1,raise it: the definition changed
    ");
}

/// Own record type, feed, code lists and plan, and no word of Rust.
#[test]
fn another_partnership_has_its_own_plan() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    settle(directory.path(), "");
    let running = Program::new(["up", "--data-dir", path]).start_until("ready");
    let pushed = push(directory.path(), path);
    assert_eq!(pushed[0]["taken"], 4, "{pushed}");
    let measures: Value = Program::new([
        "measures",
        "--period",
        "2016-17/Q1",
        "--data-dir",
        path,
        "--format",
        "json",
    ])
    .json();
    let values: Vec<(&str, &Value)> = measures
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), &row["value"]))
        .collect();
    assert_eq!(values, [("S1", &json!(2.0)), ("S2", &json!(1.67))]);
    let trace: Value = Program::new([
        "trace",
        "S2",
        "--period",
        "2016-17/Q1",
        "--data-dir",
        path,
        "--format",
        "json",
    ])
    .json();
    assert_eq!(trace.as_array().unwrap().len(), 6);
    running.stop();
}

/// Before anybody counts its records, the board knows what came of it.
#[test]
fn a_feed_of_which_nothing_is_counted_is_returned_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let plan = fs::read_to_string(format!("{SMALL_TOWN}/plan.toml")).unwrap();
    let (head, measures) = plan.split_once("[[measure]]").unwrap();
    let file = directory.path().join("plan.toml");
    fs::write(&file, head).unwrap();
    let found = Program::new(["plan", "check", file.to_str().unwrap(), "--format", "csv"]).differs();
    assert!(found.contains("needs at least one [[measure]]"), "{found}");
    // One that is not counted from records yet.
    let (first, _) = measures.split_once("[[measure]]").unwrap();
    let planned = first
        .lines()
        .filter(|line| {
            !["record_type", "filter", "date", "returned_by"]
                .iter()
                .any(|key| line.starts_with(key))
        })
        .collect::<Vec<_>>()
        .join("\n")
        .replace("event_count", "estimate");
    fs::write(&file, format!("{head}[[measure]]{planned}\n")).unwrap();
    settle_with(directory.path(), file.to_str().unwrap(), "");
    let running = Program::new(["up", "--data-dir", path]).start_until("ready");
    push(directory.path(), path);
    let call = ["returns", "--period", "2016-17", "--data-dir", path];
    let board: Value = Program::new(call.into_iter().chain(["--format", "json"])).json();
    let lines: Vec<_> = board
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["state"].as_str().unwrap(),
                line["records"].as_u64().unwrap(),
                line["first_on"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("returned", 3, true),
            ("not_returned", 0, false),
            ("not_returned", 0, false),
            ("not_returned", 0, false)
        ]
    );
    running.stop();
}

/// The files of the small town, with more in the configuration's section `[plan]` and behind it.
pub(super) fn settle(directory: &Path, more: &str) {
    settle_with(directory, &format!("{SMALL_TOWN}/plan.toml"), more);
}

/// The same with another plan.
fn settle_with(directory: &Path, plan: &str, more: &str) {
    let settings = format!(
        "[plan]\nfeeds = '{SMALL_TOWN}/feeds.toml'\ncodes = '{SMALL_TOWN}/codes.toml'\nschemas = '{SMALL_TOWN}/schemas'\n\
         plans = ['{plan}']\n{more}"
    );
    fs::write(directory.join("quarterday.toml"), settings).unwrap();
}

/// Three patrols of the plan's first quarter and one before it.
pub(super) fn push(directory: &Path, path: &str) -> Value {
    push_in(directory, path, 2016).json()
}

/// The same of a plan of another year.
pub(super) fn push_in(directory: &Path, path: &str, year: u16) -> Program {
    let patrols = [
        ("04-01", "NORTH", 1),
        ("05-02", "NORTH", 4),
        ("06-30", "SOUTH", 0),
        ("03-31", "NORTH", 9),
    ];
    let lines: Vec<String> = patrols
        .iter()
        .enumerate()
        .map(|(number, (day, bank, rescued))| {
            json!({
                "feed": "river-patrols", "partner": "RIVER_WATCH", "ref": format!("L{number}"), "op": "SUBMIT", "version": 1,
                "sent_at": "2016-07-01T12:00:00Z", "body": { "walked_on": format!("{year}-{day}"), "bank": bank, "rescued": rescued },
            })
            .to_string()
        })
        .collect();
    let file = directory.join("patrols.ndjson");
    fs::write(&file, lines.join("\n")).unwrap();
    Program::new([
        "push",
        "river-patrols",
        file.to_str().unwrap(),
        "--data-dir",
        path,
        "--format",
        "json",
    ])
}
