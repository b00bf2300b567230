//! Records that repeat an earlier one (P1.02c, R35), twelve calendar months back.

use super::samples::{domestic_abuse, marac_case};
use super::table::{Case, Line, day, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{MaracCase, Message, Pid, PoliceIncident};

const Q1: &str = "2015-16/Q1";

pub fn cases() -> Vec<Case> {
    vec![months(), whom(), marac(), share()]
}

fn incidents(partner: usize, at: &[&str]) -> Vec<Message> {
    at.iter()
        .enumerate()
        .map(|(number, at)| submit(&format!("I{number}"), domestic_abuse(at)).of(partner))
        .collect()
}

fn repeats(partner: usize, period: &'static str, value: i32) -> Line {
    line("R35", period, value).by(Who::Partner(partner))
}

fn months() -> Case {
    Case::new(
        "r35_twelve_calendar_months_to_the_day",
        6,
        [
            incidents(0, &["2014-04-10T12:00:00Z", "2015-04-10T13:00:00Z"]),
            incidents(1, &["2014-04-09T12:00:00Z", "2015-04-10T01:00:00Z"]),
            // 29 February falls to the 28th, and the 28th stays.
            incidents(2, &["2012-02-29T12:00:00Z", "2013-02-28T12:00:00Z"]),
            incidents(3, &["2015-02-28T12:00:00Z", "2016-02-29T12:00:00Z"]),
            incidents(4, &["2015-04-10T12:00:00Z", "2015-04-10T12:01:00Z"]),
            // By London clocks the earlier was on 10 April.
            incidents(5, &["2014-04-09T23:30:00Z", "2015-04-10T12:00:00Z"]),
        ]
        .concat(),
        vec![
            repeats(0, Q1, 1),
            repeats(1, Q1, 0),
            repeats(2, "2012-13/Q4", 1),
            repeats(3, "2015-16/Q4", 0),
            repeats(4, Q1, 1),
            repeats(5, Q1, 1),
        ],
    )
}

fn whom() -> Case {
    let (earlier, later) = ("2015-04-10T12:00:00Z", "2015-05-10T12:00:00Z");
    let of = |victim, at| PoliceIncident {
        victim,
        ..domestic_abuse(at)
    };
    let shared = Some(Pid::M(850));
    let elsewhere = submit("A", domestic_abuse(earlier)).district(Some("E07000115"));
    Case::new(
        "r35_the_same_victim_anywhere",
        7,
        vec![
            elsewhere.of(0),
            submit("B", domestic_abuse(later)).of(0),
            submit("A", of(None, earlier)).of(1),
            submit("B", of(None, later)).of(1),
            submit("A", of(Some(Pid::P(5)), earlier)).of(2),
            submit("B", of(Some(Pid::P(5)), later)).of(3),
            submit("A", of(shared, earlier)).of(4),
            submit("B", of(shared, later)).of(5),
            submit("A", of(Some(Pid::P(6)), later)).of(6),
        ],
        vec![
            repeats(0, Q1, 1),
            repeats(1, Q1, 0),
            // A partner's own pseudonym means nobody to another partner; a shared one does.
            repeats(3, Q1, 0),
            repeats(4, Q1, 0),
            repeats(5, Q1, 1),
            repeats(6, Q1, 0),
        ],
    )
}

fn marac() -> Case {
    let prior = || marac_case("2014-04-10", "2014-04-20");
    let again = || marac_case("2015-05-01", "2015-05-10");
    let incident = |on: &str| MaracCase {
        incident_on: Some(day(on)),
        ..again()
    };
    let by_another = MaracCase {
        perpetrators: vec![Pid::P(3)],
        ..incident("2015-04-10")
    };
    let pair = |partner: usize, case: MaracCase| {
        [
            submit("A", prior()).district(Some("E07000115")).of(partner),
            submit("B", case).of(partner),
        ]
    };
    let shared_victim = |case: MaracCase| MaracCase {
        victim: Pid::M(851),
        ..case
    };
    let mut messages = [
        pair(0, incident("2015-04-10")),
        pair(1, again()),
        pair(2, by_another),
        pair(3, incident("2014-04-10")),
    ]
    .concat();
    // A victim that partners share, and perpetrators that each of them calls P2.
    messages.push(submit("A", shared_victim(prior())).of(4));
    messages.push(submit("B", shared_victim(incident("2015-04-10"))).of(5));
    let counted = |partner, value| line("P1.02c", Q1, value).by(Who::Partner(partner));
    Case::new(
        "p1_02c_same_victim_and_perpetrator_within_twelve_months",
        6,
        messages,
        vec![
            counted(0, 1),
            counted(1, 0),
            counted(2, 0),
            counted(3, 0),
            counted(5, 0),
        ],
    )
}

fn share() -> Case {
    let other = |reference, victim| {
        let incident = PoliceIncident {
            victim: Some(victim),
            ..domestic_abuse("2015-05-10T12:00:00Z")
        };
        submit(reference, incident)
    };
    let mut messages = incidents(0, &["2015-04-10T12:00:00Z", "2015-04-11T12:00:00Z"]);
    messages.extend([other("J", Pid::P(2)), other("K", Pid::P(3))]);
    let unknown = PoliceIncident {
        victim: None,
        ..domestic_abuse("2015-05-10T12:00:00Z")
    };
    messages.push(submit("A", unknown).of(1));
    Case::new(
        "r36_share_of_victims",
        2,
        messages,
        vec![
            line("R36", Q1, None).decimal(33.3).parts(1, 3),
            line("R36", Q1, None)
                .by(Who::Partner(1))
                .status("unknown")
                .parts(0, 0),
        ],
    )
}

#[test]
fn r35_twelve_calendar_months_to_the_day() {
    super::check("r35_twelve_calendar_months_to_the_day");
}

#[test]
fn r35_the_same_victim_anywhere() {
    super::check("r35_the_same_victim_anywhere");
}

#[test]
fn p1_02c_same_victim_and_perpetrator_within_twelve_months() {
    super::check("p1_02c_same_victim_and_perpetrator_within_twelve_months");
}

#[test]
fn r36_share_of_victims() {
    super::check("r36_share_of_victims");
}
