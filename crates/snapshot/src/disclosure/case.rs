//! The numbers of one count that an audience was shown or is to be shown, as sums of unknowns.
//!
//! What is counted by its date adds up: the unknowns are its quarters. A quarter whose number is the same at two instants is one unknown, so
//! that readers are taken to know which quarters have changed. Of people each number is an unknown of its own.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};
use quarterday_plan::plan::Rule;

use super::facts::Adds;
use super::feasible::Row;
use super::marks::Mark;
use super::numbers::Number;
use super::relations::of_people;

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

/// The numbers of one count.
#[derive(Debug, Default)]
pub(super) struct Case {
    /// What each unknown is.
    pub(super) truth: Vec<i64>,
    /// What is told.
    pub(super) tellings: Vec<Telling>,
    unknowns: BTreeMap<(Date, Date, i64), usize>,
    people: Vec<Number>,
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
            Adds::Sum => self.terms_of_quarters(number, quarters)?,
            Adds::Union | Adds::Day => vec![self.unknown_of_people(number)],
        };
        Some(self.add(Telling {
            terms,
            value: number.value,
            rule,
            before,
            is_told: true,
        }))
    }

    /// Adds the small numbers of an instant that stand nowhere: those of quarters, halves, years and years to date.
    pub(super) fn imply(&mut self, quarters: &Quarters, rule: Rule) {
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
                    let terms = run
                        .iter()
                        .map(|(first, value)| self.unknown(*first, end_of(*first), *value));
                    let terms = terms.collect();
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

    /// What is known of unknowns whatever is told; none if that is too much.
    pub(super) fn relations(&self) -> Option<Vec<Row>> {
        of_people(&self.people)
    }

    /// The quarters of a number, if they are known and it is their sum.
    fn terms_of_quarters(&mut self, number: &Number, quarters: &Quarters) -> Option<Vec<usize>> {
        let mut terms = Vec::new();
        let (mut first, mut sum) = (number.first, 0_i64);
        while first <= number.last {
            let value = *quarters.get(&first)?;
            let last = end_of(first);
            sum = sum.checked_add(value)?;
            terms.push((first, last, value));
            first = last.saturating_add(1.day());
        }
        let is_whole = terms.last().is_some_and(|(_, last, _)| *last == number.last);
        if !is_whole || sum != number.value {
            return None;
        }
        let terms = terms
            .into_iter()
            .map(|(first, last, value)| self.unknown(first, last, value));
        Some(terms.collect())
    }

    fn unknown(&mut self, first: Date, last: Date, value: i64) -> usize {
        let next = self.truth.len();
        let place = *self.unknowns.entry((first, last, value)).or_insert(next);
        if place == next {
            self.truth.push(value);
        }
        place
    }

    fn unknown_of_people(&mut self, number: &Number) -> usize {
        let before = self.truth.len();
        let place = self.unknown(number.first, number.last, number.value);
        if self.truth.len() > before {
            self.people.push(number.clone());
        }
        place
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

/// Numbers of people below it are hidden (domain.md 4).
pub(super) const ENOUGH: i64 = 5;

pub(super) fn is_small(value: i64) -> bool {
    0 < value && value < ENOUGH
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
