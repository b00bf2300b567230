//! The troubles are there, can be counted, and each would change a figure if it were handled wrongly.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::{accepted, london};
use super::*;

/// The accepted records of each key in the order of producing.
fn histories(statements: &[Statement]) -> BTreeMap<(&'static str, &str), Vec<&Value>> {
    let mut histories: BTreeMap<_, Vec<&Value>> = BTreeMap::new();
    for statement in statements {
        if let Payload::Record(record) = &statement.payload
            && accepted(statement, record)
        {
            histories
                .entry((statement.feed, statement.reference.as_str()))
                .or_default()
                .push(record);
        }
    }
    histories
}

fn quarter(record: &Value, date: &str) -> Option<(i16, i8)> {
    london(&record["body"][date]).map(|day| (day.year(), (day.month() - 1) / 3))
}

/// Versions in their order, each as it was first produced.
fn versions<'r>(history: &[&'r Value]) -> Vec<&'r Value> {
    let mut first: BTreeMap<i64, &Value> = BTreeMap::new();
    for record in history {
        first.entry(record["version"].as_i64().unwrap()).or_insert(record);
    }
    first.into_values().collect()
}

#[test]
fn counts_of_troubles() {
    let summary = Summary::of(demo());
    let Summary {
        duplicates,
        conflicts,
        orphans,
        late_submits,
        out_of_order,
        resubmissions,
        bad,
        ..
    } = summary;
    let counted = [
        duplicates,
        conflicts,
        orphans,
        late_submits,
        out_of_order,
        resubmissions,
        bad,
    ];
    assert_eq!(counted, [373, 91, 108, 111, 200, 79, 32]);
    assert!(
        summary.amendments > 1000 && summary.withdrawals > 150,
        "{summary:?}"
    );
}

#[test]
fn every_seed_has_the_same_troubles() {
    let counts = |seed| {
        let summary = Summary::of(&review(seed));
        [
            summary.duplicates,
            summary.conflicts,
            summary.orphans,
            summary.resubmissions,
            summary.bad,
        ]
    };
    assert_eq!(counts(SEED), counts(99));
}

#[test]
fn bad_messages_are_those_that_the_model_refuses() {
    let statements = demo();
    let refused = statements.iter().filter(|statement| match &statement.payload {
        Payload::Record(record) => !accepted(statement, record),
        _ => true,
    });
    assert_eq!(refused.count(), Summary::of(statements).bad);
}

#[test]
fn bad_messages_are_of_every_kind() {
    let statements = demo();
    let raw = |wanted: fn(&[u8]) -> bool| {
        statements
            .iter()
            .any(|s| matches!(&s.payload, Payload::Raw(bytes) if wanted(bytes)))
    };
    assert!(raw(<[u8]>::is_empty) && raw(|bytes| bytes.starts_with(b"PK")) && raw(|bytes| bytes.len() == 3));
    assert!(
        statements
            .iter()
            .any(|statement| statement.payload == Payload::UnknownSchema)
    );
    let all = format!("{statements:?}");
    for sign in ["FIGHTING", "Very high", "not-a-pseudonym", "2114-"] {
        assert!(all.contains(sign), "{sign}");
    }
}

#[test]
fn records_move_between_quarters_in_both_directions() {
    let statements = demo();
    let dates = [
        ("recorded-crimes", "recorded_on"),
        ("police-incidents", "reported_at"),
    ];
    for (feed, date) in dates {
        let mut moves = [0, 0];
        for (key, history) in histories(statements) {
            for pair in versions(&history).windows(2).filter(|_| key.0 == feed) {
                let (Some(from), Some(to)) = (quarter(pair[0], date), quarter(pair[1], date)) else {
                    continue;
                };
                moves[0] += usize::from(from < to);
                moves[1] += usize::from(from > to);
            }
        }
        assert!(moves.iter().all(|moves| *moves >= 10), "{feed} {moves:?}");
    }
}

#[test]
fn crimes_are_reclassified_into_and_out_of_theft_and_violence() {
    let statements = demo();
    let mut moves: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for (_, history) in histories(statements)
        .into_iter()
        .filter(|(key, _)| key.0 == "recorded-crimes")
    {
        for pair in versions(&history)
            .windows(2)
            .filter(|pair| pair.iter().all(|record| !record["body"].is_null()))
        {
            for group in ["THSG", "VAP"] {
                let [was, is] = [0, 1].map(|side| pair[side]["body"]["ho_group"] == group);
                if was != is {
                    assert_eq!(pair[1]["body"]["status"], "RECLASSIFIED");
                    *moves.entry((group.to_owned(), is)).or_default() += 1;
                }
            }
        }
    }
    assert_eq!(moves.len(), 4, "{moves:?}");
    assert!(moves.values().all(|times| *times >= 8), "{moves:?}");
}

#[test]
fn crimes_are_cancelled_and_incidents_turn_out_to_be_of_other_districts() {
    let statements = demo();
    let (mut cancelled, mut moved, mut elsewhere) = (0, 0, 0);
    for history in histories(statements).into_values() {
        let versions = versions(&history);
        let foreign = |record: &Value| !record["district"].is_null() && record["district"] != "E07000116";
        let (first, last) = (versions[0], versions[versions.len() - 1]);
        cancelled += usize::from(last["feed"] == "recorded-crimes" && last["body"]["status"] == "CANCELLED");
        moved += usize::from(!foreign(first) && foreign(last));
        elsewhere += usize::from(foreign(first));
    }
    assert!(
        cancelled == 130 && moved >= 20 && elsewhere >= 150,
        "{cancelled} {moved} {elsewhere}"
    );
}

#[test]
fn repetitions_come_after_what_they_repeat() {
    let statements = demo();
    let mut retyped = 0;
    for history in histories(statements).into_values() {
        let mut sent: BTreeMap<i64, &str> = BTreeMap::new();
        for record in history {
            let sent_at = record["sent_at"].as_str().unwrap();
            let first = sent.entry(record["version"].as_i64().unwrap()).or_insert(sent_at);
            assert!(*first <= sent_at);
            retyped += usize::from(record["ref"].as_str().unwrap().ends_with(' '));
        }
    }
    assert!(retyped > 20);
}

#[test]
fn versions_of_a_record_are_sent_in_their_order() {
    for history in histories(demo()).into_values() {
        let sent: Vec<&str> = versions(&history)
            .iter()
            .map(|record| record["sent_at"].as_str().unwrap())
            .collect();
        assert!(sent.is_sorted(), "{history:?}");
    }
}
