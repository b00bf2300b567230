//! Snapshots: frozen once, never changed by what comes later, revised with a reason, and proved.

use std::{fs, thread};

use quarterday_kafka::{KafkaSettings, quarantine, read};
use quarterday_store::{Settings, Store};
use serde_json::{Value, json};

use super::directory::{AFFRAY, Directory, change_codes, directory, mend_codes, row};
use crate::support::http;

const WITHDRAWN: &str = "C1,WITHDRAW,2,ERROR,,,,,,,,\n";
const H1: [&str; 2] = ["--period", "2014-15/H1"];

fn take(directory: &Directory, more: &[&str]) -> Value {
    directory.ask(&[&["snapshot", "take"], &H1[..], more].concat())[0].clone()
}

/// The number of incidents in a snapshot.
fn incidents(directory: &Directory, id: &str) -> Value {
    let shown = directory.ask(&["snapshot", "show", id]);
    let values = shown[0]["values"].as_array().unwrap().clone();
    let found = values.iter().find(|value| value["id"] == "R19");
    found.unwrap_or_else(|| panic!("no R19 in {shown}"))["numerator"].clone()
}

/// What BI tools see of it.
fn seen(directory: &Directory, query: &str) -> String {
    let endpoints = directory.endpoints();
    let clickhouse = endpoints["clickhouse"].as_str().unwrap();
    let query = query.replace(' ', "%20");
    let (status, text) = http::get(clickhouse, &format!("/?user=bi&query={query}")).unwrap();
    assert_eq!(status, 200, "{text}");
    text.trim().to_owned()
}

#[test]
fn a_snapshot_is_taken_once_is_proved_and_is_revised_with_a_reason() {
    let directory = directory();
    let running = directory.up();
    directory
        .push(
            &[
                row("C1", "SUBMIT", 1, "Violence"),
                row("C2", "SUBMIT", 1, "Violence"),
            ]
            .concat(),
        )
        .text();
    let first = two_at_once(&directory);
    assert_eq!(first["id"], "2014-15/H1/r1");
    let listed = directory.ask(&["snapshot", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed[0]["hash"], first["hash"]);
    assert_eq!(incidents(&directory, "2014-15/H1/r1"), json!(2.0));
    directory.ask(&["snapshot", "verify", "2014-15/H1/r1"]);

    // What comes late is in the measures, and not in the snapshot.
    directory
        .push(
            &[
                row("C3", "SUBMIT", 1, "Violence"),
                row("C2", "AMEND", 2, "Shoplifting"),
                WITHDRAWN.to_owned(),
            ]
            .concat(),
        )
        .text();
    assert_eq!(take(&directory, &[])["hash"], first["hash"]);
    assert_eq!(incidents(&directory, "2014-15/H1/r1"), json!(2.0));
    let reason = ["--revise", "--reason", "late returns"];
    let second = take(&directory, &reason);
    assert_eq!(
        (&second["id"], &second["reason"]),
        (&json!("2014-15/H1/r2"), &json!("late returns"))
    );
    assert_eq!(incidents(&directory, "2014-15/H1/r2"), directory.incidents());
    assert_eq!(
        take(&directory, &reason)["id"],
        second["id"],
        "nothing has changed since"
    );
    for id in ["2014-15/H1/r1", "2014-15/H1/r2"] {
        let proof = directory.ask(&["snapshot", "verify", id]);
        assert_eq!(proof[0]["proved"], true, "{proof}");
        assert!(proof[0]["compared"].as_u64().unwrap() > 100, "{proof}");
    }

    let proof = directory.ask(&["snapshot", "verify", "2014-15/H1/r1", "--from-kafka"]);
    assert_eq!(proof[0]["proved"], true, "{proof}");
    let due = || {
        directory
            .ask(&["snapshot", "due", "--dry-run"])
            .as_array()
            .unwrap()
            .clone()
    };
    let before = due();
    let earliest = before[0]["period"].as_str().unwrap();
    directory.ask(&["snapshot", "take", "--period", earliest]);
    assert_eq!(due(), before[1..]);

    let latest = "SELECT count(), sum(is_latest), max(revision) FROM quarterday.snapshots";
    assert_eq!(seen(&directory, latest), "3\t2\t2");
    let numbers = "SELECT groupArray(numerator) FROM (SELECT numerator FROM quarterday.snapshot_values WHERE id='R19' AND \
                   period='2014-15/H1' ORDER BY revision)";
    assert_eq!(seen(&directory, numbers), "[2,1]");
    running.stop();
}

/// Of two that are asked for at the same instant there is one.
fn two_at_once(directory: &Directory) -> Value {
    thread::scope(|scope| {
        let each = [(); 2].map(|()| scope.spawn(|| take(directory, &["--role", "scheduler"])));
        let [one, other] = each.map(|taken| taken.join().unwrap());
        assert_eq!(one, other);
        assert_eq!(one["taken_by"], "scheduler");
        one
    })
}

/// Pushes an incident of domestic abuse; all are of one victim.
fn abuse(directory: &Directory, reference: &str, reported_at: &str) {
    let record = json!({
        "feed": "police-incidents", "partner": "KPOL", "ref": reference, "op": "SUBMIT", "version": 1, "sent_at": "2014-07-01T12:00:00Z",
        "body": { "reported_at": reported_at, "kind": "DA", "victim_pid": format!("P1-{}", "0f".repeat(16)) },
    });
    let file = directory.0.path().join("incidents.ndjson");
    fs::write(&file, record.to_string()).unwrap();
    let pushed = directory.ask(&["push", "police-incidents", file.to_str().unwrap()]);
    assert_eq!(pushed[0]["taken"], 1, "{pushed}");
}

/// Cause, change and records of each part of a measure's change.
fn parts_of<'c>(changes: &'c [Value], id: &str) -> Vec<(&'c str, f64, Vec<&'c str>)> {
    let of_measure = changes.iter().find(|change| change["id"] == id);
    let of_measure = of_measure.unwrap_or_else(|| panic!("no {id} in {changes:?}"));
    let parts = of_measure["parts"].as_array().unwrap().iter().map(|part| {
        let records = part["records"].as_array().unwrap().iter();
        let records = records.map(|record| record["ref"].as_str().unwrap()).collect();
        (
            part["cause"].as_str().unwrap(),
            part["change"].as_f64().unwrap(),
            records,
        )
    });
    parts.collect()
}

#[test]
fn each_change_is_explained_in_parts_that_add_up_to_it() {
    let directory = directory();
    let running = directory.up();
    let first = ["C1", "C2", "C3", "C4"].map(|reference| row(reference, "SUBMIT", 1, "Violence"));
    // Rejected until the code list is mended.
    let affray = row("C5", "SUBMIT", 1, "Affray");
    directory.push(&[first.concat(), affray].concat()).differs();
    abuse(&directory, "I2", "2014-05-10T20:00:00Z");
    take(&directory, &[]);
    running.stop();
    mend_codes(directory.0.path());
    let running = directory.up();
    let later = [
        row("C2", "AMEND", 2, "Shoplifting"),
        WITHDRAWN.to_owned(),
        row("C6", "SUBMIT", 1, "Violence"),
        row("C7", "SUBMIT", 1, "Violence"),
    ];
    directory.push(&later.concat()).text();
    abuse(&directory, "I1", "2014-01-10T20:00:00Z");
    directory.ask(&["rejected", "replay"]);
    let now = directory.ask(&["snapshot", "diff", "2014-15/H1/r1"]);
    take(&directory, &["--revise", "--reason", "late returns"]);
    let explained = directory.ask(&["snapshot", "diff", "2014-15/H1/r1", "2014-15/H1/r2"]);
    let shown = directory.ask(&["snapshot", "show", "2014-15/H1/r2"]);
    assert_eq!(shown[0]["ledger"], explained[0]["changes"]);
    let of_readers =
        "SELECT sum(change), sum(length(records)) FROM quarterday.snapshot_changes WHERE id='R19'";
    assert_eq!(seen(&directory, of_readers), "1\t5");
    assert_eq!(now[0]["changes"], explained[0]["changes"]);
    let changes = explained[0]["changes"].as_array().unwrap();
    for change in changes {
        let parts = change["parts"].as_array().unwrap().iter();
        let sum: f64 = parts.map(|part| part["change"].as_f64().unwrap()).sum();
        assert!(
            (sum - change["change"].as_f64().unwrap()).abs() < 1e-6,
            "{change}"
        );
    }
    let expected = [
        ("late", 2.0, vec!["C6", "C7"]),
        ("amended", -1.0, vec!["C2"]),
        ("withdrawn", -1.0, vec!["C1"]),
        ("replayed", 1.0, vec!["C5"]),
    ];
    assert_eq!(parts_of(changes, "R19"), expected);
    // The victim of May is a repeat one by an incident that is of no quarter of the period.
    assert_eq!(parts_of(changes, "R35"), [("late", 1.0, vec!["I1"])]);
    for id in ["2014-15/H1/r1", "2014-15/H1/r2"] {
        directory.ask(&["snapshot", "verify", id]);
    }
    attests_what_is_lost(&directory);
    let said = directory
        .call(&["snapshot", "diff", "2014-15/H1/r2", "2014-15/H1/r1"])
        .fails();
    assert!(said.contains("name the earlier one first"), "{said}");
    running.stop();
}

#[test]
fn what_cannot_be_frozen_is_said() {
    let directory = directory();
    let running = directory.up();
    directory.push(&row("C1", "SUBMIT", 1, "Violence")).text();
    // Whoever does not wait for all that has come has nothing final, whenever the period ended.
    let take = ["snapshot", "take", "--period", "2014-15/Q1"];
    let early = directory.ask(&[&take[..], &["--provisional"]].concat());
    let is = |taken: &Value| {
        (
            taken[0]["id"].clone(),
            taken[0]["provisional"].clone(),
            taken[0]["final"].clone(),
        )
    };
    assert_eq!(is(&early), (json!("2014-15/Q1/r1"), json!(true), json!(0)));
    let later = is(&directory.ask(&take));
    assert_eq!((later.0, later.1), (json!("2014-15/Q1/r2"), json!(false)));
    assert_ne!(later.2, json!(0));
    let refused = |period: &str| {
        let call = directory.call(&["snapshot", "take", "--period", period]);
        call.fails()
    };
    let said = refused("2010-11/Q1");
    assert!(said.contains("no plan in force covers 2010-11/Q1"), "{said}");
    let said = refused("2013-14/Q1");
    assert!(said.contains("no plan in force covers 2013-14/Q1"), "{said}");
    let said = refused("2114-15/Q1");
    assert!(said.contains("no plan in force covers 2114-15/Q1"), "{said}");
    let said = directory.call(&["snapshot", "show", "2014-15/H1/r7"]).fails();
    assert!(said.contains("there is no snapshot 2014-15/H1/r7"), "{said}");
    running.stop();
}

/// How many messages have been put aside.
fn put_aside(directory: &Directory) -> usize {
    let kafka = KafkaSettings::new(directory.endpoints()["kafka"].as_str().unwrap());
    let mut messages = 0;
    read::read_to_end(&kafka, quarantine::TOPIC, |_| {
        messages += 1;
        Ok::<_, quarterday_kafka::Error>(())
    })
    .unwrap();
    messages
}

/// A type of incident was in the code list when it came, and is not any more when its quarter is frozen.
#[test]
fn a_proof_from_kafka_says_what_it_judges_otherwise_and_leaves_nothing_there() {
    let directory = directory();
    mend_codes(directory.0.path());
    let running = directory.up();
    let rows = [
        row("C1", "SUBMIT", 1, "Violence"),
        row("C2", "SUBMIT", 1, "Affray"),
    ];
    directory.push(&rows.concat()).text();
    running.stop();
    change_codes(directory.0.path(), AFFRAY, "");
    let running = directory.up();
    directory.push(&row("C3", "SUBMIT", 1, "Affray")).differs();
    let taken = take(&directory, &[]);
    let id = taken["id"].as_str().unwrap();
    assert_eq!(incidents(&directory, id), json!(2.0));
    directory.ask(&["snapshot", "verify", id]);
    assert_eq!(put_aside(&directory), 1);
    let text = directory
        .call(&["snapshot", "verify", id, "--from-kafka"])
        .differs();
    let proof: Value = serde_json::from_str(&text).unwrap();
    let reason = proof[0]["reasons"][0].as_str().unwrap();
    assert!(
        reason.contains("1 of the messages that were taken are not accepted by the files of then"),
        "{proof}"
    );
    assert_eq!(put_aside(&directory), 1);
    running.stop();
}

/// A row that is gone from the logs is missed, by range; what Kafka still has proves the snapshot all the same.
fn attests_what_is_lost(directory: &Directory) {
    let endpoints = directory.endpoints();
    let store = Store::new(&Settings::loopback(endpoints["clickhouse"].as_str().unwrap()));
    let delete =
        "ALTER TABLE quarterday_store.log_cctv_incident DELETE WHERE ref = 'C3' SETTINGS mutations_sync = 1";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(store.execute("lose a row", delete)).unwrap();
    let text = directory.call(&["snapshot", "verify", "2014-15/H1/r1"]).differs();
    let proof: Value = serde_json::from_str(&text).unwrap();
    let differing: Vec<&Value> = proof[0]["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| &found["id"])
        .collect();
    assert!(differing.contains(&&json!("R19")), "{proof}");
    assert_eq!(proof[0]["missing"][0]["kind"], "no outcome", "{proof}");
    let proof = directory.ask(&["snapshot", "verify", "2014-15/H1/r1", "--from-kafka"]);
    assert_eq!(proof[0]["proved"], true, "{proof}");
}
