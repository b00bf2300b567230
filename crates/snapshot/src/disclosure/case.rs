//! The numbers of a family of counts that an audience was shown or is to be shown, as sums of unknowns.
//!
//! What is counted by its date adds up: the unknowns are its quarters. A quarter whose number is the same at two instants is one unknown, so
//! that readers are taken to know which quarters have changed. Of people each run of quarters is an unknown of its own ([`super::runs`]).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};
use quarterday_plan::plan::Rule;

use super::facts::{Adds, Count};
use super::feasible::Row;
use super::instant::{Span, Sum};
use super::marks::Mark;
use super::numbers::Number;
use super::runs::{Run, Runs};

/// What was counted in each quarter, by its first day.
pub type Quarters = BTreeMap<Date, i64>;

/// A sum of unknowns that readers are, or would be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Telling {
    /// The unknowns, in order.
    pub(super) terms: Vec<usize>,
    /// What it is.
    pub(super) value: i64,
    /// What the audience may see of it.
    pub(super) rule: Rule,
    /// What was decided of it before, which stands.
    pub(super) before: Option<Mark>,
    /// Whether it stands somewhere. Small numbers of quarters, halves and years that stand nowhere must not be known either.
    pub(super) is_told: bool,
}

/// The numbers of a family of counts.
#[derive(Debug, Default)]
pub(super) struct Case {
    /// What each unknown is.
    pub(super) truth: Vec<i64>,
    /// What is told.
    pub(super) tellings: Vec<Telling>,
    unknowns: BTreeMap<Number, usize>,
    runs: Runs,
    /// Which unknowns are of runs whose number is not known here either: readers can reckon with them all the same.
    untold: BTreeSet<usize>,
}

impl Case {
    /// Adds a number that is told; `quarters` are those of the same instant. Gives its place; none if it is not known what it is made of.
    pub(super) fn tell(
        &mut self,
        number: &Number,
        quarters: &Quarters,
        rule: Rule,
        before: Option<Mark>,
    ) -> Option<usize> {
        let terms = match number.count.adds {
            Adds::Sum => match self.terms_of_quarters(number, quarters) {
                // Nothing of it is hidden: it needs no parts.
                None if rule == Rule::Open => vec![self.unknown(number.clone())],
                terms => terms?,
            },
            Adds::Union => vec![self.unknown_of_people(number, quarters)?],
            Adds::Day => vec![self.unknown(number.clone())],
        };
        Some(self.add(Telling {
            terms,
            value: number.value,
            rule,
            before,
            is_told: true,
        }))
    }

    /// Which unknowns a number that is told is the sum of.
    pub(super) fn terms(&self, telling: usize) -> Vec<usize> {
        let telling = self.tellings.get(telling);
        telling.map(|telling| telling.terms.clone()).unwrap_or_default()
    }

    /// What was counted in the quarters of an instant, and of people in all runs of them that there are unknowns of.
    pub(super) fn runs_of(&mut self, count: &Count, quarters: &Quarters) -> Vec<(Span, Sum)> {
        match count.adds {
            Adds::Day => Vec::new(),
            Adds::Sum => {
                let numbers = quarters
                    .iter()
                    .map(|(first, value)| of_quarter(count, *first, *value));
                let known = numbers.map(|number| {
                    let (span, value) = ((number.first, number.last), Some(number.value));
                    (span, Sum::new(vec![self.unknown(number)], value))
                });
                known.collect()
            }
            Adds::Union => {
                for (first, value) in quarters {
                    self.unknown_of_run(count, &[(*first, *value)], *value);
                }
                self.people_of(count, quarters)
            }
        }
    }

    fn people_of(&self, count: &Count, quarters: &Quarters) -> Vec<(Span, Sum)> {
        let is_of_instant = |run: &Run| {
            run.iter()
                .all(|(first, value)| quarters.get(first) == Some(value))
        };
        let runs = self.runs.of(count).filter(|(run, _)| is_of_instant(run));
        let sums = runs.filter_map(|(run, unknown)| {
            let is_told = !self.untold.contains(&unknown);
            let value = self.truth.get(unknown).copied().filter(|_| is_told);
            let span = (run.first()?.0, end_of(run.last()?.0));
            Some((span, Sum::new(vec![unknown], value)))
        });
        sums.collect()
    }

    /// Adds the small numbers of an instant that stand nowhere: those of quarters, halves, years and years to date.
    pub(super) fn imply(&mut self, count: &Count, quarters: &Quarters, rule: Rule) {
        let each: Vec<(Date, i64)> = quarters.iter().map(|(first, value)| (*first, *value)).collect();
        for (place, (first, _)) in each.iter().enumerate() {
            let longest = longest_from(*first);
            for length in 1..=longest {
                let Some(run) = each
                    .get(place..place.saturating_add(length))
                    .filter(|run| is_unbroken(run))
                else {
                    break;
                };
                let value = run.iter().map(|(_, value)| value).sum();
                let is_natural = length == 1 || is_april(*first) || length == longest;
                if is_natural && is_small(value) {
                    let numbers = run.iter().map(|(first, value)| of_quarter(count, *first, *value));
                    let terms = numbers.map(|number| self.unknown(number)).collect();
                    self.add(Telling {
                        terms,
                        value,
                        rule,
                        before: None,
                        is_told: false,
                    });
                }
            }
        }
    }

    /// What is known of runs of quarters, whatever is told.
    pub(super) fn rows_of_runs(&self) -> Vec<Row> {
        self.runs.rows()
    }

    /// The quarters of a number, if they are known and it is their sum.
    fn terms_of_quarters(&mut self, number: &Number, quarters: &Quarters) -> Option<Vec<usize>> {
        let run = run_of(number, quarters)?;
        let sum: i64 = run.iter().map(|(_, value)| value).sum();
        let parts = run
            .iter()
            .map(|(first, value)| of_quarter(&number.count, *first, *value));
        (sum == number.value).then(|| parts.map(|part| self.unknown(part)).collect())
    }

    fn unknown(&mut self, number: Number) -> usize {
        let (next, value) = (self.truth.len(), number.value);
        let place = *self.unknowns.entry(number).or_insert(next);
        if place == next {
            self.truth.push(value);
        }
        place
    }

    /// The unknown of a number of people; those of all runs in it are unknowns too. None if its quarters are not known.
    fn unknown_of_people(&mut self, number: &Number, quarters: &Quarters) -> Option<usize> {
        let run = run_of(number, quarters)?;
        for from in 0..run.len() {
            for to in from..run.len() {
                let part = run.get(from..=to)?;
                self.unknown_of_run(&number.count, part, number.value);
            }
        }
        let unknown = self.unknown_of_run(&number.count, &run, number.value);
        let truth = self.truth.get_mut(unknown)?;
        if self.untold.remove(&unknown) {
            *truth = number.value;
        }
        (*truth == number.value).then_some(unknown)
    }

    /// The unknown of a run, which has so many at most.
    fn unknown_of_run(&mut self, count: &Count, run: &[(Date, i64)], most: i64) -> usize {
        let next = self.truth.len();
        let unknown = self.runs.unknown(count, run, next);
        if unknown == next {
            let of_quarter = run.first().filter(|_| run.len() == 1).map(|(_, value)| *value);
            self.truth.push(of_quarter.unwrap_or(most));
            if of_quarter.is_none() {
                self.untold.insert(unknown);
            }
        }
        unknown
    }

    /// Each sum once. What was shown somewhere is known everywhere.
    fn add(&mut self, telling: Telling) -> usize {
        let place = self
            .tellings
            .iter()
            .position(|there| there.terms == telling.terms);
        let Some((place, there)) = place.and_then(|place| Some((place, self.tellings.get_mut(place)?)))
        else {
            self.tellings.push(telling);
            return self.tellings.len() - 1;
        };
        there.is_told |= telling.is_told;
        there.before = match (there.before, telling.before) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        place
    }
}

/// The quarters of a number; none if one is not known.
fn run_of(number: &Number, quarters: &Quarters) -> Option<Run> {
    let mut run = Run::new();
    let mut first = number.first;
    while first <= number.last {
        run.push((first, *quarters.get(&first)?));
        first = end_of(first).saturating_add(1.day());
    }
    let is_whole = first.saturating_sub(1.day()) == number.last;
    is_whole.then_some(run)
}

/// Numbers of people below it are hidden (domain.md 4).
pub(super) const ENOUGH: i64 = 5;

pub(super) fn is_small(value: i64) -> bool {
    0 < value && value < ENOUGH
}

fn of_quarter(count: &Count, first: Date, value: i64) -> Number {
    Number {
        count: count.clone(),
        first,
        last: end_of(first),
        value,
    }
}

fn end_of(first: Date) -> Date {
    first.saturating_add(3.months()).saturating_sub(1.day())
}

fn is_april(first: Date) -> bool {
    first.month() == 4
}

/// The quarters of a half or year that begins then, and of what is left of it.
fn longest_from(first: Date) -> usize {
    match first.month() {
        4 => 4,
        10 => 2,
        _ => 1,
    }
}

fn is_unbroken(run: &[(Date, i64)]) -> bool {
    run.windows(2).all(|pair| match pair {
        [(one, _), (next, _)] => end_of(*one)
            .until((Unit::Day, *next))
            .is_ok_and(|span| span.get_days() == 1),
        _ => false,
    })
}
