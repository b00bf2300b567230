//! What is hidden of a snapshot from an audience.

use std::collections::{BTreeMap, BTreeSet};

use quarterday_plan::period::Period;
use quarterday_plan::plan::Rule;
use quarterday_store::FrozenValue;
use serde::{Deserialize, Serialize};

use super::case::{Case, Quarters};
use super::facts::{Adds, Count, Facts, Form};
use super::feasible::Row;
use super::guard::protect;
use super::instant::{Instant, Sum};
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
    /// Whether it is what another audience sees of it, whom this one can ask: what was withheld from that one is not decided for this one.
    pub is_of_others: bool,
}

/// What is to be hidden of a snapshot, given all that the audience has seen of others.
#[must_use]
pub fn decide(facts: &Facts, next: &Shown<'_>, seen: &[Shown<'_>]) -> Vec<Hidden> {
    let mut cases = Cases {
        facts,
        of_families: BTreeMap::new(),
        instants: Vec::new(),
    };
    for shown in seen {
        let marks = marks_of(shown.hidden);
        let before = |id: &str, field| {
            let mark = marks.get(&(id, field)).copied().unwrap_or(Mark::Shown);
            (!shown.is_of_others || mark != Mark::Withheld).then_some(mark)
        };
        cases.add(shown, before);
    }
    let places = cases.add(next, |_, _| None);
    let marks: BTreeMap<usize, Vec<Mark>> = cases
        .of_families
        .iter()
        .map(|(family, case)| (*family, protect(case, || cases.relations(*family, case))))
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
    hidden.extend(of_unknown(facts, next.values));
    hidden.sort();
    hidden
}

/// Of a measure that no plan has any more nobody knows what may be seen.
fn of_unknown<'v>(facts: &Facts, values: &'v [FrozenValue]) -> impl Iterator<Item = Hidden> + use<'v> {
    let known: BTreeSet<String> = facts.measures.keys().cloned().collect();
    let unknown = values.iter().filter(move |value| !known.contains(&value.id));
    unknown.flat_map(|value| {
        let each = Field::ALL.iter();
        each.map(|field| Hidden {
            id: value.id.clone(),
            field: *field,
            mark: Mark::Withheld,
        })
    })
}

fn marks_of(hidden: &[Hidden]) -> BTreeMap<(&str, Field), Mark> {
    let each = hidden.iter();
    each.map(|hidden| ((hidden.id.as_str(), hidden.field), hidden.mark))
        .collect()
}

/// A place of the snapshot, and which telling of which family it is; none if it is not known what it is made of.
struct Place {
    id: String,
    field: Field,
    telling: Option<(usize, usize)>,
}

/// The numbers of each family of counts.
struct Cases<'f> {
    facts: &'f Facts,
    of_families: BTreeMap<usize, Case>,
    instants: Vec<Instant>,
}

impl Cases<'_> {
    /// Adds what a snapshot tells of measures of which not everything may be seen.
    fn add(&mut self, shown: &Shown<'_>, before: impl Fn(&str, Field) -> Option<Mark>) -> Vec<Place> {
        let quarters = self.quarters(shown.quarters);
        let mut instant = Instant::default();
        let mut places = Vec::new();
        for value in shown.values.iter().filter(|value| self.facts.hides(&value.id)) {
            let Some(measure) = self.facts.measures.get(&value.id) else {
                continue;
            };
            for (field, told) in told(value, measure, &shown.period) {
                let telling = match &told {
                    Told::Nothing => continue,
                    Told::Number(number) => match self.facts.family(&number.count) {
                        None => continue,
                        Some(family) => self.tell(family, number, &quarters, before(&value.id, field)),
                    },
                    Told::Unknown => None,
                };
                if let (Told::Number(number), Some((family, place))) = (told, telling) {
                    let sum = Sum::new(self.case(family).terms(place), Some(number.value));
                    instant.note(&number.count, (number.first, number.last), sum);
                }
                places.push(Place {
                    id: value.id.clone(),
                    field,
                    telling,
                });
            }
        }
        self.add_quarters(&quarters, &mut instant);
        self.instants.push(instant);
        places
    }

    /// What is known of the numbers of a family whatever is told.
    fn relations(&self, family: usize, case: &Case) -> Vec<Row> {
        let mut rows: BTreeSet<Row> = case.rows_of_runs().into_iter().collect();
        for kinship in self.facts.kinships(family) {
            rows.extend(self.instants.iter().flat_map(|instant| instant.rows(kinship)));
        }
        rows.into_iter().collect()
    }

    /// What was counted in quarters, whether it stands somewhere or not.
    fn add_quarters(&mut self, quarters: &BTreeMap<Count, Quarters>, instant: &mut Instant) {
        for (count, quarters) in quarters {
            let Some(family) = self.facts.family(count) else {
                continue;
            };
            let rule = self.facts.rule(count);
            let case = self.case(family);
            if count.adds == Adds::Sum && rule != Rule::Open {
                case.imply(count, quarters, rule);
            }
            for (span, sum) in case.runs_of(count, quarters) {
                instant.note(count, span, sum);
            }
        }
    }

    fn case(&mut self, family: usize) -> &mut Case {
        self.of_families.entry(family).or_default()
    }

    fn tell(
        &mut self,
        family: usize,
        number: &Number,
        quarters: &BTreeMap<Count, Quarters>,
        before: Option<Mark>,
    ) -> Option<(usize, usize)> {
        let none = Quarters::new();
        let of_count = quarters.get(&number.count).unwrap_or(&none);
        let rule = self.facts.rule(&number.count);
        let place = self.case(family).tell(number, of_count, rule, before)?;
        Some((family, place))
    }

    /// The quarters of each count from which something could be concluded that may not be seen.
    fn quarters(&self, of_measures: &BTreeMap<String, Quarters>) -> BTreeMap<Count, Quarters> {
        let counts = of_measures.iter().filter_map(|(id, quarters)| {
            let (Form::Plain(count) | Form::Change(count)) = &self.facts.measures.get(id)?.form else {
                return None;
            };
            let is_guarded = count.adds != Adds::Day && self.facts.family(count).is_some();
            is_guarded.then(|| (count.clone(), quarters.clone()))
        });
        counts.collect()
    }
}
