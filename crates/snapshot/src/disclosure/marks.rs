//! What is hidden of a snapshot from an audience.

use std::collections::BTreeMap;

use quarterday_plan::period::Period;
use quarterday_plan::plan::Rule;
use quarterday_store::FrozenValue;
use serde::{Deserialize, Serialize};

use super::case::{Case, Quarters};
use super::facts::{Adds, Count, Facts, Form};
use super::guard::protect;
use super::numbers::{Field, Number, Told, told};

/// What an audience sees of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The number.
    Shown,
    /// That it is from 1 to 4.
    Small,
    /// Nothing, because others would be given away.
    Withheld,
}

impl Mark {
    /// The word for it in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Mark::Shown => "shown",
            Mark::Small => "small",
            Mark::Withheld => "withheld",
        }
    }
}

/// A place of a snapshot that an audience does not see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hidden {
    /// The measure.
    pub id: String,
    /// Which of its numbers.
    pub field: Field,
    /// What is seen instead.
    pub mark: Mark,
}

/// A snapshot, and what is known of its instant beside it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'s> {
    /// The period.
    pub period: Period,
    /// The numbers.
    pub values: &'s [FrozenValue],
    /// What was counted in quarters at the same instant, by the measure.
    pub quarters: &'s BTreeMap<String, Quarters>,
    /// What was hidden of it from the audience; empty of one that is not shown yet.
    pub hidden: &'s [Hidden],
}

/// What is to be hidden of a snapshot, given all that the audience has seen of others.
#[must_use]
pub fn decide(facts: &Facts, next: &Shown<'_>, seen: &[Shown<'_>]) -> Vec<Hidden> {
    let mut cases = Cases {
        facts,
        of_counts: BTreeMap::new(),
    };
    for shown in seen {
        let marks = marks_of(shown.hidden);
        let before = |id: &str, field| Some(marks.get(&(id, field)).copied().unwrap_or(Mark::Shown));
        cases.add(shown, before);
    }
    let places = cases.add(next, |_, _| None);
    let marks: BTreeMap<&Count, Vec<Mark>> = cases
        .of_counts
        .iter()
        .map(|(count, case)| (count, protect(case)))
        .collect();
    let hidden = places.into_iter().map(|place| {
        let of_count = place
            .telling
            .and_then(|(count, telling)| marks.get(&count)?.get(telling).copied());
        Hidden {
            id: place.id,
            field: place.field,
            mark: of_count.unwrap_or(Mark::Withheld),
        }
    });
    let mut hidden: Vec<Hidden> = hidden.filter(|hidden| hidden.mark != Mark::Shown).collect();
    hidden.sort();
    hidden
}

fn marks_of(hidden: &[Hidden]) -> BTreeMap<(&str, Field), Mark> {
    let each = hidden.iter();
    each.map(|hidden| ((hidden.id.as_str(), hidden.field), hidden.mark))
        .collect()
}

/// A place of the snapshot, and which telling of which count it is; none if it is not known what it is made of.
struct Place {
    id: String,
    field: Field,
    telling: Option<(Count, usize)>,
}

/// The numbers of each count.
struct Cases<'f> {
    facts: &'f Facts,
    of_counts: BTreeMap<Count, Case>,
}

impl Cases<'_> {
    /// Adds what a snapshot tells of measures of which not everything may be seen.
    fn add(&mut self, shown: &Shown<'_>, before: impl Fn(&str, Field) -> Option<Mark>) -> Vec<Place> {
        let quarters = self.quarters(shown.quarters);
        let mut places = Vec::new();
        for value in shown.values.iter().filter(|value| self.facts.hides(&value.id)) {
            let Some(measure) = self.facts.measures.get(&value.id) else {
                continue;
            };
            for (field, told) in told(value, measure, &shown.period) {
                let telling = match told {
                    Told::Nothing => continue,
                    Told::Number(number) if self.facts.rule(&number.count) == Rule::Open => continue,
                    Told::Number(number) => self.tell(&number, &quarters, before(&value.id, field)),
                    Told::Unknown => None,
                };
                places.push(Place {
                    id: value.id.clone(),
                    field,
                    telling,
                });
            }
        }
        for (count, quarters) in &quarters {
            let rule = self.facts.rule(count);
            let case = self.of_counts.entry(count.clone()).or_default();
            case.imply(quarters, rule);
        }
        places
    }

    fn tell(
        &mut self,
        number: &Number,
        quarters: &BTreeMap<Count, Quarters>,
        before: Option<Mark>,
    ) -> Option<(Count, usize)> {
        let none = Quarters::new();
        let of_count = quarters.get(&number.count).unwrap_or(&none);
        let rule = self.facts.rule(&number.count);
        let case = self.of_counts.entry(number.count.clone()).or_default();
        let place = case.tell(number, of_count, rule, before)?;
        Some((number.count.clone(), place))
    }

    /// The quarters of each count that adds up, of which not everything may be seen.
    fn quarters(&self, of_measures: &BTreeMap<String, Quarters>) -> BTreeMap<Count, Quarters> {
        let counts = of_measures.iter().filter_map(|(id, quarters)| {
            let (Form::Plain(count) | Form::Change(count)) = &self.facts.measures.get(id)?.form else {
                return None;
            };
            let is_guarded = count.adds == Adds::Sum && self.facts.rule(count) != Rule::Open;
            is_guarded.then(|| (count.clone(), quarters.clone()))
        });
        counts.collect()
    }
}
