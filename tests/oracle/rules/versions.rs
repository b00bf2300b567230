//! G3: which version of a record counts.

use super::samples::{arrest, referral};
use super::table::{Case, amend, day, line, submit, withdraw};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Kind, Referral};

pub fn cases() -> Vec<Case> {
    let to = |service, on| Referral {
        to_service: service,
        ..referral(on)
    };
    vec![
        Case::new(
            "g3_the_highest_version_counts_whatever_the_order",
            1,
            vec![
                amend("A", 3, referral("2015-07-10")),
                submit("A", referral("2015-04-10")),
                amend("A", 2, referral("2015-10-10")),
            ],
            vec![
                line("P1.01a", "2015-16/Q1", None).status("not_returned"),
                line("P1.01a", "2015-16/Q2", 1),
                line("P1.01a", "2015-16/Q3", None),
                line("P1.01a", "2015-16", 1),
            ],
        ),
        Case::new(
            "g3_withdrawn_resubmitted_and_orphaned_records",
            1,
            vec![
                submit("A", referral("2015-04-10")),
                withdraw(Kind::Referral, "A", 2),
                submit("B", referral("2015-04-11")),
                withdraw(Kind::Referral, "B", 2),
                submit("B", referral("2015-04-12")).version(3),
                amend("C", 2, referral("2015-04-13")),
                submit("D", to("EP", "2015-04-14")),
            ],
            vec![line("P1.01a", "2015-16/Q1", 1)],
        ),
        Case::new(
            "g3_of_one_version_the_first_in_the_log_counts",
            1,
            vec![
                submit("A", to("EP", "2015-04-10")).partition(1),
                submit("A", to("DAVSS", "2015-04-10")).partition(0),
                submit("B", to("EP", "2015-04-10")),
                submit("B", to("DAVSS", "2015-04-10")),
                submit("C", to("DAVSS", "2015-04-10")),
                submit("C", to("DAVSS", "2015-04-10"))
                    .delivery("AGAIN")
                    .minutes_later(5),
            ],
            vec![line("P1.01a", "2015-16/Q1", 2)],
        ),
        Case::new(
            "g3_an_amendment_moves_a_record_between_categories_and_wards",
            1,
            vec![
                submit("A", arrest("2015-04-10")).ward("E05005131"),
                amend("A", 2, arrest("2015-04-10")).ward("E05005146"),
                submit("B", dealt(referral("2015-04-10"), "HIGH")),
                amend("B", 2, dealt(referral("2015-04-10"), "MEDIUM")),
            ],
            vec![
                line("P3.06a", "2015-16/Q1", 1).by(Who::Ward("E05005146")),
                line("P3.06a", "2015-16/Q1", 1).by(Who::All),
                line("P1.01b", "2015-16/Q1", 0),
                line("P1.01c", "2015-16/Q1", 1),
            ],
        ),
    ]
}

fn dealt(referral: Referral, risk: &'static str) -> Referral {
    Referral {
        risk_at_dealt: Some(risk),
        dealt_on: Some(day("2015-05-01")),
        ..referral
    }
}

#[test]
fn g3_the_highest_version_counts_whatever_the_order() {
    super::check("g3_the_highest_version_counts_whatever_the_order");
}

#[test]
fn g3_withdrawn_resubmitted_and_orphaned_records() {
    super::check("g3_withdrawn_resubmitted_and_orphaned_records");
}

#[test]
fn g3_of_one_version_the_first_in_the_log_counts() {
    super::check("g3_of_one_version_the_first_in_the_log_counts");
}

#[test]
fn g3_an_amendment_moves_a_record_between_categories_and_wards() {
    super::check("g3_an_amendment_moves_a_record_between_categories_and_wards");
}
