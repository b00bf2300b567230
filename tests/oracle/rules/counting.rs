//! G4 and G5: distinct people, and headcounts.

use super::samples::{activity, engagement, family_case, notice, person, premises, referral, tally};
use super::table::{Case, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Activity, Engagement, FamilyCase, Heads, Kind, Pid, Referral};

pub fn cases() -> Vec<Case> {
    let mut cases = distinct();
    cases.extend(tallies());
    cases
}

fn met(on: &str, heads: Heads) -> Engagement {
    Engagement {
        heads,
        ..engagement(on)
    }
}

fn distinct() -> Vec<Case> {
    vec![
        Case::new(
            "g4_distinct_counts_are_not_added_over_quarters",
            1,
            vec![
                submit("A", met("2015-04-10", person(Pid::P(1)))),
                submit("B", met("2015-05-10", person(Pid::P(1)))),
                submit("C", met("2015-07-10", person(Pid::P(1)))),
                submit("D", met("2015-07-11", person(Pid::M(801)))),
                submit("E", premises("SANCTUARY", "2015-04-10")),
                submit("F", premises("SANCTUARY", "2015-07-10")),
            ],
            vec![
                line("P1.05", "2015-16/Q1", 1).up_to(false).approximate(false),
                line("P1.05", "2015-16/Q2", 2),
                line("P1.05", "2015-16/H1", 2).up_to(false),
                line("P1.07", "2015-16/Q2", 1),
                line("P1.07", "2015-16/H1", 1),
            ],
        ),
        Case::new(
            "g4_pseudonyms_of_partners_and_shared_ones",
            2,
            vec![
                submit("A", met("2015-04-10", person(Pid::P(1)))),
                submit("B", met("2015-04-10", person(Pid::M(802)))),
                submit("A", met("2015-04-10", person(Pid::P(1)))).of(1),
                submit("B", met("2015-04-10", person(Pid::M(802)))).of(1),
            ],
            vec![
                line("P1.05", "2015-16/Q1", 3)
                    .by(Who::All)
                    .up_to(true)
                    .coverage(2, 2),
                line("P1.05", "2015-16/Q1", 2).up_to(false),
            ],
        ),
        Case::new(
            "g4_organisations_mean_the_same_to_all",
            2,
            vec![
                submit("A", salus(&["PROBATION", "KPOL"])),
                submit("B", salus(&["PROBATION"])),
                submit("A", salus(&["PROBATION", "MARAC_WK"])).of(1),
            ],
            vec![
                line("P4.12b", "2015-16/Q1", 3).by(Who::All).up_to(false),
                line("P4.12b", "2015-16/Q1", 2),
            ],
        ),
    ]
}

fn salus(partner_orgs: &[&'static str]) -> Activity {
    Activity {
        partner_orgs: partner_orgs.to_vec(),
        ..activity("SAFETY_IN_ACTION", "2015-06-01")
    }
}

fn tallies() -> Vec<Case> {
    let unnamed = Heads {
        pid: None,
        ..person(Pid::P(0))
    };
    let about = Heads {
        approximate: true,
        ..tally(250)
    };
    let five = Heads {
        pid: Some(Pid::P(9)),
        ..tally(5)
    };
    let twelve = Heads {
        headcount: 12,
        ..person(Pid::P(1))
    };
    let referred = |heads: Heads| Referral {
        heads,
        ..referral("2015-04-10")
    };
    vec![
        Case::new(
            "g5_distinct_people_and_headcounts",
            3,
            vec![
                submit("A", met("2015-04-10", person(Pid::P(1)))),
                submit("B", met("2015-04-11", person(Pid::P(1)))),
                submit("C", met("2015-04-12", unnamed)),
                submit("D", met("2015-04-13", five.clone())),
                submit("E", met("2015-07-13", person(Pid::P(1)))),
                submit("A", met("2015-04-10", about)).of(1),
                submit("A", met("2015-04-10", tally(250))).of(2),
            ],
            vec![
                line("P1.05", "2015-16/Q1", 7).approximate(true).up_to(false),
                line("P1.05", "2015-16/H1", 7).approximate(true).up_to(true),
                line("P1.05", "2015-16/Q2", 1).approximate(false).up_to(false),
                line("P1.05", "2015-16/Q1", 250)
                    .by(Who::Partner(1))
                    .approximate(true),
                line("P1.05", "2015-16/Q1", 250)
                    .by(Who::Partner(2))
                    .approximate(false),
            ],
        ),
        Case::new(
            "g5_events_are_headcounts_and_a_person_is_one",
            1,
            vec![
                submit("A", referred(twelve)),
                submit("B", referred(five.clone())),
                submit("C", referred(person(Pid::P(1)))),
            ],
            vec![line("P1.01a", "2015-16/Q1", 7).approximate(false).up_to(false)],
        ),
        families(),
    ]
}

fn families() -> Case {
    let five = tally(5);
    let family = |heads: Heads| FamilyCase {
        heads,
        ..family_case("2015-04-10", Some("2015-07-01"))
    };
    Case::new(
        "g5_families_on_the_books",
        2,
        vec![
            submit("N", notice(Kind::FamilyCase, "2015-07-10", "RETURN")),
            // On the books since, and nothing returned for the second quarter.
            submit("A", family_case("2015-04-10", None)).of(1),
            submit("A", family(person(Pid::P(1)))),
            submit("B", family(person(Pid::P(1)))),
            submit("C", family(five)),
            submit("D", family_case("2014-01-01", None)),
        ],
        vec![
            line("P4.07a", "2015-16/Q1", 6).up_to(false),
            // Closed on the quarter's first day is no longer on the books.
            line("P4.07a", "2015-16/Q2", 1),
            line("P4.07a", "2015-16/H1", 6).up_to(true),
            line("P4.07a", "2013-14/Q3", None).status("not_returned"),
            line("P4.07a", "2015-16/Q3", None).status("not_returned"),
            line("P4.07a", "2015-16/Q1", 1).by(Who::Partner(1)),
            line("P4.07a", "2015-16/Q2", None)
                .by(Who::Partner(1))
                .status("not_returned"),
            line("P4.07a", "2015-16/H1", 1).by(Who::Partner(1)),
        ],
    )
}

#[test]
fn g4_distinct_counts_are_not_added_over_quarters() {
    super::check("g4_distinct_counts_are_not_added_over_quarters");
}

#[test]
fn g4_pseudonyms_of_partners_and_shared_ones() {
    super::check("g4_pseudonyms_of_partners_and_shared_ones");
}

#[test]
fn g4_organisations_mean_the_same_to_all() {
    super::check("g4_organisations_mean_the_same_to_all");
}

#[test]
fn g5_distinct_people_and_headcounts() {
    super::check("g5_distinct_people_and_headcounts");
}

#[test]
fn g5_events_are_headcounts_and_a_person_is_one() {
    super::check("g5_events_are_headcounts_and_a_person_is_one");
}

#[test]
fn g5_families_on_the_books() {
    super::check("g5_families_on_the_books");
}
