//! The attacker: takes all that an audience was shown, sets up the sums and bounds, and asks a solver for the hidden numbers.
//!
//! It knows more than anybody can: how often numbers were revised, of which quarters the numbers have changed, and that no others have.
//! It goes its own way: it reads what is shown, one unknown for each quarter and version of its number.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use quarterday_plan::period::Period;
use quarterday_store::FrozenValue;

use super::attack_tests::{PERIODS, Shown};
use super::attack_world::{RISKS, What, float, quarters_of, whats_of};
use super::{Field, Line, Mark};

/// Nobody expects more in a quarter.
const MOST: i32 = 60;

/// What an attacker reads in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    Exactly(i64),
    Small,
    Nothing,
}

fn read(line: &Line, field: Field, number: Option<f64>) -> Option<Read> {
    match (line.mark(field), number) {
        (Some(Mark::Small), None) => Some(Read::Small),
        (Some(_), None) => Some(Read::Nothing),
        (Some(_), Some(_)) => panic!("{field:?} is hidden and stands there: {line:?}"),
        (None, Some(number)) => Some(Read::Exactly(format!("{number:.0}").parse().unwrap())),
        (None, None) => None,
    }
}

/// Quarters, each in one version of its numbers: an unknown number of events, or of people over all of them.
pub(super) type Unknown = (What, Vec<(usize, usize)>);

/// A place that tells a number, of which unknowns that is the sum, and what is read there.
pub(super) type Place = (String, Vec<Unknown>, Read);

/// What is read in a line: its numbers with the spans that they are about, and what was counted.
fn fields(value: &FrozenValue, period: Period) -> Vec<(Field, Option<f64>, Period, What)> {
    let ytd = &value.year_to_date;
    let (span, to_date) = (period, period.year_to_date());
    let before = [span.year_before(), to_date.year_before()];
    let (first, second) = whats_of(&value.id);
    let mut fields = vec![
        (Field::Numerator, value.numerator, span, first),
        (Field::ToDate, ytd.numerator, to_date, first),
    ];
    let below = |spans: [Period; 2], what| {
        [
            (Field::Denominator, value.denominator, spans[0], what),
            (Field::ToDateDenominator, ytd.denominator, spans[1], what),
        ]
    };
    match (value.id.as_str(), second) {
        ("M2", _) => fields.extend(below(before, first)),
        (_, Some(second)) => fields.extend(below([span, to_date], second)),
        _ => fields.push((Field::LastYear, value.last_year.value, before[0], first)),
    }
    fields
}

/// All that is read, and what stands nowhere.
pub(super) fn read_all(shown: &[Shown]) -> Vec<Place> {
    let mut places = Vec::new();
    for each in shown {
        let of = |span: &Period| {
            let quarters = quarters_of(span)?.into_iter();
            Some(
                quarters
                    .map(|quarter| (quarter, each.versions[quarter]))
                    .collect::<Vec<_>>(),
            )
        };
        for line in each.lines() {
            for (field, number, span, counted) in fields(&line.value, each.period) {
                let (Some(read), Some(quarters)) = (read(&line, field, number), of(&span)) else {
                    continue;
                };
                let what = format!("{} {field:?} of {}", line.value.id, each.period);
                places.push((what, unknowns(quarters, counted), read));
            }
        }
        let events = (0..RISKS).map(Some).chain([None]).map(|risk| What {
            are_people: false,
            risk,
        });
        for what in events {
            let nowhere = PERIODS.iter().map(|period| period.parse().unwrap());
            for span in nowhere.filter(|span: &Period| (1..5).contains(&each.count(what, span))) {
                let unknowns = unknowns(of(&span).unwrap(), what);
                places.push((
                    format!("{what:?} {span} at {}", each.period),
                    unknowns,
                    Read::Nothing,
                ));
            }
        }
    }
    places
}

fn unknowns(quarters: Vec<(usize, usize)>, what: What) -> Vec<Unknown> {
    if what.are_people {
        return vec![(what, quarters)];
    }
    quarters
        .into_iter()
        .map(|quarter| (what, vec![quarter]))
        .collect()
}

/// An attacker's sums and bounds.
pub(super) struct Attack<'p> {
    places: &'p [Place],
    /// The least and the most that each place had in any solution.
    seen: Vec<(i64, i64)>,
}

impl<'p> Attack<'p> {
    pub(super) fn new(places: &'p [Place]) -> Self {
        Attack {
            places,
            seen: vec![(i64::MAX, i64::MIN); places.len()],
        }
    }

    /// The first hidden place that has one possible value.
    pub(super) fn found(&mut self) -> Option<(&'p Place, i64)> {
        for (number, place) in self.places.iter().enumerate() {
            if matches!(place.2, Read::Exactly(_)) {
                continue;
            }
            for direction in [OptimizationDirection::Minimize, OptimizationDirection::Maximize] {
                if self.seen[number].0 >= self.seen[number].1 {
                    self.solve(&place.1, direction);
                }
            }
            let (least, most) = self.seen[number];
            if least == most {
                return Some((place, least));
            }
        }
        None
    }

    /// Looks for the extreme value of a sum, and notes what all others have in that solution.
    fn solve(&mut self, wanted: &[Unknown], direction: OptimizationDirection) {
        let mut problem = Problem::new(direction);
        let unknowns: BTreeSet<&Unknown> = self.places.iter().flat_map(|(_, of, _)| of).collect();
        let everything = and_their_parts(&unknowns);
        let variables: BTreeMap<&Unknown, Variable> = everything
            .iter()
            .map(|unknown| {
                let weight = if wanted.contains(unknown) { 1.0 } else { 0.0 };
                (unknown, problem.add_integer_var(weight, (0, MOST)))
            })
            .collect();
        let rules: BTreeSet<(&Vec<Unknown>, Read)> =
            self.places.iter().map(|(_, of, read)| (of, *read)).collect();
        for (of, read) in rules {
            let sum: Vec<(Variable, f64)> = of.iter().map(|unknown| (variables[unknown], 1.0)).collect();
            match read {
                Read::Exactly(number) => problem.add_constraint(&sum, ComparisonOp::Eq, float(number)),
                Read::Small => {
                    problem.add_constraint(&sum, ComparisonOp::Ge, 1.0);
                    problem.add_constraint(&sum, ComparisonOp::Le, 4.0);
                }
                Read::Nothing => {}
            }
        }
        people_overlap(&mut problem, &variables);
        risks_add_up(&mut problem, &variables);
        people_are_behind_events(&mut problem, &variables);
        let solution = problem.solve().unwrap().into_solution().unwrap();
        for ((_, of, _), (least, most)) in self.places.iter().zip(&mut self.seen) {
            let values = of
                .iter()
                .map(|unknown| solution.var_value(variables[unknown]).round());
            let value: i64 = format!("{:.0}", values.sum::<f64>()).parse().unwrap();
            (*least, *most) = (value.min(*least), value.max(*most));
        }
    }
}

/// What is read, and what bears on it: of the events of a quarter those of each risk, of the people of a span those of each part of it.
fn and_their_parts(unknowns: &BTreeSet<&Unknown>) -> BTreeSet<Unknown> {
    let of_each = |unknown: &&Unknown| -> Vec<Unknown> {
        let (what, quarters) = *unknown;
        if what.are_people {
            let parts = (0..quarters.len()).flat_map(|from| (from..quarters.len()).map(move |to| (from, to)));
            return parts
                .map(|(from, to)| (*what, quarters[from..=to].to_vec()))
                .collect();
        }
        let risks = (0..RISKS).map(Some).chain([None]);
        risks
            .map(|risk| (What { risk, ..*what }, quarters.clone()))
            .collect()
    };
    unknowns.iter().flat_map(of_each).collect()
}

/// All events are those of the risks together.
fn risks_add_up(problem: &mut Problem, variables: &BTreeMap<&Unknown, Variable>) {
    for ((what, quarters), whole) in variables {
        if what.are_people || what.risk.is_some() {
            continue;
        }
        let parts = variables
            .iter()
            .filter(|((part, of_part), _)| !part.are_people && part.risk.is_some() && of_part == quarters);
        let mut sum = vec![(*whole, 1.0)];
        sum.extend(parts.map(|(_, part)| (*part, -1.0)));
        problem.add_constraint(&sum, ComparisonOp::Eq, 0.0);
    }
}

/// There are as many events as people at least; and fewer people of one risk.
fn people_are_behind_events(problem: &mut Problem, variables: &BTreeMap<&Unknown, Variable>) {
    for ((what, quarters), people) in variables {
        if !what.are_people {
            continue;
        }
        let events = quarters.iter().map(|quarter| {
            let what = What {
                are_people: false,
                ..*what
            };
            variables.get(&(what, vec![*quarter]))
        });
        if let Some(events) = events.collect::<Option<Vec<_>>>() {
            let mut sum: Vec<(Variable, f64)> = events.into_iter().map(|event| (*event, 1.0)).collect();
            sum.push((*people, -1.0));
            problem.add_constraint(&sum, ComparisonOp::Ge, 0.0);
        }
        let all = What { risk: None, ..*what };
        let all = variables.get(&(all, quarters.clone()));
        if let Some(all) = all.filter(|_| what.risk.is_some()) {
            problem.add_constraint([(*all, 1.0), (*people, -1.0)], ComparisonOp::Ge, 0.0);
        }
    }
}

/// There are as many people in some quarters as in any of them at least; and as many as in two parts of them together at most, of
/// which those who are in both have been counted twice.
fn people_overlap(problem: &mut Problem, variables: &BTreeMap<&Unknown, Variable>) {
    let people: Vec<(&Unknown, Variable)> = variables
        .iter()
        .filter(|(unknown, _)| unknown.0.are_people)
        .map(|(unknown, variable)| (*unknown, *variable))
        .collect();
    for ((what, whole), of_whole) in &people {
        let inside = people.iter().filter(|((of, part), _)| {
            of == what && part.len() < whole.len() && part.iter().all(|quarter| whole.contains(quarter))
        });
        let inside: Vec<&(&Unknown, Variable)> = inside.collect();
        for (one, of_one) in inside.iter().copied() {
            problem.add_constraint([(*of_whole, 1.0), (*of_one, -1.0)], ComparisonOp::Ge, 0.0);
            for (other, of_other) in inside.iter().copied().filter(|(other, _)| one < other) {
                let is_covered = whole
                    .iter()
                    .all(|quarter| one.1.contains(quarter) || other.1.contains(quarter));
                if !is_covered {
                    continue;
                }
                let both = one.1.iter().copied().filter(|quarter| other.1.contains(quarter));
                let both: Vec<(usize, usize)> = both.collect();
                let mut sum = vec![(*of_one, 1.0), (*of_other, 1.0), (*of_whole, -1.0)];
                let of_both = people
                    .iter()
                    .find(|(there, _)| there.0 == *what && there.1 == both);
                sum.extend(of_both.map(|(_, of_both)| (*of_both, -1.0)));
                problem.add_constraint(&sum, ComparisonOp::Ge, 0.0);
            }
        }
    }
}
