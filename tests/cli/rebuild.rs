//! The store derived again from Kafka: killed on the way and begun again, while readers see the same numbers all the time; and not put
//! in force when a number would be another.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::directory::{AFFRAY, Directory, change_codes, directory, mend_codes, row};
use crate::support::{http, wait_until};

const LIMIT: Duration = Duration::from_secs(180);

/// All measures of readers in one number.
const ALL: &str = "/?query=SELECT%20count(),groupBitXor(cityHash64(id,period,toString(value),status,watermark))%20FROM%20quarterday.measures";

fn seen(directory: &Directory) -> String {
    let endpoints = directory.endpoints();
    let clickhouse = endpoints["clickhouse"].as_str().unwrap();
    let (status, text) = http::get(clickhouse, ALL).unwrap();
    assert_eq!(status, 200, "{text}");
    text
}

fn value(directory: &Directory, more: &[&str]) -> Value {
    let call = ["measures", "--period", "2014-15/H1", "--measure", "R19"];
    directory.ask(&[&call, more].concat())[0]["numerator"].clone()
}

/// Starts a rebuild and kills it as soon as it has said so much.
fn cut_off(directory: &Directory, after: &str) {
    let rebuild = directory.call(&["rebuild"]).start();
    wait_until(after, LIMIT, || rebuild.said(after));
    rebuild.kill_9();
}

#[test]
fn readers_see_all_of_one_store_and_then_all_of_the_other() {
    let directory = directory();
    let running = directory.up();
    let rows = [
        row("C1", "SUBMIT", 1, "Violence"),
        row("C1", "AMEND", 2, "Shoplifting"),
        row("C2", "SUBMIT", 1, "Violence"),
        row("C3", "AMEND", 2, "Violence"),
        row("C4", "SUBMIT", 1, "Affray"),
    ];
    directory.push(&rows.concat()).differs();
    let before = value(&directory, &[]);
    let listed = directory.ask(&["rejected", "list", "--messages"]);
    let (all, then) = (seen(&directory), jiff::Timestamp::now().to_string());

    let is_over = AtomicBool::new(false);
    let rebuilt = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                assert_eq!(seen(&directory), all);
            }
        });
        cut_off(&directory, "tables and views");
        cut_off(&directory, "the rest of the log");
        let rebuilt = directory.ask(&["rebuild"]);
        is_over.store(true, Ordering::Relaxed);
        reader.join().unwrap();
        rebuilt
    });
    assert_eq!(rebuilt[0]["in_force"], true, "{rebuilt}");
    assert_eq!(rebuilt[0]["store"], "quarterday_store_2");
    assert!(rebuilt[0]["compared"].as_u64().unwrap() > 1_000, "{rebuilt}");
    assert_eq!(seen(&directory), all);
    // Decisions came from their topic, and were made once.
    assert_eq!(directory.ask(&["rejected", "list", "--messages"]), listed);

    directory.push(&row("C5", "SUBMIT", 1, "Violence")).text();
    let after = json!(before.as_f64().unwrap() + 1.0);
    assert_eq!(value(&directory, &[]), after, "the worker has gone over");
    assert_eq!(value(&directory, &["--as-known-at", &then]), before);
    running.stop();
    let running = directory.up();
    assert_eq!(value(&directory, &[]), after);
    directory.ask(&["reconcile", "--period", "2014-15/H1"]);
    running.stop();
}

#[test]
fn a_store_with_another_number_is_not_put_in_force_unasked() {
    let directory = directory();
    mend_codes(directory.0.path());
    let running = directory.up();
    directory.push(&row("C1", "SUBMIT", 1, "Affray")).text();
    assert_eq!(value(&directory, &[]), json!(1.0));
    running.stop();

    // By the list of today the message would not have been accepted.
    change_codes(directory.0.path(), AFFRAY, "");
    let running = directory.up();
    let text = directory.call(&["rebuild"]).differs();
    let rebuilt: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(rebuilt[0]["in_force"], false);
    let differences = rebuilt[0]["differences"].as_array().unwrap();
    let differs = |id: &str, period: &str| {
        let mut differences = differences.iter();
        differences.any(|found| found["id"] == id && found["period"] == period && found["by"] == "")
    };
    assert!(differs("R19", "2014-15/H1"), "{rebuilt}");
    assert!(differences.iter().all(|found| found["shown"] != found["derived"]));
    assert_eq!(value(&directory, &[]), json!(1.0));

    assert_eq!(
        directory.ask(&["rejected", "list"]),
        json!([]),
        "what is not put in force decides nothing"
    );
    running.stop();

    // With the list of before nothing is rejected, whatever the other store has said.
    mend_codes(directory.0.path());
    let running = directory.up();
    let same = directory.ask(&["rebuild"]);
    assert_eq!(
        (&same[0]["in_force"], &same[0]["differences"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(value(&directory, &[]), json!(1.0));
    running.stop();

    change_codes(directory.0.path(), AFFRAY, "");
    let running = directory.up();
    directory.call(&["rebuild"]).differs();
    let accepted = directory.ask(&["rebuild", "--accept-differences"]);
    assert_eq!(accepted[0]["in_force"], true);
    assert_ne!(value(&directory, &[]), json!(1.0));
    let waiting = directory.ask(&["rejected", "list"]);
    assert_eq!(waiting[0]["reason"], "unknown-code", "{waiting}");
    directory.ask(&["reconcile", "--period", "2014-15/H1"]);
    running.stop();
}
