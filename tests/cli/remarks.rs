//! What is filled in, what is remarked on, and how a remark goes away again.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::Program;

const HEADER: &str =
    "Spell id,Action,Version,District,Ward,Date admitted,Main diagnosis,Alcohol diagnoses,Age band\n";

/// The call that pushes rows of admissions.
fn pushing(directory: &Path, rows: &str) -> Program {
    let file = directory.join("admissions.csv");
    fs::write(&file, HEADER.to_owned() + rows).unwrap();
    let (file, data) = (file.to_str().unwrap(), directory.join("data"));
    let call = ["push", "hospital-admissions", file, "--format", "json"];
    Program::new(call.into_iter().chain(["--data-dir", data.to_str().unwrap()]))
}

/// Pushes rows that are all taken and counted; so many have warnings.
fn push(directory: &Path, rows: &str, warned: u64) {
    let pushed = pushing(directory, rows).json();
    let of = |key: &str| pushed[0][key].as_u64().unwrap();
    assert_eq!(
        (of("unreadable"), of("quarantined"), of("warned")),
        (0, 0, warned),
        "{pushed}"
    );
}

fn ask(directory: &Path, command: &[&str]) -> Value {
    let data = directory.join("data");
    let behind = ["--format", "json", "--data-dir", data.to_str().unwrap()];
    Program::new(command.iter().copied().chain(behind)).json()
}

fn warnings(directory: &Path) -> Vec<(String, u64)> {
    let told = ask(directory, &["warnings"]);
    let rows = told.as_array().unwrap().iter();
    let each = rows.map(|row| {
        assert_ne!(row["message"], "", "{row}");
        assert_eq!(row["feed"], "hospital-admissions");
        (
            row["check"].as_str().unwrap().to_owned(),
            row["records"].as_u64().unwrap(),
        )
    });
    each.collect()
}

#[test]
fn causes_are_filled_in_and_what_has_none_is_remarked_on_until_it_is_mended() {
    let directory = tempfile::tempdir().unwrap();
    let running = Program::new([
        "up",
        "--data-dir",
        directory.path().join("data").to_str().unwrap(),
    ])
    .start_until("ready");
    push(
        directory.path(),
        "S1,SUBMIT,1,,Sherwood,02/05/2015,F10.2,,25+\n\
         S2,SUBMIT,1,,Sherwood,03/05/2015,S06.0,K70.3,25+\n\
         S3,SUBMIT,1,,Sherwood,04/05/2015,T43.6,,25+\n\
         S4,SUBMIT,1,,Sherwood,05/05/2015,I10,,25+\n\
         S5,SUBMIT,1,,,06/05/2015,I10,,25+\n",
        2,
    );
    for (measure, admissions) in [("P5.06a", 2), ("P5.06b", 1)] {
        let call = ["measures", "--period", "2015-16/Q1", "--measure", measure];
        assert_eq!(
            ask(directory.path(), &call)[0]["numerator"],
            json!(f64::from(admissions)),
            "{measure}"
        );
    }
    let (due, ward) = (
        "due_to_something".to_owned(),
        "ward_of_residence_known".to_owned(),
    );
    assert_eq!(warnings(directory.path()), [(due.clone(), 2), (ward.clone(), 1)]);

    push(
        directory.path(),
        "S4,AMEND,2,,Sherwood,05/05/2015,F11.2,,25+\nS5,AMEND,2,,,06/05/2015,F10.2,,25+\n",
        1,
    );
    assert_eq!(warnings(directory.path()), [(ward.clone(), 1)]);
    let records = ask(directory.path(), &["warnings", "--records", "--check", &ward]);
    assert_eq!(records[0]["ref"], "S5", "{records}");
    assert_eq!(records[0]["version"], 2, "{records}");
    assert_eq!(
        ask(directory.path(), &["warnings", "--records", "--check", &due]),
        json!([])
    );
    let data = directory.path().join("data");
    let call = [
        "warnings",
        "--feed",
        "admissions",
        "--data-dir",
        data.to_str().unwrap(),
    ];
    let none = Program::new(call).fails();
    assert!(none.contains("admissions"), "{none}");
    what_is_refused_is_counted_and_named(directory.path(), &data);
    running.stop();
}

/// One of two rows is refused: the exit code, the count and the list say so.
fn what_is_refused_is_counted_and_named(directory: &Path, data: &Path) {
    let refused = pushing(
        directory,
        "S6,SUBMIT,1,,Sherwood,05/05/2015,F11.2,,HUNDRED\nS7,SUBMIT,1,,Sherwood,05/05/2015,F11.2,,25+\n",
    );
    let refused: Value = serde_json::from_str(&refused.differs()).unwrap();
    assert_eq!(
        (&refused[0]["taken"], &refused[0]["quarantined"]),
        (&json!(2), &json!(1)),
        "{refused}"
    );
    let listed = ask(
        directory,
        &["rejected", "list", "--messages", "--feed", "hospital-admissions"],
    );
    assert_eq!(
        (&listed[0]["ref"], &listed[0]["field"]),
        (&json!("S6"), &json!("body.age_band")),
        "{listed}"
    );
    let call = [
        "rejected",
        "list",
        "--feed",
        "admissions",
        "--data-dir",
        data.to_str().unwrap(),
    ];
    let none = Program::new(call).fails();
    assert!(none.contains("hospital-admissions"), "{none}");
}
