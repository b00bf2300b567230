//! Counts that hang together: a whole, and parts of it that have nothing in common. Who knows all but one of them knows that one.

use std::collections::BTreeMap;

use quarterday_plan::plan::{Counted, Measure, Plan};

use super::facts::Count;

/// A whole and some of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kinship {
    /// Which family.
    pub(super) family: usize,
    /// The count that has all.
    pub(super) whole: Count,
    /// Counts of which nothing is in two.
    pub(super) parts: Vec<Count>,
    /// Whether the whole has their sum at least; else each of them only, as people can be in several.
    pub(super) adds_up: bool,
    /// Whether the parts can be all that there is: people are fewer than what they did, as a rule.
    pub(super) may_be_all: bool,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Families {
    of_counts: BTreeMap<Count, usize>,
    kinships: Vec<Kinship>,
}

/// A count, by a definition that counts it.
type Counts<'p> = BTreeMap<Count, (&'p Plan, &'p Measure)>;

/// More sets of parts than these are not looked for: a plan has a handful.
const MOST: usize = 64;

impl Families {
    /// The families in which a count is guarded.
    pub(super) fn of_counts(counts: &Counts<'_>, is_guarded: impl Fn(&Count) -> bool) -> Self {
        let mut kinships = kinships(counts);
        let mut families: BTreeMap<Count, usize> = counts.keys().cloned().zip(0..).collect();
        for kinship in &kinships {
            for part in &kinship.parts {
                join(&mut families, &kinship.whole, part);
            }
        }
        let guarded: Vec<usize> = families
            .iter()
            .filter(|(count, _)| is_guarded(count))
            .map(|(_, family)| *family)
            .collect();
        families.retain(|_, family| guarded.contains(family));
        kinships.retain_mut(|kinship| {
            let family = families.get(&kinship.whole);
            family.map(|family| kinship.family = *family).is_some()
        });
        Families {
            of_counts: families,
            kinships,
        }
    }

    /// The family of a count.
    pub(super) fn of(&self, count: &Count) -> Option<usize> {
        self.of_counts.get(count).copied()
    }

    /// How the counts of a family hang together.
    pub(super) fn kinships(&self, family: usize) -> impl Iterator<Item = &Kinship> {
        let all = self.kinships.iter();
        all.filter(move |kinship| kinship.family == family)
    }
}

fn join(families: &mut BTreeMap<Count, usize>, one: &Count, other: &Count) {
    let (Some(kept), Some(left)) = (families.get(one).copied(), families.get(other).copied()) else {
        return;
    };
    for family in families.values_mut().filter(|family| **family == left) {
        *family = kept;
    }
}

fn kinships(counts: &Counts<'_>) -> Vec<Kinship> {
    let mut kinships = Vec::new();
    for (whole, of_whole) in counts {
        let parts: Vec<&Count> = counts
            .iter()
            .filter(|(part, of_part)| {
                *part != whole && of_part.0.counts_a_part(of_part.1, of_whole.0, of_whole.1)
            })
            .map(|(part, _)| part)
            .collect();
        let sets = Sets::of(counts, &parts).into_iter();
        kinships.extend(sets.map(|parts| {
            let adds_up = !counts_people(of_whole.1);
            let mut of_parts = parts.iter().filter_map(|part| counts.get(part));
            Kinship {
                family: 0,
                whole: whole.clone(),
                adds_up,
                may_be_all: of_parts.all(|part| counts_people(part.1) != adds_up),
                parts,
            }
        }));
    }
    kinships
}

fn counts_people(measure: &Measure) -> bool {
    let counting = measure.counting();
    counting.is_some_and(|counting| matches!(counting.counted, Counted::Distinct { .. }))
}

/// The largest sets of parts that have nothing in common.
struct Sets<'c> {
    counts: &'c Counts<'c>,
    parts: &'c [&'c Count],
    found: Vec<Vec<Count>>,
}

impl<'c> Sets<'c> {
    fn of(counts: &'c Counts<'c>, parts: &'c [&'c Count]) -> Vec<Vec<Count>> {
        let mut sets = Sets {
            counts,
            parts,
            found: Vec::new(),
        };
        sets.extend(&mut Vec::new(), 0);
        sets.found
    }

    fn extend(&mut self, chosen: &mut Vec<usize>, from: usize) {
        for place in from..self.parts.len() {
            if self.found.len() < MOST && self.fits(chosen, place) {
                chosen.push(place);
                self.extend(chosen, place + 1);
                chosen.pop();
            }
        }
        let is_largest = !chosen.is_empty()
            && (0..self.parts.len()).all(|place| chosen.contains(&place) || !self.fits(chosen, place));
        if is_largest {
            let parts = chosen.iter().filter_map(|place| self.parts.get(*place));
            self.found.push(parts.map(|part| (*part).clone()).collect());
        }
    }

    fn fits(&self, chosen: &[usize], place: usize) -> bool {
        chosen
            .iter()
            .all(|other| self.have_nothing_in_common(*other, place))
    }

    fn have_nothing_in_common(&self, one: usize, other: usize) -> bool {
        let counting = |place: usize| self.counts.get(*self.parts.get(place)?)?.1.counting();
        match (counting(one), counting(other)) {
            (Some(one), Some(other)) => one.shares_nothing_with(other),
            _ => false,
        }
    }
}
