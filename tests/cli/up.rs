//! `quarterday up`: ready, pushed to, killed, up again.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Program, Running};

const EXAMPLES: [(&str, &str); 4] = [
    ("cctv-incidents", "cctv-incidents.csv"),
    ("pubwatch-exclusions", "pubwatch-exclusions.csv"),
    ("davss-referrals", "davss-referrals.csv"),
    ("warden-visits", "warden-visits.csv"),
];

fn up(directory: &Path) -> Running {
    Program::new(["up", "--data-dir", directory.to_str().unwrap()]).start_until("ready")
}

fn measures(directory: &Path, period: &str) -> Value {
    let path = directory.to_str().unwrap();
    Program::new([
        "measures",
        "--period",
        period,
        "--data-dir",
        path,
        "--format",
        "json",
    ])
    .json()
}

fn values(measures: &Value) -> Vec<(String, Value)> {
    let rows = measures.as_array().unwrap().iter();
    rows.map(|row| (row["id"].as_str().unwrap().to_owned(), row["value"].clone()))
        .collect()
}

#[test]
fn examples_are_pushed_measured_and_there_again_after_kill_9() {
    let directory = tempfile::tempdir().unwrap();
    let running = up(directory.path());
    let path = directory.path().to_str().unwrap();
    for (feed, file) in EXAMPLES {
        let file = format!("{}/../../schemas/examples/{file}", env!("CARGO_MANIFEST_DIR"));
        let summary: Value =
            Program::new(["push", feed, &file, "--data-dir", path, "--format", "json"]).json();
        assert_eq!(summary[0]["unreadable"], 0, "{feed}: {summary}");
        assert!(summary[0]["taken"].as_u64().unwrap() >= 6, "{feed}: {summary}");
    }
    let rejected: Value = Program::new(["rejected", "list", "--data-dir", path, "--format", "json"]).json();
    assert_eq!(rejected, Value::Array(vec![]), "the examples are right");
    let before = values(&measures(directory.path(), "2014-15/Q2"));
    assert!(
        before
            .iter()
            .any(|(_, value)| value.as_f64().is_some_and(|v| v != 0.0)),
        "{before:?}"
    );

    running.kill_9();
    let running = up(directory.path());
    assert_eq!(values(&measures(directory.path(), "2014-15/Q2")), before);
    let books: Value = Program::new(["reconcile", "--data-dir", path, "--format", "json"]).json();
    assert_eq!(books[0]["holds"], true, "{books}");
    running.stop();
}

#[test]
fn a_directory_has_one_owner_and_ports_give_way() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = up(one.path());
    let second = up(two.path());
    let endpoints = |directory: &Path| -> Value {
        serde_json::from_slice(&fs::read(directory.join("endpoints.json")).unwrap()).unwrap()
    };
    assert_ne!(
        endpoints(one.path())["clickhouse"],
        endpoints(two.path())["clickhouse"]
    );

    let refused = Program::new(["up", "--data-dir", one.path().to_str().unwrap()]).fails();
    assert!(refused.contains("held by"), "{refused}");
    first.stop();
    second.stop();
    assert!(!one.path().join("endpoints.json").exists());
}
