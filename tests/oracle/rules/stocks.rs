//! G6, G7 and G8: what is in force, what opens and closes, and what changes.

use jiff::civil::Date;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::samples::{admission, asb_case, casualty, exclusion, gang_linked_asb, notice};
use super::table::{Case, day, line, submit};
use crate::oracle::SMALL_CHANGES;
use crate::oracle::history::{Shape, history};
use crate::oracle::model::calendar::Span;
use crate::oracle::model::catalogue::definitions;
use crate::oracle::model::count::{Cell, DISTRICT, Missing, Rule, Who};
use crate::oracle::model::world::World;
use crate::oracle::periods::PERIODS;
use crate::oracle::records::{AsbCase, Kind, Message, Order, Record, Spell};

pub fn cases() -> Vec<Case> {
    vec![
        in_force(),
        flows(),
        grade_on_the_day_of_closing(),
        delta(),
        percent(),
        one_side_missing(),
    ]
}

fn in_force() -> Case {
    let lifted = Order {
        lifted_on: Some(day("2015-06-30")),
        ..exclusion("2013-05-01", None)
    };
    Case::new(
        "g6_in_force_on_the_last_day",
        1,
        vec![
            submit("A", exclusion("2013-05-01", None)),
            // Until and including 30 June.
            submit("B", exclusion("2013-05-01", Some("2015-07-01"))),
            submit("C", exclusion("2013-05-01", Some("2015-06-30"))),
            submit("D", lifted),
            submit("E", exclusion("2015-06-30", None)),
            submit("F", exclusion("2015-07-01", Some("2015-09-30"))),
        ],
        vec![
            line("P3.01", "2015-16/Q1", 3).status("provisional"),
            line("P3.01", "2015-16/Q2", 2),
            // The latest quarter's, no sum.
            line("P3.01", "2015-16/H1", 2),
            // Orders of earlier quarters are no return of this one.
            line("P3.01", "2015-16/Q3", None).status("not_returned"),
        ],
    )
}

fn flows() -> Case {
    let case = asb_case(
        &[("2015-04-10", Some("2015-06-20")), ("2015-08-01", None)],
        &[
            ("2015-04-10", "HIGH"),
            ("2015-05-01", "MEDIUM"),
            ("2015-08-10", "HIGH"),
        ],
    );
    Case::new(
        "g7_opened_closed_and_graded_again",
        1,
        vec![submit("A", case)],
        vec![
            line("P4.01a", "2015-16/Q1", 1),
            line("P4.01b", "2015-16/Q1", 0),
            line("P4.01c", "2015-16/Q1", 0),
            line("P4.01d", "2015-16/Q1", 1),
            line("R38", "2015-16/Q1", 0),
            // 1 high at the end = 0 at the start + 0 opened - 0 closed + 1 graded in.
            line("P4.01a", "2015-16/Q2", 0),
            line("P4.01b", "2015-16/Q2", 0),
            line("P4.01c", "2015-16/Q2", 1),
            line("R38", "2015-16/Q2", 1),
        ],
    )
}

fn grade_on_the_day_of_closing() -> Case {
    let case = asb_case(
        &[("2015-04-10", Some("2015-06-20"))],
        &[
            ("2015-04-10", "STANDARD"),
            ("2015-06-20", "MEDIUM"),
            ("2015-06-20", "HIGH"),
        ],
    );
    Case::new(
        "g7_the_last_grade_of_the_day_counts",
        1,
        vec![submit("A", case)],
        vec![
            line("P4.01b", "2015-16/Q1", 1),
            line("P4.01d", "2015-16/Q1", 0),
            line("P4.01a", "2015-16/Q1", 0),
        ],
    )
}

fn delta() -> Case {
    let here = |reference, on| submit(reference, admission(on)).ward("E05005146");
    Case::new(
        "g8_a_reduction_is_negative",
        1,
        vec![
            here("A", "2015-04-10"),
            here("B", "2014-04-01"),
            here("C", "2014-05-10"),
            here("D", "2014-06-30"),
        ],
        vec![line("P5.06a", "2015-16/Q1", -2).parts(1, 3).status("provisional")],
    )
}

fn percent() -> Case {
    let several = |on: &'static str, partner: usize, count: usize| -> Vec<Message> {
        (0..count)
            .map(|number| submit(&format!("{on}/{number}"), casualty(on)).of(partner))
            .collect()
    };
    let messages = [
        several("2014-06-30", 0, 8),
        several("2015-04-01", 0, 3),
        several("2014-06-30", 1, 8),
        several("2015-04-01", 1, 13),
        several("2015-04-01", 2, 1),
        vec![
            submit("N", notice(Kind::RoadCasualty, "2014-04-01", "RETURN")).of(2),
            submit("N", notice(Kind::RoadCasualty, "2014-04-01", "NIL")).of(3),
            submit("O", notice(Kind::RoadCasualty, "2015-04-01", "NIL")).of(3),
        ],
    ]
    .concat();
    Case::new(
        "g8_per_cent_half_away_from_zero_and_none_of_nothing",
        4,
        messages,
        vec![
            line("R53", "2015-16/Q1", -63).parts(3, 8).status("provisional"),
            line("R53", "2015-16/Q1", 63).by(Who::Partner(1)).parts(13, 8),
            line("R53", "2015-16/Q1", None).by(Who::Partner(2)).parts(1, 0),
            line("R53", "2015-16/Q1", None).by(Who::Partner(3)).parts(0, 0),
        ],
    )
}

fn one_side_missing() -> Case {
    let here = |reference, on| submit(reference, admission(on)).ward("E05005146");
    Case::new(
        "g8_a_side_that_is_not_there_makes_the_change_unknown",
        4,
        vec![
            here("A", "2015-04-10"),
            here("A", "2014-04-10").of(1),
            here("A", "2015-04-10").of(2),
            submit(
                "N",
                notice(Kind::HospitalAdmission, "2014-04-01", "NOT_APPLICABLE"),
            )
            .of(2),
            submit("A", gang_linked_asb("2015-04-10T12:00:00Z")).of(3),
            submit("B", gang_linked_asb("2014-04-10T12:00:00Z")).of(3),
        ],
        vec![
            line("P5.06a", "2015-16/Q1", None)
                .status("unknown")
                .parts(1, None),
            line("P5.06a", "2015-16/Q1", None)
                .by(Who::Partner(1))
                .status("not_returned")
                .parts(None, None),
            line("P5.06a", "2015-16/Q1", None)
                .by(Who::Partner(2))
                .status("unknown")
                .parts(1, None),
            // The series begins with the plan's year.
            line("P3.06c", "2015-16/Q1", None)
                .by(Who::Partner(3))
                .status("unknown")
                .parts(1, 1),
        ],
    )
}

/// G7's own check, over random cases: what is high at the end was high at the start, or opened, closed or was graded
/// since.
#[test]
fn g7_a_stock_follows_from_its_flows() {
    let mut runner = TestRunner::deterministic();
    let shape = Shape {
        partners: 60,
        ..SMALL_CHANGES
    };
    let history = history(shape).new_tree(&mut runner).unwrap().current();
    let world = World::new(&history.log, history.partners);
    let mut graded_again = 0;
    for period in PERIODS {
        let all_returned = Missing::new();
        for who in (0..history.partners).map(Who::Partner) {
            let cell = |span| Cell {
                world: &world,
                who,
                span,
                missing: &all_returned,
            };
            let before = period.span.first.yesterday().unwrap();
            let [start, end] = [before, period.span.last].map(|last| {
                let day = Span { first: last, last };
                count("R38", &cell(day))
            });
            let now = cell(period.span);
            let flow = count("P4.01a", &now) - count("P4.01b", &now) + graded(&now);
            assert_eq!(end, start + flow, "{who:?} {}", period.id);
            graded_again += i32::from(graded(&now) != 0);
        }
    }
    assert!(graded_again > 0);
}

fn count(id: &str, cell: &Cell<'_>) -> i64 {
    let definition = definitions().into_iter().find(|d| d.id == id).unwrap();
    match definition.rule {
        Rule::Count(of) => of(cell).number,
        _ => unreachable!("{id} is a count"),
    }
}

/// Open spells that became high in the period, less those that ceased to be.
fn graded(cell: &Cell<'_>) -> i64 {
    let mut balance = 0;
    let Who::Partner(partner) = cell.who else {
        unreachable!("asked of partners");
    };
    let cases = cell.world.records_of(Kind::AsbCase, partner);
    for message in cases.iter().filter(|m| m.district == Some(DISTRICT)) {
        let case = AsbCase::of(message.body.as_ref().unwrap()).unwrap();
        let high = |day: Date| {
            let mut known = case.risks.iter().filter(|(on, _)| *on <= day);
            i64::from(known.next_back().is_some_and(|(_, risk)| *risk == "HIGH"))
        };
        let mut days: Vec<Date> = case.risks.iter().map(|(on, _)| *on).collect();
        days.dedup();
        for day in days.into_iter().filter(|day| cell.span.has(*day)) {
            let inside =
                |spell: &&Spell| spell.opened_on < day && spell.closed_on.is_none_or(|closed| day <= closed);
            let spells = i64::try_from(case.spells.iter().filter(inside).count()).unwrap();
            balance += spells * (high(day) - high(day.yesterday().unwrap()));
        }
    }
    balance
}

#[test]
fn g6_in_force_on_the_last_day() {
    super::check("g6_in_force_on_the_last_day");
}

#[test]
fn g7_opened_closed_and_graded_again() {
    super::check("g7_opened_closed_and_graded_again");
}

#[test]
fn g7_the_last_grade_of_the_day_counts() {
    super::check("g7_the_last_grade_of_the_day_counts");
}

#[test]
fn g8_a_reduction_is_negative() {
    super::check("g8_a_reduction_is_negative");
}

#[test]
fn g8_per_cent_half_away_from_zero_and_none_of_nothing() {
    super::check("g8_per_cent_half_away_from_zero_and_none_of_nothing");
}

#[test]
fn g8_a_side_that_is_not_there_makes_the_change_unknown() {
    super::check("g8_a_side_that_is_not_there_makes_the_change_unknown");
}
