//! Reference data that changes: a spelling means something else since, and the store was derived again by it. What is frozen stays, the next
//! revision says why it differs, and the topics prove both by the files of then.

use serde_json::{Value, json};

use super::directory::{AFFRAY, Directory, change_codes, directory, mend_codes, row};

const ANOTHER: &str = "\"Affray\" = \"SHOPLIFTING\"\n";
const H1: [&str; 4] = ["snapshot", "take", "--period", "2014-15/H1"];

/// The parts of the change of a measure.
fn parts(explained: &Value, id: &str) -> Vec<(String, f64)> {
    let changes = explained[0]["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["id"] == id);
    let change = change.unwrap_or_else(|| panic!("{id} is not in {explained}"));
    let parts = change["parts"].as_array().unwrap().iter();
    let parts = parts.map(|part| {
        (
            part["cause"].as_str().unwrap().to_owned(),
            part["change"].as_f64().unwrap(),
        )
    });
    parts.collect()
}

fn is_proved(directory: &Directory, id: &str) {
    let proof = directory.ask(&["snapshot", "verify", id, "--from-kafka"]);
    assert_eq!(proof[0]["proved"], true, "{proof}");
}

#[test]
fn a_spelling_that_means_something_else_since_is_a_cause_of_its_own() {
    let directory = directory();
    mend_codes(directory.0.path());
    let running = directory.up();
    let rows = ["Violence", "Affray", "Affray"]
        .into_iter()
        .zip(["C1", "C2", "C3"]);
    let rows: Vec<String> = rows.map(|(kind, name)| row(name, "SUBMIT", 1, kind)).collect();
    directory.push(&rows.concat()).text();
    directory.ask(&H1);
    running.stop();

    change_codes(directory.0.path(), AFFRAY, ANOTHER);
    let running = directory.up();
    // Decisions of then hold for what was accepted: only a store that is derived again goes by the lists of today.
    let again = [&H1[..], &["--revise", "--reason", "nothing is new"]].concat();
    assert_eq!(directory.ask(&again)[0]["id"], "2014-15/H1/r1");
    directory.ask(&["rebuild", "--accept-differences"]);
    directory.push(&row("C4", "SUBMIT", 1, "Violence")).text();
    let again = [&H1[..], &["--revise", "--reason", "affrays are thefts"]].concat();
    assert_eq!(directory.ask(&again)[0]["id"], "2014-15/H1/r2");
    let explained = directory.ask(&["snapshot", "diff", "2014-15/H1/r1", "2014-15/H1/r2"]);
    let of_reference_data = ("reference data changed".to_owned(), -2.0);
    assert_eq!(
        parts(&explained, "R19"),
        [of_reference_data, ("late".to_owned(), 1.0)],
        "{explained}"
    );
    let proof: Value = directory.ask(&["snapshot", "verify", "2014-15/H1/r2"]);
    assert_eq!(proof[0]["proved"], json!(true), "{proof}");
    for id in ["2014-15/H1/r1", "2014-15/H1/r2"] {
        is_proved(&directory, id);
    }
    running.stop();
}
