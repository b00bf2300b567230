//! Plan files: the measures that a yearly plan asks for, and the published figures that a review printed.
//!
//! Contract: a measure is data. What it counts, by which date, whose returns it needs and where it holds stand in the
//! file and nowhere else; [`Measure::definition_hash`] names exactly that, so that a snapshot can say by which
//! definition a number was made.

mod check;
mod counting;
mod definition;
mod disclosure;
mod fields;
mod measure;
mod parse;
mod parts;
mod ratios;
mod warnings;

use std::{collections::BTreeMap, fmt, ops::Deref};

pub use check::{Check, CheckOp};
pub use counting::{Against, Area, ChangeValue, Counted, Counting, Graded, LookBack, Placing, Ranking, Span};
pub use disclosure::{Audience, Disclosure, Rule};
pub use fields::Known;
pub use measure::{Basis, Kind, Measure, Polarity, Ratio, Sensitivity};

use crate::{Error, Problem, period::Period};

/// One plan file.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The plan's id, such as `tunbridge-wells-2015-16`.
    pub id: String,
    /// The plan's title, for people.
    pub title: String,
    /// The financial year that the plan, or the review, is of.
    pub year: Period,
    /// GSS code of the district whose records count (measures with [`Area::District`]).
    pub district: String,
    /// The document that the wording and the figures are taken from.
    pub source: String,
    /// What the plan's actions are grouped by, in the order of the file.
    pub priorities: Vec<Priority>,
    /// The measures, in the order of the file.
    pub measures: Vec<Measure>,
    /// The published figures, in the order of the file.
    pub figures: Vec<Figure>,
    /// The numbers that stand beside measures and figures, in the order of the file.
    pub companions: Vec<Companion>,
}

impl Plan {
    /// Reads a plan file. Ids that occur twice in it are a problem; for ids across files see [`check_ids`].
    pub fn parse(toml: &str) -> Result<Self, Error> {
        parse::parse(toml)
    }

    /// The periods that the plan's measures are computed for: quarters, halves and year of the plan's year and of the
    /// year before, which changes are measured against.
    pub fn periods(&self) -> Vec<Period> {
        let year = self.year.first().year();
        Period::standard(year - 1, year)
    }

    /// Measures, figures and companions together, in this order: all that has an id.
    pub fn definitions(&self) -> impl Iterator<Item = &Measure> {
        let figures = self.figures.iter().map(Deref::deref);
        let companions = self.companions.iter().map(Deref::deref);
        self.measures.iter().chain(figures).chain(companions)
    }

    /// The definition of this id.
    pub fn definition(&self, id: &str) -> Option<&Measure> {
        self.definitions().find(|measure| measure.id == id)
    }

    /// The record type that a measure is counted from; that of its parts for a ratio.
    pub fn record_type<'p>(&'p self, measure: &'p Measure) -> Option<&'p str> {
        match &measure.basis {
            Basis::Records(counting) => Some(&counting.record_type),
            Basis::Ratio(ratio) => {
                let numerator = self.definition(&ratio.numerator)?.counting()?;
                Some(&numerator.record_type)
            }
            Basis::Nothing => None,
        }
    }

    /// Checks all that the plan's `text` names: record types, fields, codes, partners, their feeds and the parts of ratios; and that
    /// its expressions are of the types that they must be.
    pub fn check(&self, text: &str, known: Known<'_>) -> Result<(), Error> {
        let mut problems = fields::check(self, text, known);
        problems.extend(ratios::check(self, text));
        Error::of(problems).map_or(Ok(()), Err)
    }

    /// Every problem of a plan's `text` at once: what [`Plan::parse`] and [`Plan::check`] would say one after the other.
    pub fn examine(text: &str, known: Known<'_>) -> Result<Self, Error> {
        let (plan, mut problems) = parse::parse_on(text);
        if let Some(plan) = &plan {
            problems.extend(fields::check(plan, text, known));
            problems.extend(ratios::check(plan, text));
        }
        match (Error::of(problems), plan) {
            (None, Some(plan)) => Ok(plan),
            (error, _) => Err(error.unwrap_or_default()),
        }
    }

    /// What is doubtful in the plan's `text`, such as a filter that is never true.
    pub fn warnings(&self, text: &str) -> Vec<Problem> {
        warnings::of(self, text)
    }
}

/// A group of the plan's actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priority {
    /// What the ids of its actions begin with, such as `P1`.
    pub id: String,
    /// What it is about.
    pub title: String,
}

/// A number that stands beside a measure or figure, and is none of the plan's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Companion {
    /// What is counted, and how.
    pub measure: Measure,
    /// Id of the measure or figure that it stands beside.
    pub of: String,
}

impl Deref for Companion {
    type Target = Measure;

    fn deref(&self) -> &Measure {
        &self.measure
    }
}

/// A published figure: how it is computed, and what was printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What is counted, and how.
    pub measure: Measure,
    /// The figure as printed, such as `-3 %` or `< 5000`.
    pub printed: String,
    /// The period that the print speaks of.
    pub period: Period,
    /// When the computed value agrees with the print.
    pub check: Check,
}

impl Deref for Figure {
    type Target = Measure;

    fn deref(&self) -> &Measure {
        &self.measure
    }
}

/// Ids that several places of the plan files in force use; never empty. Displays one id a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DuplicateIds {
    ids: Vec<String>,
}

impl fmt::Display for DuplicateIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.ids.join("\n"))
    }
}

/// Checks that no plan id and no id of a measure or figure occurs twice in the plan files in force.
pub fn check_ids<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Result<(), DuplicateIds> {
    let mut first_uses = BTreeMap::new();
    let mut first_plans = BTreeMap::new();
    let mut ids = Vec::new();
    for plan in plans {
        if first_plans.insert(&plan.id, ()).is_some() {
            ids.push(format!(
                "two plan files have the id `{}`: give one of them another",
                plan.id
            ));
        }
        for measure in plan.definitions() {
            let here = format!("`{}` (line {})", plan.id, measure.line);
            match first_uses.get(&measure.id) {
                Some(there) => {
                    ids.push(format!(
                        "`{}` is defined in {there} and again in {here}",
                        measure.id
                    ));
                }
                None => {
                    first_uses.insert(&measure.id, here);
                }
            }
        }
    }
    if ids.is_empty() {
        Ok(())
    } else {
        Err(DuplicateIds { ids })
    }
}

#[cfg(test)]
mod tests;
