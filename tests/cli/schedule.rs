//! Snapshots by a job that needs no watching: what the schedule asked for while nobody was there is made good, and what has not
//! ended is frozen only when that is asked for.

use std::fs;
use std::time::Duration;

use jiff::{ToSpan as _, Zoned};
use serde_json::{Value, json};

use super::directory::Directory;
use super::plan::{SMALL_TOWN, push, push_in, settle};
use crate::support::wait_until;

const LIMIT: Duration = Duration::from_secs(120);

#[test]
fn what_was_due_during_downtime_is_frozen_at_the_start() {
    let directory = Directory(tempfile::tempdir().unwrap());
    settle(directory.0.path(), "[snapshots]\nschedule = 'off'\n");
    let running = directory.up();
    push(directory.0.path(), directory.path());
    assert_eq!(directory.ask(&["snapshot", "list"]), json!([]));
    running.stop();

    // The schedule says an instant that comes while nothing runs; the next is an hour away.
    let instant = Zoned::now()
        .in_tz("Europe/London")
        .unwrap()
        .saturating_add(2.seconds());
    let schedule = instant.strftime("%S %M * * * *");
    settle(
        directory.0.path(),
        &format!("[snapshots]\nschedule = '{schedule}'\n"),
    );
    wait_until("the instant of the schedule", LIMIT, || Zoned::now() > instant);
    // The store that is in force at the start was not there then: the one before had something to freeze.
    directory.ask(&["rebuild"]);
    let running = directory.up();
    let listed = || directory.ask(&["snapshot", "list"]);
    wait_until("all that is due", LIMIT, || {
        listed().as_array().unwrap().len() == 5
    });
    let periods: Vec<(Value, Value)> = listed()
        .as_array()
        .unwrap()
        .iter()
        .map(|snapshot| (snapshot["period"].clone(), snapshot["taken_by"].clone()))
        .collect();
    for period in ["2016-17", "2016-17/Q1", "2016-17/Q2", "2016-17/Q3", "2016-17/Q4"] {
        assert!(
            periods.contains(&(json!(period), json!("scheduler"))),
            "{periods:?}"
        );
    }
    assert_eq!(directory.ask(&["snapshot", "due"]), json!([]), "nothing is left");
    let board = directory.ask(&["returns", "--period", "2016-17"]);
    let (board, returned) = (board.as_array().unwrap(), json!("returned"));
    let returned: Vec<&Value> = board.iter().filter(|line| line["state"] == returned).collect();
    assert_eq!(returned.len(), 1, "{board:?}");
    assert_eq!(
        (&returned[0]["quarter"], &returned[0]["records"]),
        (&json!("2016-17/Q1"), &json!(3))
    );
    running.stop();
}

/// The small town's plan of eighty years later.
fn in_eighty_years(directory: &Directory) {
    let plan = fs::read_to_string(format!("{SMALL_TOWN}/plan.toml")).unwrap();
    fs::write(
        directory.0.path().join("later.toml"),
        plan.replace("2016-17", "2096-97").replace("2016-", "2096-"),
    )
    .unwrap();
    settle(directory.0.path(), "");
    let file = directory.0.path().join("quarterday.toml");
    let settings = fs::read_to_string(&file).unwrap();
    let settings = settings.replace(&format!("'{SMALL_TOWN}/plan.toml'"), "'later.toml'");
    fs::write(file, settings).unwrap();
}

#[test]
fn what_has_not_ended_is_frozen_as_provisional_only() {
    let directory = Directory(tempfile::tempdir().unwrap());
    settle(directory.0.path(), "");
    directory.up().stop();
    in_eighty_years(&directory);
    let running = directory.up();
    assert!(
        running.said("no plan covers them by now"),
        "nothing of the plan before was frozen"
    );
    let pushed: Value = push_in(directory.0.path(), directory.path(), 2096).json();
    assert_eq!(pushed[0]["taken"], 4, "{pushed}");
    let take = ["snapshot", "take", "--period", "2096-97/Q1"];
    let said = directory.call(&take).fails();
    assert!(said.contains("ends on 2096-06-30"), "{said}");
    assert_eq!(directory.ask(&["snapshot", "due", "--dry-run"]), json!([]));
    let taken = directory.ask(&[&take[..], &["--provisional"]].concat());
    assert_eq!(
        (&taken[0]["id"], &taken[0]["provisional"]),
        (&json!("2096-97/Q1/r1"), &json!(true))
    );
    let shown = directory.ask(&["snapshot", "show", "2096-97/Q1/r1"]);
    let values = shown[0]["values"].as_array().unwrap();
    let values: Vec<(&Value, &Value)> = values
        .iter()
        .map(|value| (&value["value"], &value["status"]))
        .collect();
    let status = json!("provisional");
    assert_eq!(
        values,
        [(&json!(2.0), &status), (&json!(1.67), &status)],
        "{shown}"
    );
    let proof = directory.ask(&["snapshot", "verify", "2096-97/Q1/r1"]);
    assert_eq!(proof[0]["proved"], true, "{proof}");
    running.stop();
}
