//! Full returns: what the newest complete one of a quarter left out does not count.

use super::samples::{notice, referral};
use super::table::{Case, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Kind, Message, ReturnNotice};

const Q1: &str = "2015-16/Q1";

pub fn cases() -> Vec<Case> {
    vec![complete(), newest(), of_a_part()]
}

fn full(partner: usize, reference: &str, declared: Option<i32>) -> Message {
    let notice = ReturnNotice {
        full: true,
        declared,
        ..notice(Kind::Referral, "2015-04-01", "RETURN")
    };
    submit(reference, notice).of(partner)
}

/// A record of each quarter, which came with a delivery.
fn came(partner: usize, reference: &str, delivery: &str) -> [Message; 2] {
    [("", "2015-04-10"), ("-Q2", "2015-07-10")].map(|(suffix, on)| {
        submit(&format!("{reference}{suffix}"), referral(on))
            .delivery(delivery)
            .of(partner)
    })
}

fn complete() -> Case {
    let messages = [
        came(0, "A", "F1").to_vec(),
        came(0, "B", " f1 ").to_vec(),
        came(0, "C", "EARLIER").to_vec(),
        vec![full(0, "F1", Some(4))],
        came(1, "A", "F1").to_vec(),
        came(1, "B", "EARLIER").to_vec(),
        vec![full(1, "F1", Some(3))],
        came(2, "A", "").to_vec(),
        vec![full(2, "F1", None)],
    ]
    .concat();
    Case::new(
        "g9_a_full_return_leaves_out_what_it_does_not_hold",
        3,
        messages,
        vec![
            line("P1.01a", Q1, 2),
            line("P1.01a", "2015-16/Q2", 3),
            // Not all that was declared has come.
            line("P1.01a", Q1, 2).by(Who::Partner(1)),
            // Nobody knows whether all have come.
            line("P1.01a", Q1, 1).by(Who::Partner(2)).status("provisional"),
            line("P1.01a", "2015-16/Q2", 1).by(Who::Partner(2)),
        ],
    )
}

fn newest() -> Case {
    let again = submit("A", referral("2015-04-10"))
        .delivery("F2")
        .minutes_later(9);
    let messages = [
        // The same version again is a duplicate, and yet it has come with the newer delivery.
        came(0, "A", "F1").to_vec(),
        vec![again.of(0)],
        came(0, "B", "F1").to_vec(),
        vec![full(0, "F1", Some(4)), full(0, "F2", Some(1)).minutes_later(5)],
        came(1, "A", "F1").to_vec(),
        came(1, "B", "F2").to_vec(),
        vec![full(1, "F1", Some(2)), full(1, "F2", Some(9)).minutes_later(5)],
    ]
    .concat();
    Case::new(
        "g9_the_newest_complete_full_return_counts",
        2,
        messages,
        vec![
            line("P1.01a", Q1, 1),
            line("P1.01a", Q1, 1).by(Who::Partner(1)),
            line("P1.01a", "2015-16/Q2", 2).by(Who::Partner(1)),
        ],
    )
}

/// What is full of a part of a feed says nothing of the rest of it.
fn of_a_part() -> Case {
    let notice = ReturnNotice {
        full: true,
        declared: Some(1),
        scope: vec!["DAVSS"],
        ..notice(Kind::Referral, "2015-04-01", "RETURN")
    };
    let messages = [
        vec![submit("A", referral("2015-04-10")).delivery("F1")],
        vec![submit("B", referral("2015-04-11")).delivery("EARLIER")],
        vec![submit("F1", notice)],
    ]
    .concat();
    Case::new(
        "g9_a_full_return_of_a_part_leaves_out_nothing",
        1,
        messages,
        vec![line("P1.01a", Q1, 2)],
    )
}

#[test]
fn g9_a_full_return_of_a_part_leaves_out_nothing() {
    super::check("g9_a_full_return_of_a_part_leaves_out_nothing");
}

#[test]
fn g9_a_full_return_leaves_out_what_it_does_not_hold() {
    super::check("g9_a_full_return_leaves_out_what_it_does_not_hold");
}

#[test]
fn g9_the_newest_complete_full_return_counts() {
    super::check("g9_the_newest_complete_full_return_counts");
}
