//! The attacker: takes all that an audience was shown, sets up the sums and bounds, and asks a solver for the hidden numbers.
//!
//! It knows more than anybody can: how often numbers were revised, of which quarters the numbers have changed, and that no others have.
//! It goes its own way: it reads what is shown, one unknown for each quarter and version of its number.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use quarterday_plan::period::Period;
use quarterday_store::FrozenValue;

use super::attack_tests::{PERIODS, Shown, float, quarters_of};
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

/// Quarters, each in one version of its number: an unknown number of events, or of people over all of them.
pub(super) type Unknown = (bool, Vec<(usize, usize)>);

/// A place that tells a number, of which unknowns that is the sum, and what is read there.
pub(super) type Place = (String, Vec<Unknown>, Read);

/// What is read in a line: its numbers with the spans that they are about, of events or of people.
fn fields(value: &FrozenValue, period: Period) -> Vec<(Field, Option<f64>, Period, bool)> {
    let ytd = &value.year_to_date;
    let (span, to_date) = (period, period.year_to_date());
    let before = [span.year_before(), to_date.year_before()];
    match value.id.as_str() {
        "M2" => vec![
            (Field::Numerator, value.numerator, span, false),
            (Field::Denominator, value.denominator, before[0], false),
            (Field::ToDate, ytd.numerator, to_date, false),
            (Field::ToDateDenominator, ytd.denominator, before[1], false),
        ],
        "M4" => vec![
            (Field::Numerator, value.numerator, span, true),
            (Field::Denominator, value.denominator, span, false),
            (Field::ToDate, ytd.numerator, to_date, true),
            (Field::ToDateDenominator, ytd.denominator, to_date, false),
        ],
        id => vec![
            (Field::Numerator, value.numerator, span, id == "M3"),
            (Field::ToDate, ytd.numerator, to_date, id == "M3"),
            (Field::LastYear, value.last_year.value, before[0], id == "M3"),
        ],
    }
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
            for (field, number, span, are_people) in fields(&line.value, each.period) {
                let (Some(read), Some(quarters)) = (read(&line, field, number), of(&span)) else {
                    continue;
                };
                let what = format!("{} {field:?} of {}", line.value.id, each.period);
                places.push((what, unknowns(quarters, are_people), read));
            }
        }
        let nowhere = PERIODS.iter().map(|period| period.parse().unwrap());
        for span in nowhere.filter(|span: &Period| (1..5).contains(&each.events(span))) {
            let unknowns = unknowns(of(&span).unwrap(), false);
            places.push((format!("{span} at {}", each.period), unknowns, Read::Nothing));
        }
    }
    places
}

fn unknowns(quarters: Vec<(usize, usize)>, are_people: bool) -> Vec<Unknown> {
    if are_people {
        return vec![(true, quarters)];
    }
    quarters
        .into_iter()
        .map(|quarter| (false, vec![quarter]))
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
        let variables: BTreeMap<&Unknown, Variable> = unknowns
            .into_iter()
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

/// There are as many people in some quarters as in any of them at least, and as in two parts of them together at most.
fn people_overlap(problem: &mut Problem, variables: &BTreeMap<&Unknown, Variable>) {
    let people: Vec<(&Vec<(usize, usize)>, Variable)> = variables
        .iter()
        .filter(|(unknown, _)| unknown.0)
        .map(|(unknown, variable)| (&unknown.1, *variable))
        .collect();
    for (whole, of_whole) in &people {
        for (part, of_part) in people.iter().filter(|(part, _)| {
            part.len() < whole.len() && part.iter().all(|quarter| whole.contains(quarter))
        }) {
            problem.add_constraint([(*of_whole, 1.0), (*of_part, -1.0)], ComparisonOp::Ge, 0.0);
            let rest: Vec<(usize, usize)> = whole
                .iter()
                .copied()
                .filter(|quarter| !part.contains(quarter))
                .collect();
            if let Some((_, of_rest)) = people.iter().find(|(other, _)| **other == rest) {
                problem.add_constraint(
                    [(*of_whole, 1.0), (*of_part, -1.0), (*of_rest, -1.0)],
                    ComparisonOp::Le,
                    0.0,
                );
            }
        }
    }
}
