//! What is to be known of a measure before numbers of it are shown.

use std::collections::BTreeMap;

use quarterday_plan::plan::{Against, Audience, Basis, Counted, Measure, Placing, Plan, Rule};

use super::families::{Families, Kinship};

/// How the counts of several spans hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Adds {
    /// A span has the sum of those that it is made of.
    Sum,
    /// A span has as many as each of those in it at least, and their sum at most: people, or what lasts.
    Union,
    /// It is about the last day of a span only (G6).
    Day,
}

/// A count, whoever shows it: two measures that count the same have the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Count {
    /// What is counted, in the canonical words of its definition.
    pub(super) text: String,
    /// How its numbers hang together.
    pub(super) adds: Adds,
}

/// Which counts a measure shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// One, as it is.
    Plain(Count),
    /// One, and the same of a year before.
    Change(Count),
    /// Two, and one by the other.
    Ratio(Count, Count),
    /// One, and its place among others.
    Rank(Count),
    /// None.
    None,
}

impl Form {
    fn counts(&self) -> Vec<&Count> {
        match self {
            Form::Plain(count) | Form::Change(count) | Form::Rank(count) => vec![count],
            Form::Ratio(above, below) => vec![above, below],
            Form::None => Vec::new(),
        }
    }
}

/// What is to be known of a measure for an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfMeasure {
    /// The counts that it shows.
    pub(super) form: Form,
    /// What the audience may see of it.
    pub(super) rule: Rule,
}

/// What is to be known of all measures for an audience.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub(super) measures: BTreeMap<String, OfMeasure>,
    /// A count is as hidden as in the measure that hides it most; the parts of a ratio as their own definitions say.
    counts: BTreeMap<Count, Rule>,
    /// The counts that hang together with one of which not everything may be seen.
    families: Families,
}

impl Facts {
    /// What the audience may see of a count.
    pub(super) fn rule(&self, count: &Count) -> Rule {
        self.counts.get(count).copied().unwrap_or(Rule::Open)
    }

    /// The family of a count; none if nothing could be concluded from it that may not be seen.
    pub(super) fn family(&self, count: &Count) -> Option<usize> {
        self.families.of(count)
    }

    /// How the counts of a family hang together.
    pub(super) fn kinships(&self, family: usize) -> impl Iterator<Item = &Kinship> {
        self.families.kinships(family)
    }

    /// Whether something of a measure may be hidden from the audience.
    #[must_use]
    pub fn hides(&self, id: &str) -> bool {
        self.measures.get(id).is_some_and(|measure| {
            let mut counts = measure.form.counts().into_iter();
            measure.rule != Rule::Open || counts.any(|count| self.family(count).is_some())
        })
    }

    fn note(&mut self, count: &Count, rule: Rule) {
        let strictest = self.counts.entry(count.clone()).or_insert(rule);
        *strictest = rule.max(*strictest);
    }
}

/// The facts of all definitions of these plans.
#[must_use]
pub fn facts_of(plans: &[Plan], audience: Audience) -> Facts {
    let mut facts = Facts::default();
    let mut counted = BTreeMap::new();
    for plan in plans {
        for measure in plan.definitions() {
            let form = form(plan, measure);
            let rule = measure.disclosure.rule(audience);
            if let Form::Plain(count) | Form::Change(count) | Form::Rank(count) = &form {
                facts.note(count, rule);
                counted.entry(count.clone()).or_insert((plan, measure));
            }
            facts
                .measures
                .insert(measure.id.clone(), OfMeasure { form, rule });
        }
    }
    facts.families = Families::of_counts(&counted, |count| facts.rule(count) != Rule::Open);
    facts
}

fn form(plan: &Plan, measure: &Measure) -> Form {
    match &measure.basis {
        Basis::Nothing => Form::None,
        Basis::Ratio(ratio) => {
            let part = |id: &str| plan.definition(id).and_then(|part| count(plan, part));
            match (part(&ratio.numerator), part(&ratio.denominator)) {
                (Some(above), Some(below)) => Form::Ratio(above, below),
                _ => Form::None,
            }
        }
        Basis::Records(counting) => {
            let Some(count) = count(plan, measure) else {
                return Form::None;
            };
            match counting.against {
                Against::Nothing | Against::Expected(_) => Form::Plain(count),
                Against::YearBefore { .. } => Form::Change(count),
                Against::Areas(_) => Form::Rank(count),
            }
        }
    }
}

fn count(plan: &Plan, measure: &Measure) -> Option<Count> {
    let counting = measure.counting()?;
    let adds = match (&counting.placing, &counting.counted) {
        (Placing::InForce(..), _) => Adds::Day,
        (Placing::During(_) | Placing::DoneBy(_), _) | (_, Counted::Distinct { .. }) => Adds::Union,
        (Placing::On(_) | Placing::ReportedFor(..), _) => Adds::Sum,
    };
    Some(Count {
        text: plan.counted_text(measure)?,
        adds,
    })
}
