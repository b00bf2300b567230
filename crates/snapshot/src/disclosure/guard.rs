//! What to hide of the numbers of a family of counts, so that no hidden one can be concluded.

use std::collections::BTreeMap;

use quarterday_plan::plan::Rule;

use super::case::{Case, ENOUGH, Telling, is_small};
use super::feasible::{Knowledge, Row};
use super::marks::Mark;

/// What the audience sees of each telling of a case; `relations` is what is known of unknowns whatever is told.
pub(super) fn protect(case: &Case, relations: impl FnOnce() -> Vec<Row>) -> Vec<Mark> {
    let marks: Vec<Mark> = case.tellings.iter().map(first_mark).collect();
    if marks.iter().all(|mark| *mark == Mark::Shown) {
        return marks;
    }
    let mut guard = Guard {
        case,
        relations: relations(),
        is_safe: vec![false; marks.len()],
        marks,
    };
    while let Some(pinned) = guard.next_pinned() {
        if !guard.hide_for(pinned) {
            guard.give_up(pinned);
        }
    }
    guard.marks
}

fn first_mark(telling: &Telling) -> Mark {
    match (telling.before, telling.rule) {
        (Some(before), _) => before,
        _ if !telling.is_told => Mark::Withheld,
        (None, Rule::Open) => Mark::Shown,
        (None, Rule::Small) if is_small(telling.value) => Mark::Small,
        (None, Rule::Small) => Mark::Shown,
        (None, Rule::Withheld) => Mark::Withheld,
    }
}

struct Guard<'c> {
    case: &'c Case,
    relations: Vec<Row>,
    marks: Vec<Mark>,
    /// Which have more than one possible value, or cannot be protected, because what gives them away was shown before.
    is_safe: Vec<bool>,
}

impl Guard<'_> {
    /// The first hidden number of which only one value is possible. What has several keeps them: only more is hidden.
    fn next_pinned(&mut self) -> Option<usize> {
        let knowledge = self.knowledge(&self.marks);
        for (place, telling) in self.case.tellings.iter().enumerate() {
            let is_open = self.marks.get(place) == Some(&Mark::Shown);
            if is_open || self.is_safe.get(place).copied().unwrap_or(true) {
                continue;
            }
            match knowledge.otherwise(&telling.terms) {
                Some(values) => self.note_safe(&knowledge, &values),
                None => return Some(place),
            }
        }
        None
    }

    /// What readers know with these marks.
    fn knowledge(&self, marks: &[Mark]) -> Knowledge {
        let told = self
            .case
            .tellings
            .iter()
            .zip(marks)
            .filter_map(|(telling, mark)| {
                let (least, most) = match mark {
                    Mark::Shown => (telling.value, telling.value),
                    Mark::Small => (1, ENOUGH - 1),
                    Mark::Withheld => return None,
                };
                Some(Row {
                    terms: telling.terms.iter().map(|term| (*term, 1)).collect(),
                    least: Some(least),
                    most: Some(most),
                    is_certain: true,
                })
            });
        Knowledge {
            truth: self.case.truth.clone(),
            rows: told.chain(self.relations.iter().cloned()).collect(),
        }
    }

    /// The same, with every number that is withheld and is no small one taken for no small one.
    fn as_read(&self, marks: &[Mark]) -> Knowledge {
        let mut knowledge = self.knowledge(marks);
        let each = self.case.tellings.iter().zip(marks);
        let large = each.filter(|(telling, mark)| {
            **mark == Mark::Withheld
                && telling.is_told
                && telling.rule == Rule::Small
                && telling.value >= ENOUGH
        });
        knowledge.rows.extend(large.map(|(telling, _)| Row {
            terms: telling.terms.iter().map(|term| (*term, 1)).collect(),
            least: Some(ENOUGH),
            most: None,
            is_certain: false,
        }));
        knowledge
    }

    /// Numbers that are others with these values.
    fn note_safe(&mut self, knowledge: &Knowledge, values: &BTreeMap<usize, i64>) {
        for (telling, is_safe) in self.case.tellings.iter().zip(&mut self.is_safe) {
            *is_safe |= knowledge.total(&telling.terms, values) != telling.value;
        }
    }

    /// Hides one number more so that this one is not known; false if nothing is left to hide.
    fn hide_for(&mut self, pinned: usize) -> bool {
        let shown = self.candidates(Mark::Shown);
        // That a number is small can give another one away.
        let small = self.candidates(Mark::Small);
        let all = || shown.iter().chain(&small).copied();
        let is_enough = |place: &usize| !self.is_pinned(&self.marks_without(*place), pinned);
        // Better one that is enough too for a reader who says of what is withheld that it would be `<5` if it were.
        let is_enough_as_read = |place: &usize| {
            let marks = self.marks_without(*place);
            let terms = self.case.tellings.get(pinned).map(|telling| &telling.terms[..]);
            terms.is_some_and(|terms| self.as_read(&marks).otherwise(terms).is_some())
        };
        let enough = all().find(is_enough_as_read).or_else(|| all().find(is_enough));
        let next = enough.or_else(|| self.nearest(&shown, pinned));
        match next.or_else(|| self.nearest(&small, pinned)) {
            Some(place) => self.withhold(place),
            None => false,
        }
    }

    fn is_pinned(&self, marks: &[Mark], place: usize) -> bool {
        let terms = self.case.tellings.get(place).map(|telling| &telling.terms[..]);
        terms.is_some_and(|terms| self.knowledge(marks).otherwise(terms).is_none())
    }

    fn marks_without(&self, place: usize) -> Vec<Mark> {
        let mut marks = self.marks.clone();
        if let Some(mark) = marks.get_mut(place) {
            *mark = Mark::Withheld;
        }
        marks
    }

    /// As if of what is new nothing were shown.
    fn marks_before(&self) -> Vec<Mark> {
        let each = self.case.tellings.iter();
        each.map(|telling| telling.before.unwrap_or(Mark::Withheld))
            .collect()
    }

    fn withhold(&mut self, place: usize) -> bool {
        let mark = self.marks.get_mut(place);
        mark.map(|mark| *mark = Mark::Withheld).is_some()
    }

    /// A number that nothing protects. Where it follows from what was shown before and is not small, nothing is lost by showing it.
    fn give_up(&mut self, place: usize) {
        if let Some(is_safe) = self.is_safe.get_mut(place) {
            *is_safe = true;
        }
        let is_no_secret = self.case.tellings.get(place).is_some_and(|telling| {
            telling.is_told
                && telling.before.is_none()
                && telling.rule == Rule::Small
                && !is_small(telling.value)
                && self.certain_before().otherwise(&telling.terms).is_none()
        });
        if let Some(mark) = self.marks.get_mut(place).filter(|_| is_no_secret) {
            *mark = Mark::Shown;
        }
    }

    /// What every reader knows already.
    fn certain_before(&self) -> Knowledge {
        self.knowledge(&self.marks_before()).certain()
    }

    fn is_new(&self, place: usize) -> bool {
        let telling = self.case.tellings.get(place);
        telling.is_some_and(|telling| telling.before.is_none() && telling.is_told)
    }

    /// Numbers that may still be hidden, the smallest first, zeros last. What follows from what was shown
    /// before is no secret any more.
    fn candidates(&self, mark: Mark) -> Vec<usize> {
        let before = self.certain_before();
        let is_known = |place: &usize| {
            let telling = self.case.tellings.get(*place);
            telling.is_none_or(|telling| before.otherwise(&telling.terms).is_none())
        };
        let mut candidates: Vec<usize> = (0..self.case.tellings.len())
            .filter(|place| self.is_new(*place) && self.marks.get(*place) == Some(&mark))
            .filter(|place| !is_known(place))
            .collect();
        candidates.sort_by_key(|place| self.rank(*place));
        candidates
    }

    /// Zeros last, then the smallest: years to date stay readable where a quarter can be hidden.
    fn rank(&self, place: usize) -> Option<(bool, i64, usize)> {
        let telling = self.case.tellings.get(place)?;
        Some((telling.value == 0, telling.value, telling.terms.len()))
    }

    /// The first that shares an unknown, else the first.
    fn nearest(&self, candidates: &[usize], pinned: usize) -> Option<usize> {
        let unknowns = &self.case.tellings.get(pinned)?.terms;
        let is_near = |place: &&usize| {
            let telling = self.case.tellings.get(**place);
            telling.is_some_and(|telling| telling.terms.iter().any(|term| unknowns.contains(term)))
        };
        candidates
            .iter()
            .find(is_near)
            .or_else(|| candidates.first())
            .copied()
    }
}
