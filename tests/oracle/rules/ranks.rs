//! Figures of areas, and milestones: numbers that are not counts of events.

use super::samples::{area_statistic, milestone};
use super::table::{Case, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Code, Message, Milestone};

const Q1: &str = "2015-16/Q1";
const IN_Q1: (&str, &str) = ("2015-04-01", "2015-06-30");
const BEFORE: (&str, &str) = ("2014-04-01", "2014-06-30");

pub fn cases() -> Vec<Case> {
    vec![rates(), rises(), of_kent(), milestones()]
}

/// Figures of the twelve districts, of which Tunbridge Wells is the last.
fn districts(partner: usize, measure: Code, period: (&str, &str), values: [i64; 12]) -> Vec<Message> {
    const CODES: [Code; 12] = [
        "E07000105",
        "E07000106",
        "E07000107",
        "E07000108",
        "E07000109",
        "E07000110",
        "E07000111",
        "E07000112",
        "E07000113",
        "E07000114",
        "E07000115",
        "E07000116",
    ];
    let rows = CODES.iter().zip(values);
    rows.map(|(area, value)| {
        let reference = format!("{area}/{measure}/{}", period.0);
        submit(&reference, area_statistic(area, measure, period, value)).of(partner)
    })
    .collect()
}

fn rates() -> Case {
    let mut lacking = districts(1, "VAP", IN_Q1, [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 2, 3]);
    lacking.pop();
    let mut medway = districts(3, "VAP", IN_Q1, [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 3]);
    medway.push(submit("MEDWAY", area_statistic("E06000035", "VAP", IN_Q1, 1)).of(3));
    Case::new(
        "r24_ties_share_the_better_rank_and_no_district_may_lack",
        4,
        [
            districts(0, "VAP", IN_Q1, [5, 3, 5, 5, 5, 5, 5, 5, 2, 5, 3, 3]),
            lacking,
            districts(2, "VAP", ("2015-04-01", "2015-06-29"), [5; 12]),
            medway,
        ]
        .concat(),
        vec![
            line("R24", Q1, 2).status("provisional"),
            line("R24", Q1, None).by(Who::Partner(1)).status("unknown"),
            // Of other days, if but by one.
            line("R24", Q1, None).by(Who::Partner(2)).status("unknown"),
            line("R24", Q1, 1).by(Who::Partner(3)),
            line("R24", "2015-16/Q2", None).status("not_returned"),
        ],
    )
}

fn rises() -> Case {
    let now = [4; 12];
    let mut none_before = [4; 12];
    none_before[3] = 0;
    Case::new(
        "r55_the_highest_rise_is_first",
        3,
        [
            districts(0, "ROAD_CASUALTIES", IN_Q1, now),
            districts(0, "ROAD_CASUALTIES", BEFORE, [4, 1, 2, 4, 8, 4, 4, 4, 4, 4, 4, 2]),
            districts(1, "ROAD_CASUALTIES", IN_Q1, now),
            districts(1, "ROAD_CASUALTIES", BEFORE, none_before),
            districts(2, "ROAD_CASUALTIES", IN_Q1, now),
        ]
        .concat(),
        vec![
            line("R55", Q1, 2),
            line("R55", Q1, None).by(Who::Partner(1)).status("unknown"),
            line("R55", Q1, None).by(Who::Partner(2)).status("unknown"),
        ],
    )
}

fn of_kent() -> Case {
    let kent = |measure, period, value| {
        let reference = format!("{measure}/{period:?}");
        submit(&reference, area_statistic("E10000016", measure, period, value))
    };
    Case::new(
        "r14_and_r37_figures_of_the_county",
        1,
        vec![
            kent("THSG", IN_Q1, 30900),
            kent("THSG", BEFORE, 30000),
            kent("DA_REPEAT_VICTIMS", IN_Q1, 2810),
            kent("DA_VICTIMS", IN_Q1, 10000),
        ],
        vec![
            line("R14", Q1, 3).parts(30900, 30000),
            line("R37", Q1, None).decimal(28.1).parts(2810, 10000),
        ],
    )
}

fn milestones() -> Case {
    let planned = Milestone {
        status: "ON_TRACK",
        ..milestone(4, Some("2015-05-01"))
    };
    Case::new(
        "milestones_done_since_the_year_began",
        1,
        vec![
            submit("A", milestone(1, Some("2015-03-31"))),
            submit("B", milestone(2, Some("2015-04-01"))),
            submit("C", milestone(2, Some("2015-05-01"))),
            submit("D", planned),
            submit("E", milestone(5, None)),
            submit("F", milestone(6, Some("2015-07-01"))),
        ],
        vec![
            line("P4.11", Q1, 1).parts(1, 7).status("provisional"),
            line("P4.11", "2015-16/Q2", 2).parts(2, 7),
            line("P4.11", "2015-16/H1", 2),
            line("P4.11", "2014-15/Q4", 1),
            // What was done before is no return of this quarter.
            line("P4.11", "2015-16/Q3", None).status("not_returned"),
        ],
    )
}

#[test]
fn r24_ties_share_the_better_rank_and_no_district_may_lack() {
    super::check("r24_ties_share_the_better_rank_and_no_district_may_lack");
}

#[test]
fn r55_the_highest_rise_is_first() {
    super::check("r55_the_highest_rise_is_first");
}

#[test]
fn r14_and_r37_figures_of_the_county() {
    super::check("r14_and_r37_figures_of_the_county");
}

#[test]
fn milestones_done_since_the_year_began() {
    super::check("milestones_done_since_the_year_began");
}
