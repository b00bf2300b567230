//! A quarter that was returned again as a whole: what is not in it does not count any more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::calendar::instant;
use super::super::draft::{count, text};
use super::super::places::BOROUGH;
use super::super::quarters::quarter;
use super::super::random::Random;
use super::super::statement::{Payload, Statement};
use super::super::story::{Produced, later};
use super::super::targets::Span;

pub(in super::super) const FEED: &str = "kca-contacts";
pub(in super::super) const PARTNER: &str = "KCA";
pub(in super::super) const RETURN: &str = "KCA-CONTACTS/2015-16/Q1/FULL";
const QUARTER: Span = quarter(2015, 1);

/// Contacts of the first returns that the whole return no longer has: they were of another town's young people.
const DROPPED: [&str; 2] = ["KCA-X0001", "KCA-X0002"];

/// When the year was closed and the quarter returned again.
pub(in super::super) fn sent_at() -> Timestamp {
    instant(date(2016, 6, 20).at(11, 0, 0, 0))
}

/// How many records the notice declares.
pub(in super::super) fn declared(produced: &[Produced]) -> usize {
    produced
        .iter()
        .filter(|produced| match &produced.statement.payload {
            Payload::Record(record) => text(record, "return_id") == RETURN,
            _ => false,
        })
        .count()
}

/// Adds what was dropped, and then all other records of the quarter again under the number of the whole return.
pub(super) fn restate(seed: u64, produced: &mut Vec<Produced>) {
    let mut newest: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut submitted: BTreeMap<&str, bool> = BTreeMap::new();
    for statement in produced.iter().map(|produced| &produced.statement) {
        let Payload::Record(record) = &statement.payload else {
            continue;
        };
        if statement.feed != FEED {
            continue;
        }
        let known = newest.entry(&statement.reference).or_insert(record);
        if count(known, "version") < count(record, "version") {
            *known = record;
        }
        *submitted.entry(&statement.reference).or_default() |= text(record, "op") == "SUBMIT";
    }
    let random = &mut Random::new(seed, "full return");
    let in_quarter = |record: &Value| {
        let body = record.get("body")?;
        let day = text(body, "contact_on").parse().ok()?;
        (QUARTER.contains(day) && text(record, "district") == BOROUGH).then_some(())
    };
    let counts = newest.into_iter().filter(|(reference, record)| {
        submitted.get(reference) == Some(&true) && in_quarter(record).is_some()
    });
    let (mut again, mut dropped) = (Vec::new(), Vec::new());
    for (reference, record) in counts {
        if let Some(name) = DROPPED.get(dropped.len()) {
            dropped.push(first_sent(name, record));
        }
        again.push(sent_again(reference, record, random.between(0, 60_000)));
    }
    produced.extend(dropped);
    produced.extend(again);
}

fn sent_again(reference: &str, record: &Value, lag: i64) -> Produced {
    let at = later(sent_at(), lag);
    let news = [
        ("op", json!("AMEND")),
        ("version", json!(count(record, "version") + 1)),
        ("sent_at", json!(at.to_string())),
        ("return_id", json!(RETURN)),
    ];
    of(reference, changed(record, &news), at)
}

/// Somebody who was never theirs, sent with the rows of the quarter.
fn first_sent(name: &str, like: &Value) -> Produced {
    let at = instant(date(2015, 7, 7).at(9, 30, 0, 0));
    let mut body = like.get("body").cloned().unwrap_or_default();
    let pid = format!("P1-{:0>32}", name.replace("KCA-X", ""));
    super::set(&mut body, "subject_pid", pid);
    super::set(&mut body, "basis", "PERSON");
    super::set(&mut body, "mode", "ONE_TO_ONE");
    super::set(&mut body, "age_band", "10-17");
    super::set(&mut body, "contact_on", "2015-05-20");
    let news = [
        ("ref", json!(name)),
        ("op", json!("SUBMIT")),
        ("version", json!(1)),
        ("sent_at", json!(at.to_string())),
        ("return_id", json!("kca-contacts/2015-07-07")),
        ("body", body),
    ];
    of(name, changed(like, &news), at)
}

fn changed(record: &Value, news: &[(&str, Value)]) -> Value {
    let mut record = record.clone();
    for (field, value) in news {
        super::set(&mut record, field, value.clone());
    }
    record
}

fn of(reference: &str, record: Value, at: Timestamp) -> Produced {
    Produced {
        at,
        statement: Statement {
            feed: FEED,
            partner: PARTNER,
            reference: reference.to_owned(),
            payload: Payload::Record(record),
        },
    }
}
