//! Quarantine worked off: what waits is listed in groups, shown to the place of the fault, put through again once the code list is
//! mended, and counted once; or discarded.

use serde_json::{Value, json};

use super::directory::{Directory, directory, mend_codes, row};
use crate::support::Program;

#[test]
fn what_waits_is_listed_shown_mended_and_counted_once() {
    let directory = directory();
    let running = directory.up();
    let rows = [
        row("C1", "SUBMIT", 1, "Violence"),
        row("C1", "SUBMIT", 1, "Shoplifting"),
        row("C2", "SUBMIT", 1, "Affray"),
        row("C2", "AMEND", 2, "Affray"),
        row("C3", "AMEND", 2, "Violence"),
    ];
    directory.push(&rows.concat()).differs();
    directory.produce(b"PK\x03\x04 a workbook");
    let listed = || directory.ask(&["rejected", "list", "--messages"]);
    crate::support::wait_until("all wait", std::time::Duration::from_secs(60), || {
        listed().as_array().unwrap().len() == 5
    });
    let expected = [
        ("unknown-code".to_owned(), 2),
        ("conflict".to_owned(), 1),
        ("not-avro".to_owned(), 1),
        ("orphan".to_owned(), 1),
    ];
    assert_eq!(groups(&directory), expected);
    let id_of = |reason: &str| {
        let found = directory.ask(&["rejected", "list", "--messages", "--reason", reason]);
        found[0]["id"].as_str().unwrap().to_owned()
    };
    let (affray, workbook) = (id_of("unknown-code"), id_of("not-avro"));
    shows_what_can_be_read(&directory, &affray, &workbook);
    assert_eq!(directory.incidents(), json!(1.0));
    running.stop();

    mend_codes(directory.0.path());
    let running = directory.up();
    let replayed = directory.ask(&["rejected", "replay", "--reason", "unknown-code"]);
    assert_eq!(
        replayed[0],
        json!({"replayed": 2, "mended": 2, "rejected_again": 0, "left_out": 0})
    );
    assert_eq!(directory.incidents(), json!(2.0), "C2 counts once");
    let again = directory.ask(&["rejected", "replay", &affray]);
    assert_eq!(
        again[0],
        json!({"replayed": 0, "mended": 0, "rejected_again": 0, "left_out": 1})
    );
    let text = directory.call(&["rejected", "replay"]).differs();
    let rejected: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(rejected[0]["rejected_again"], 1, "the workbook: {rejected}");
    assert_eq!(groups(&directory), expected[1..].to_vec());

    is_discarded(&directory, &workbook, 2);
    is_discarded(&directory, &id_of("conflict"), 1);
    assert_eq!(directory.incidents(), json!(2.0));
    directory.ask(&["reconcile", "--feed", "cctv-incidents", "--period", "2014-15/H1"]);
    running.stop();
}

fn shows_what_can_be_read(directory: &Directory, affray: &str, workbook: &str) {
    let shown = directory.ask(&["rejected", "show", affray]);
    assert_eq!(shown[0]["record"]["body"]["incident_type"], "Affray", "{shown}");
    assert_eq!(shown[0]["record"]["body"]["occurred_at"], "2014-04-08T13:20:00Z");
    assert_eq!(shown[0]["field"], "body.incident_type");
    assert_eq!(shown[0]["broken_off"], Value::Null);
    let shown = directory.ask(&["rejected", "show", workbook]);
    assert_eq!(shown[0]["record"], json!({}));
    assert!(
        shown[0]["broken_off"]["problem"]
            .as_str()
            .unwrap()
            .contains("0x50")
    );
    let none = directory
        .call(&["rejected", "show", "returns.cctv-incidents/0/99999"])
        .fails();
    assert!(none.contains("rejected list --messages"), "{none}");
}

fn is_discarded(directory: &Directory, id: &str, rejections: u32) {
    let discard = |why: &str| {
        let call = [
            "rejected",
            "discard",
            id,
            "--why",
            why,
            "--format",
            "json",
            "--data-dir",
            directory.path(),
        ];
        Program::new(call)
    };
    let refused = discard("sent by mistake by a colleague").fails();
    assert!(refused.contains("SENT_IN_ERROR"), "{refused}");
    let discarded: Value = serde_json::from_str(&discard("sent_in_error").text()).unwrap();
    assert_eq!(
        discarded[0],
        json!({"id": id, "state": "discarded", "why": "SENT_IN_ERROR"})
    );
    let again = discard("sent_in_error").fails();
    assert!(again.contains("does not wait any more"), "{again}");
    let waiting = directory.ask(&["rejected", "list", "--messages"]);
    assert!(
        waiting.as_array().unwrap().iter().all(|row| row["id"] != id),
        "{waiting}"
    );
    let shown = directory.ask(&["rejected", "show", id]);
    assert_eq!(
        (&shown[0]["state"], &shown[0]["why"], &shown[0]["rejections"]),
        (&json!("discarded"), &json!("SENT_IN_ERROR"), &json!(rejections))
    );
}

/// Reasons with the messages that wait for them.
fn groups(directory: &Directory) -> Vec<(String, u64)> {
    let listed = directory.ask(&["rejected", "list"]);
    let groups = listed.as_array().unwrap().iter();
    let each = groups.map(|group| {
        assert_ne!(group["what"], "", "{group}");
        assert_ne!(group["to_do"], "", "{group}");
        let reason = group["reason"].as_str().unwrap().to_owned();
        (reason, group["messages"].as_u64().unwrap())
    });
    each.collect()
}
