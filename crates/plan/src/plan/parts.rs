//! Which counts are parts of others: whoever knows both can tell what the rest has.
//!
//! Contract: `true` is certain, as far as the definitions go; `false` may only mean that it cannot be seen from them.

use super::counting::{Area, Counted, Counting, Placing};
use super::{Measure, Plan};
use crate::expression::Expression;

impl Plan {
    /// Whether a measure counts nothing in any period that a measure of `other` does not count then, so that it has the same number at
    /// most.
    pub fn counts_a_part(&self, part: &Measure, other: &Plan, whole: &Measure) -> bool {
        let (Some(of_part), Some(of_whole)) = (part.counting(), whole.counting()) else {
            return false;
        };
        let is_inside = match (of_part.area, of_whole.area) {
            (_, Area::Any) => true,
            (Area::District, Area::District) => self.district == other.district,
            (Area::Any, Area::District) => false,
        };
        is_inside
            && part
                .returned_by
                .iter()
                .all(|code| whole.returned_by.contains(code))
            && of_part.is_part_of(of_whole)
    }
}

impl Counting {
    /// Whether no record that one counts is counted by the other.
    pub fn shares_nothing_with(&self, other: &Self) -> bool {
        match (&self.filter, &other.filter) {
            (Some(one), Some(other)) => one.excludes(other),
            _ => false,
        }
    }

    fn is_part_of(&self, whole: &Self) -> bool {
        let looks_back_alike = whole.look_back.is_none() || self.look_back == whole.look_back;
        self.record_type == whole.record_type
            && self.each == whole.each
            && looks_back_alike
            && is_placed_inside(&self.placing, &whole.placing)
            && adds_no_more(&self.counted, &whole.counted)
            && is_stricter(self.filter.as_ref(), whole.filter.as_ref())
    }
}

fn is_placed_inside(part: &Placing, whole: &Placing) -> bool {
    match (part, whole) {
        (Placing::On(dates), Placing::During(span)) => *dates == [span.from.as_str()],
        (part, whole) => part == whole,
    }
}

fn adds_no_more(part: &Counted, whole: &Counted) -> bool {
    let text = |amount: &Option<Expression>| amount.as_ref().map(|amount| amount.text().to_owned());
    match (part, whole) {
        (Counted::Events { amount: one }, Counted::Events { amount: other }) => text(one) == text(other),
        (Counted::Sum { amount: one }, Counted::Sum { amount: other }) => one.text() == other.text(),
        (Counted::Distinct { .. }, Counted::Events { .. }) => true,
        (
            Counted::Distinct { identity, tally },
            Counted::Distinct {
                identity: same,
                tally: alike,
            },
        ) => identity == same && tally == alike,
        _ => false,
    }
}

fn is_stricter(part: Option<&Expression>, whole: Option<&Expression>) -> bool {
    match (part, whole) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(part), Some(whole)) => part.implies(whole),
    }
}
