//! Numbers as they were known: by the definition of then, through the view of BI tools, and when the store of then is gone.

use std::fs;
use std::time::Duration;

use quarterday_kafka::{KafkaSettings, watermarks};
use serde_json::Value;

use super::directory::{Directory, directory, row};
use crate::support::{http, wait_until};

const LIMIT: Duration = Duration::from_secs(60);
const PERIOD: &str = "2014-15/H1";
const VIOLENCE: &str = "incident_type = 'VIOLENCE' AND monitored";
const SHOPLIFTING: &str = "incident_type = 'SHOPLIFTING' AND monitored";

/// What is asked for.
const QUESTIONS: [&[&str]; 3] = [
    &["measures", "--period", PERIOD],
    &["measures", "--period", PERIOD, "--by", "partner"],
    &["trace", "R19", "--period", PERIOD],
];

#[test]
fn what_was_shown_is_shown_again_by_the_definitions_of_then_though_its_store_is_gone() {
    let directory = with_a_plan_of_its_own();
    let running = directory.up();
    let rows = [
        row("C1", "SUBMIT", 1, "Violence"),
        row("C2", "SUBMIT", 1, "Violence"),
        row("C3", "SUBMIT", 1, "Shoplifting"),
    ];
    directory.push(&rows.concat()).text();
    let shown: Vec<Value> = QUESTIONS.map(|question| directory.ask(question)).into();
    assert_eq!(shown[2].as_array().unwrap().len(), 2);
    let then = jiff::Timestamp::now().to_string();
    running.stop();

    change_plan(&directory, VIOLENCE, SHOPLIFTING);
    let running = directory.up();
    directory.push(&row("C1", "AMEND", 2, "Shoplifting")).text();
    assert_ne!(directory.ask(QUESTIONS[2]), shown[2]);
    assert_eq!(known(&directory, &then), shown);
    assert_eq!(seen_by_bi(&directory, &then), of_view(&shown[0]));

    let began = instant_of_clickhouse(&directory, "now64(6, 'UTC')");
    assert_eq!(
        directory.ask(&["rebuild", "--accept-differences"])[0]["in_force"],
        true
    );
    only_what_was_shown_is_told(&directory, &began);
    assert_eq!(known(&directory, &then), shown);
    assert_eq!(seen_by_bi(&directory, &then), of_view(&shown[0]));
    carried_out(&directory, "DROP DATABASE quarterday_store SYNC");
    assert_eq!(known(&directory, &then), shown, "derived from the log again");
    let before = directory.call(&["measures", "--period", PERIOD, "--as-known-at", "2020-01-01"]);
    let said = before.fails();
    assert!(said.contains("nothing was shown at 2020-01-01"), "{said}");
    running.stop();
}

/// What the new store had computed before readers saw it was shown to nobody until then.
fn only_what_was_shown_is_told(directory: &Directory, began: &str) {
    let since = "(SELECT max(noted_at) FROM quarterday_stores.stores WHERE state = 'in force')";
    let since = instant_of_clickhouse(directory, since);
    let kafka = KafkaSettings::new(directory.endpoints()["kafka"].as_str().unwrap());
    let told = || {
        let mut told = Vec::new();
        watermarks::each(&kafka, "quarterday", None, |of| told.push(of)).unwrap();
        told.retain(|of| of.record_type == "cctv_incident" && *of.shown_at > *began);
        told
    };
    wait_until("the switch is told", LIMIT, || {
        told().iter().any(|of| of.shown_at == since)
    });
    assert!(
        told().iter().all(|of| of.shown_at >= since),
        "{since}: {:?}",
        told()
    );
}

fn instant_of_clickhouse(directory: &Directory, sql: &str) -> String {
    asked(directory, "/", &format!("SELECT toString({sql}) FORMAT TSVRaw"))
        .trim()
        .to_owned()
}

fn with_a_plan_of_its_own() -> Directory {
    let directory = directory();
    let plan = include_str!("../../schemas/plans/tunbridge-wells-review-2014-15.toml");
    fs::write(directory.0.path().join("plan.toml"), plan).unwrap();
    let configuration = "[plan]\ncodes = \"codes.toml\"\nplans = [\"plan.toml\"]\n";
    fs::write(directory.0.path().join("quarterday.toml"), configuration).unwrap();
    directory
}

fn change_plan(directory: &Directory, from: &str, to: &str) {
    let file = directory.0.path().join("plan.toml");
    let plan = fs::read_to_string(&file).unwrap();
    let changed = plan.replace(from, to);
    assert_ne!(changed, plan);
    fs::write(file, changed).unwrap();
}

fn known(directory: &Directory, then: &str) -> Vec<Value> {
    let at = ["--as-known-at", then];
    QUESTIONS
        .map(|question| directory.ask(&[question, &at].concat()))
        .into()
}

/// What the view for BI tools has of it, by a user of theirs.
fn seen_by_bi(directory: &Directory, then: &str) -> Vec<Seen> {
    let at = then.trim_end_matches('Z').replace('T', " ");
    let at: String = at.chars().take("2026-10-14 09:30:00.000001".len()).collect();
    let sql = format!(
        "SELECT id, value, status, definition_hash FROM quarterday.measures_as_known(at = '{at}', first = '2014-04-01', \
         last = '2014-09-30', previous_first = '2013-04-01', previous_last = '2013-09-30') WHERE role != 'companion' FORMAT JSONEachRow"
    );
    let text = asked(directory, "/?user=bi", &sql);
    text.lines()
        .map(|line| seen(&serde_json::from_str(line).unwrap()))
        .collect()
}

fn of_view(measures: &Value) -> Vec<Seen> {
    measures.as_array().unwrap().iter().map(seen).collect()
}

/// Id, value, status, hash of the definition.
type Seen = (String, Option<f64>, String, String);

fn seen(row: &Value) -> Seen {
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (
        text("id"),
        row["value"].as_f64(),
        text("status"),
        text("definition_hash"),
    )
}

fn carried_out(directory: &Directory, sql: &str) {
    asked(directory, "/", sql);
}

fn asked(directory: &Directory, path: &str, sql: &str) -> String {
    let endpoints = directory.endpoints();
    let (status, text) = http::post(endpoints["clickhouse"].as_str().unwrap(), path, sql).unwrap();
    assert_eq!(status, 200, "{text}");
    text
}
