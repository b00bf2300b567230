//! How counts of people hang together, who may be in several spans: a span has as many as each of those in it at least, and their sum at most.
//!
//! Numbers of several instants stand beside each other, and late data may lie between them. A relation is taken for known if it holds of the
//! numbers as they are: a reader may guess so much.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::feasible::Row;
use super::numbers::Number;

/// More than these are not looked for: the numbers are too many for a decision one by one.
const MOST: usize = 2_000;

/// All relations between numbers of people; none if there are too many.
pub(super) fn of_people(numbers: &[Number]) -> Option<Vec<Row>> {
    let mut found = Vec::new();
    for (place, whole) in numbers.iter().enumerate() {
        let mut tiling = Tiling {
            numbers,
            whole,
            parts: Vec::new(),
            found: Vec::new(),
        };
        if !tiling.extend(whole.first, 0) {
            return None;
        }
        found.extend(
            tiling
                .found
                .into_iter()
                .map(|parts| at_most_the_sum(&parts, place)),
        );
        found.extend(not_fewer_than_parts(numbers, place));
    }
    (found.len() <= MOST).then_some(found)
}

fn at_most_the_sum(parts: &[usize], whole: usize) -> Row {
    let parts = parts.iter().map(|part| (*part, 1));
    not_below_zero(parts.chain([(whole, -1)]).collect())
}

fn not_below_zero(terms: Vec<(usize, i32)>) -> Row {
    Row {
        terms,
        least: Some(0),
        most: None,
    }
}

fn not_fewer_than_parts(numbers: &[Number], place: usize) -> Vec<Row> {
    let Some(outer) = numbers.get(place) else {
        return Vec::new();
    };
    let parts = numbers.iter().enumerate().filter(|(_, inner)| {
        let is_inside = outer.first <= inner.first && inner.last <= outer.last;
        is_inside && spans_differ(inner, outer) && inner.value <= outer.value
    });
    parts
        .map(|(part, _)| not_below_zero(vec![(place, 1), (part, -1)]))
        .collect()
}

fn spans_differ(one: &Number, other: &Number) -> bool {
    (one.first, one.last) != (other.first, other.last)
}

/// The ways to put one span together of others.
struct Tiling<'n> {
    numbers: &'n [Number],
    whole: &'n Number,
    parts: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Tiling<'_> {
    /// Goes on from a day, with so much of the sum found. False when there are too many.
    fn extend(&mut self, from: Date, sum: i64) -> bool {
        for (place, part) in self.numbers.iter().enumerate() {
            let fits = part.first == from && part.last <= self.whole.last && spans_differ(part, self.whole);
            if !fits {
                continue;
            }
            self.parts.push(place);
            let sum = sum.saturating_add(part.value);
            let goes_on = if part.last == self.whole.last {
                if sum >= self.whole.value {
                    self.found.push(self.parts.clone());
                }
                self.found.len() <= MOST
            } else {
                self.extend(part.last.saturating_add(1.day()), sum)
            };
            self.parts.pop();
            if !goes_on {
                return false;
            }
        }
        true
    }
}
