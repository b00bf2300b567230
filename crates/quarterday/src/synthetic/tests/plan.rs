//! The plan's year: every measure has something to show, and the quarters that lack something lack what they should.

use std::fmt::Write as _;

use super::super::quarters::{PLAN, QUARTERS};
use super::super::targets::Span;
use super::figures::for_each_seed;
use super::measures::{self, Measure};
use super::model::{Live, Mistake};
use super::states::status;
use super::*;

/// Measures whose quarters are fixed by what is drawn, whatever the seed.
const FIXED: [(&str, [i64; 4]); 37] = [
    ("P1.02c", [3, 2, 3, 2]),
    ("P1.04", [11, 9, 13, 12]),
    ("P1.05", [17, 19, 16, 21]),
    ("P1.06", [41, 44, 0, 40]),
    ("P1.07", [4, 0, 3, 5]),
    ("P2.01a", [3, 3, 3, 3]),
    ("P2.01b", [2, 1, 2, 2]),
    ("P2.02", [2, 1, 3, 2]),
    ("P2.03a", [9, 5, 13, 8]),
    ("P2.03b", [0, 0, 6, 11]),
    ("P2.04", [0, 1, 1, 2]),
    ("P2.05a", [0, 0, 7, 0]),
    ("P2.05b", [0, 0, 5, 0]),
    ("P3.06a", [3, 0, 4, 2]),
    ("P3.06c", [14, 9, 17, 6]),
    ("P3.07", [0, 6, 12, 6]),
    ("P3.08", [3, 2, 4, 2]),
    ("P4.03a", [2, 4, 5, 5]),
    ("P4.03b", [6, 5, 3, 4]),
    ("P4.03c", [3, 5, 5, 5]),
    ("P4.04a", [51, 55, 17, 28]),
    ("P4.04b", [20, 62, 27, 22]),
    ("P4.05", [65, 41, 35, 27]),
    ("P4.06b", [20, 24, 28, 28]),
    ("P4.09", [9, 13, 6, 11]),
    ("P4.10", [12, 19, 9, 12]),
    ("P4.11", [1, 3, 4, 5]),
    ("P4.13a", [0, 2, 1, 1]),
    ("P4.13b", [0, 0, 2, 1]),
    ("P5.02", [26, 27, 27, 24]),
    ("P5.03a", [19, 17, 20, 20]),
    ("P5.03b", [8, 5, 10, 8]),
    ("P5.06a", [5, 3, 5, 4]),
    ("P5.06b", [3, 3, 1, 2]),
    ("P5.06c", [7, 9, 5, 6]),
    ("P5.07", [6, 10, 5, 0]),
    ("P5.08", [0, 0, 0, 1]),
];

/// The quarters that are not simply returned.
const SPECIAL: [(&str, usize, &str); 35] = [
    ("P1.03", 1, "nil"),
    ("P1.05", 2, "conflict"),
    ("P1.06", 2, "not_returned"),
    ("P2.03b", 0, "not_applicable"),
    ("P2.03b", 1, "not_applicable"),
    ("P2.03c", 0, "not_applicable"),
    ("P2.03c", 1, "not_applicable"),
    ("P2.05a", 0, "not_applicable"),
    ("P2.05a", 1, "not_applicable"),
    ("P2.05a", 3, "not_applicable"),
    ("P2.05b", 0, "not_applicable"),
    ("P2.05b", 1, "not_applicable"),
    ("P2.05b", 3, "not_applicable"),
    ("P3.07", 0, "nil"),
    ("P4.12a", 1, "nil"),
    ("P4.12a", 2, "nil"),
    ("P4.12a", 3, "nil"),
    ("P4.12b", 1, "nil"),
    ("P4.12b", 2, "nil"),
    ("P4.12b", 3, "nil"),
    ("P5.04", 2, "nil"),
    ("P5.05a", 0, "not_applicable"),
    ("P5.05a", 1, "not_applicable"),
    ("P5.05b", 0, "not_applicable"),
    ("P5.05b", 1, "not_applicable"),
    ("P5.05c", 0, "not_applicable"),
    ("P5.05c", 1, "not_applicable"),
    ("P5.07", 3, "not_returned"),
    // True zeros:
    ("P1.07", 1, "provisional"),
    ("P2.04", 0, "provisional"),
    ("P3.06a", 1, "provisional"),
    ("P4.13a", 0, "provisional"),
    ("P4.13b", 0, "provisional"),
    ("P4.13b", 1, "provisional"),
    ("P5.08", 0, "provisional"),
];

/// Zeros that chance may give.
const MAY_BE_ZERO: [&str; 3] = ["P3.05d", "P3.06b", "P5.08"];

fn year() -> Span {
    Span::new(PLAN[0].first, PLAN[3].last)
}

#[test]
fn there_are_72_measures_and_each_has_something_to_show() {
    assert_eq!(measures::all().count(), 72);
    for_each_seed(|live| {
        for measure in measures::all() {
            let of_year = measure.of(live, year());
            assert!(of_year > 0, "{} of the year", measure.id);
            for (number, quarter) in PLAN.into_iter().enumerate() {
                let special = SPECIAL
                    .iter()
                    .any(|(id, of, _)| *id == measure.id && *of == number);
                let value = measure.of(live, quarter);
                assert!(
                    value > 0 || special || MAY_BE_ZERO.contains(&measure.id),
                    "{} {number}",
                    measure.id
                );
            }
        }
    });
}

#[test]
fn what_does_not_depend_on_chance() {
    for_each_seed(|live| {
        for measure in measures::all() {
            let Some((id, expected)) = FIXED.iter().find(|(id, _)| *id == measure.id) else {
                continue;
            };
            assert_eq!(PLAN.map(|quarter| measure.of(live, quarter)), *expected, "{id}");
        }
    });
}

#[test]
fn every_quarter_is_returned_but_these() {
    for_each_seed(|live| {
        for measure in measures::all() {
            for (number, quarter) in PLAN.into_iter().enumerate() {
                let special = SPECIAL
                    .iter()
                    .find(|(id, of, _)| *id == measure.id && *of == number);
                let expected = special.map_or("provisional", |(_, _, status)| status);
                let value = measure.of(live, quarter);
                let (status, missing) = status(live, measure, &[quarter], value);
                assert_eq!(status, expected, "{} {number}", measure.id);
                assert_eq!(missing > 0, expected == "not_returned", "{} {number}", measure.id);
            }
        }
    });
}

#[test]
fn people_of_the_year_are_fewer_than_those_of_its_quarters() {
    for_each_seed(|live| {
        for measure in measures::all() {
            let distinct = ["P1.04", "P1.05", "P1.07", "P4.07a", "P4.08b", "P5.01"];
            if distinct.contains(&measure.id) {
                let quarters: i64 = PLAN.iter().map(|quarter| measure.of(live, *quarter)).sum();
                assert!(measure.of(live, year()) < quarters, "{}", measure.id);
            }
        }
    });
}

#[test]
fn nothing_was_linked_to_gangs_before_april_2015() {
    for_each_seed(|live| {
        let linked = measures::all().find(|measure| measure.id == "P3.06c").unwrap();
        let before = Span::new(QUARTERS[0].first, QUARTERS[3].last);
        assert_eq!(linked.of(live, before), 0);
        for id in ["P5.06a", "P5.06b"] {
            let admissions = measures::all().find(|measure| measure.id == id).unwrap();
            assert!(
                QUARTERS[..4]
                    .iter()
                    .all(|quarter| admissions.of(live, *quarter) > 0)
            );
        }
    });
}

#[test]
fn a_whole_return_drops_what_it_lacks() {
    let measure = measures::all().find(|measure| measure.id == "P5.03a").unwrap();
    let values = [Mistake::None, Mistake::WholeReturnsIgnored]
        .map(|mistake| measure.of(&Live::misread(demo(), mistake), PLAN[0]));
    assert_eq!(values, [19, 21]);
    // A whole return of which nothing arrived drops nothing.
    let outreach = measures::all().find(|measure| measure.id == "P4.04a").unwrap();
    assert_eq!(outreach.of(&Live::of(demo()), PLAN[1]), 55);
}

/// A line of the table of what is to be expected.
fn line(live: &Live<'_>, measure: &Measure) -> String {
    let mut line = format!("| {} |", measure.id);
    for quarters in [&PLAN[..1], &PLAN[1..2], &PLAN[2..3], &PLAN[3..], &PLAN[..]] {
        let span = Span::new(quarters[0].first, quarters[quarters.len() - 1].last);
        let value = measure.of(live, span);
        let (status, missing) = status(live, measure, quarters, value);
        let shown = match status {
            "not_applicable" | "not_returned" => status.to_owned(),
            "provisional" if missing == 0 => value.to_string(),
            _ => format!("{value} {status}"),
        };
        let missing = if missing == 0 || status == "not_returned" {
            String::new()
        } else {
            format!(", {missing} missing")
        };
        let back = |day: jiff::civil::Date| day.saturating_sub(jiff::Span::new().years(1));
        let change = if measure.is_change() {
            let before = measure.of(live, Span::new(back(span.first), back(span.last)));
            format!(" - {before} = {}", value - before)
        } else {
            String::new()
        };
        let _ = write!(line, " {shown}{change}{missing} |");
    }
    line
}

/// What the model makes of the synthetic returns, measure by measure: to be read beside the snapshot of what the program says of
/// the same year (`tests/cli/demo.rs`).
#[test]
fn the_table_of_the_year() {
    let live = Live::of(demo());
    let lines: Vec<String> = measures::all().map(|measure| line(&live, measure)).collect();
    insta::assert_snapshot!(
        "table_of_2015_16",
        format!(
            "| id | Q1 | Q2 | Q3 | Q4 | year |\n| --- | --- | --- | --- | --- | --- |\n{}",
            lines.join("\n")
        )
    );
}
