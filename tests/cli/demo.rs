//! `quarterday demo`, and other commands on its directory afterwards.

use serde_json::Value;

use crate::support::Program;

fn demo(directory: &str) -> Value {
    Program::new(["demo", "--format", "json", "--data-dir", directory]).json()
}

#[test]
fn every_published_figure_is_reproduced_and_a_second_run_gives_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let first = demo(path);
    let figures = first.as_array().unwrap();
    assert_eq!(figures.len(), 19);
    for figure in figures {
        assert_eq!(figure["ok"], true, "{figure}");
    }
    assert_eq!(demo(path), first);

    let measures = |more: &[&str]| -> Value {
        let all = ["measures", "--data-dir", path, "--format", "json", "--period"];
        Program::new(all.iter().chain(more)).json()
    };
    let r50 = measures(&["2014-15/H1", "--measure", "R50"]);
    assert_eq!(r50[0]["value"], 1306.0);
    assert_eq!(
        r50[0]["coverage"],
        serde_json::json!({"returned": 1, "expected": 1})
    );
    let by_ward = measures(&["2014-04-01..2014-09-30", "--measure", "R50", "--by", "ward"]);
    let in_wards: f64 = by_ward
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["value"].as_f64().unwrap())
        .sum();
    assert!(
        in_wards <= 1306.0 && by_ward.as_array().unwrap().len() > 15,
        "{in_wards}"
    );

    let rejected: Value = Program::new(["rejected", "list", "--data-dir", path, "--format", "json"]).json();
    let first_id = rejected[0]["id"].as_str().unwrap();
    let shown: Value = Program::new([
        "rejected",
        "show",
        first_id,
        "--data-dir",
        path,
        "--format",
        "json",
    ])
    .json();
    assert_eq!(shown[0]["reason"], rejected[0]["reason"]);
}
