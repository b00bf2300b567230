//! The return board: what is owed, what came, and that zero, nil, not returned and not applicable look different.

use std::fs;

use serde_json::Value;

use super::directory::{Directory, directory, row};

const HEADER: &str = "Return no,Partner,Action,Version,Sent at,Covered feed,Financial year,Quarter,Kind of notice,Number of records,\
                      Date received,Signed by (role)\n";

/// A notice of the control room about a quarter of 2014-15.
fn notice(number: u32, quarter: u32, kind: &str, declared: &str) -> String {
    format!(
        "N{number},TWBC_CCTV,SUBMIT,1,08/07/2014 09:00,cctv-incidents,2014-15,{quarter},{kind},{declared},08/07/2014,MANAGER\n"
    )
}

fn tell(directory: &Directory, notices: &[String]) {
    let file = directory.0.path().join("notices.csv");
    fs::write(&file, [HEADER, &notices.concat()].concat()).unwrap();
    directory
        .call(&["push", "return-notices", file.to_str().unwrap()])
        .text();
}

/// The lines of the control room, by quarter.
fn board(directory: &Directory, more: &[&str]) -> Vec<Value> {
    let call = ["returns", "--period", "2014-15", "--partner", "TWBC_CCTV"];
    directory.ask(&[&call, more].concat()).as_array().unwrap().clone()
}

#[test]
fn what_is_owed_and_what_came_stands_beside_each_other() {
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
    tell(
        &directory,
        &[
            notice(1, 1, "RETURN", "3"),
            notice(2, 2, "NIL", ""),
            notice(3, 3, "NOT_APPLICABLE", ""),
        ],
    );
    let lines = board(&directory, &[]);
    let states: Vec<&str> = lines.iter().map(|line| line["state"].as_str().unwrap()).collect();
    assert_eq!(
        states,
        ["incomplete", "nil", "not_applicable", "not_returned"],
        "{lines:?}"
    );
    let first = &lines[0];
    assert_eq!(
        (&first["quarter"], &first["due"], &first["freeze"]),
        (&"2014-15/Q1".into(), &"2014-07-14".into(), &"2014-07-28".into())
    );
    assert_eq!((&first["records"], &first["declared"]), (&2.into(), &3.into()));
    // Its notice says that it was sent in time, before the records came.
    assert_eq!(
        (&first["late"], &first["first_on"]),
        (&false.into(), &"2014-07-08".into())
    );
    assert_eq!(lines[3]["late"], true);

    // The third arrives, another is withdrawn and comes again in another quarter, and there are records where there should be none.
    let later = ["C3", "C4"]
        .map(|reference| row(reference, "SUBMIT", 1, "Violence"))
        .concat();
    let in_the_third = row("C2", "AMEND", 2, "Violence").replace("08/04/2014", "08/10/2014");
    directory.push(&[later, in_the_third].concat()).text();
    tell(&directory, &[notice(4, 4, "EXTENSION", "")]);
    let lines = board(&directory, &[]);
    let states: Vec<&str> = lines.iter().map(|line| line["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["returned", "nil", "conflict", "extension"], "{lines:?}");
    assert_eq!(lines[0]["records"], 3);
    let open = board(&directory, &["--open"]);
    assert_eq!(open.len(), 2, "{open:?}");

    a_full_return_is_complete_when_its_own_records_are_there(&directory);
    a_notice_that_is_amended_was_in_time(&directory);
    running.stop();
}

fn a_notice_that_is_amended_was_in_time(directory: &Directory) {
    let amended = notice(1, 1, "RETURN", "4").replace("SUBMIT,1,08/07/2014", "AMEND,2,20/08/2014");
    tell(directory, &[amended]);
    let line = &board(directory, &[])[0];
    assert_eq!(
        (&line["declared"], &line["late"], &line["first_on"]),
        (&4.into(), &false.into(), &"2014-07-08".into()),
        "{line}"
    );
}

/// Records of the quarter that came before and do not name it are no part of it.
fn a_full_return_is_complete_when_its_own_records_are_there(directory: &Directory) {
    let push = |feed: &str, text: &str| {
        let file = directory.0.path().join("full.csv");
        fs::write(&file, text).unwrap();
        directory.call(&["push", feed, file.to_str().unwrap()]).text();
    };
    let full = notice(5, 1, "RETURN", "FULL,2").replace("08/07/2014 09:00", "09/07/2014 09:00");
    let header = HEADER.replace("Number of", "Complete or changes,Number of");
    push("return-notices", &(header + full.as_str()));
    let of_it = |reference: &str| row(reference, "SUBMIT", 1, "Violence").replace('\n', ",n5\n");
    let header = super::directory::HEADER.replace('\n', ",return_id\n");
    for (reference, state, came_with) in [("C5", "incomplete", 1), ("C6", "returned", 2)] {
        push("cctv-incidents", &(header.clone() + of_it(reference).as_str()));
        let line = &board(directory, &[])[0];
        assert_eq!(
            (&line["state"], &line["came_with"]),
            (&state.into(), &came_with.into()),
            "{line}"
        );
    }
}
