//! What a reader can conclude: whether there is more than one value of a sum that fits everything that is known.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};

/// A sum of unknowns, each with a factor, that is known to lie between two numbers, both inclusive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// Places of unknowns, and factors.
    pub(super) terms: Vec<(usize, i32)>,
    /// The least that it can be; none if that is open.
    pub(super) least: Option<i64>,
    /// The most that it can be; none if that is open.
    pub(super) most: Option<i64>,
    /// Whether every reader knows it; else it may be guessed.
    pub(super) is_certain: bool,
}

/// All that is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Knowledge {
    /// What each unknown is, which nobody is told.
    pub(super) truth: Vec<i64>,
    /// What is known of sums.
    pub(super) rows: Vec<Row>,
}

/// Readers are taken to know that no unknown is larger than it is by more: taking them for cleverer than they are hides rather too much.
const ROOM: i64 = 10;

impl Knowledge {
    /// Values of unknowns by their places that all fit what is known, and with which a sum is another than it is. None if there are none, or
    /// if the solver cannot tell. What does not hang together with the sum is left out: it is as it is.
    pub(super) fn otherwise(&self, sum: &[usize]) -> Option<BTreeMap<usize, i64>> {
        let around = Around::new(self, sum);
        let truth = self.total(sum, &BTreeMap::new());
        let directions = [OptimizationDirection::Maximize, OptimizationDirection::Minimize];
        directions.into_iter().find_map(|direction| {
            let found = around.extreme(sum, direction)?;
            (self.total(sum, &found) != truth).then_some(found)
        })
    }

    /// Without what is guessed.
    pub(super) fn certain(mut self) -> Self {
        self.rows.retain(|row| row.is_certain);
        self
    }

    /// What a sum is with these values.
    pub(super) fn total(&self, sum: &[usize], values: &BTreeMap<usize, i64>) -> i64 {
        let each = sum
            .iter()
            .filter_map(|place| values.get(place).or_else(|| self.truth.get(*place)));
        each.sum()
    }
}

/// What hangs together with a sum; nothing else bears on it.
struct Around<'k> {
    knowledge: &'k Knowledge,
    unknowns: Vec<usize>,
    rows: Vec<&'k Row>,
}

impl<'k> Around<'k> {
    fn new(knowledge: &'k Knowledge, sum: &[usize]) -> Self {
        let mut around = Around {
            knowledge,
            unknowns: sum.to_vec(),
            rows: Vec::new(),
        };
        let mut is_taken = vec![false; knowledge.rows.len()];
        let mut looked_at = 0;
        while let Some(place) = around.unknowns.get(looked_at).copied() {
            looked_at += 1;
            for (row, is_taken) in knowledge.rows.iter().zip(&mut is_taken) {
                if !*is_taken && row.terms.iter().any(|(term, _)| *term == place) {
                    *is_taken = true;
                    around.take(row);
                }
            }
        }
        around
    }

    fn take(&mut self, row: &'k Row) {
        self.rows.push(row);
        for (term, _) in &row.terms {
            if !self.unknowns.contains(term) {
                self.unknowns.push(*term);
            }
        }
    }

    /// Values that fit, with the largest, or the smallest of a sum.
    fn extreme(&self, sum: &[usize], direction: OptimizationDirection) -> Option<BTreeMap<usize, i64>> {
        let mut problem = Problem::new(direction);
        let mut variables = BTreeMap::new();
        for place in &self.unknowns {
            let most = self.knowledge.truth.get(*place)?.saturating_add(ROOM);
            let wanted = if sum.contains(place) { 1.0 } else { 0.0 };
            variables.insert(
                *place,
                problem.add_integer_var(wanted, (0, i32::try_from(most).ok()?)),
            );
        }
        for row in &self.rows {
            constrain(&mut problem, &variables, row)?;
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let values = variables.into_iter().map(|(place, variable)| {
            let found = solution.var_value(variable).round();
            Some((place, format!("{found:.0}").parse().ok()?))
        });
        values.collect()
    }
}

fn constrain(problem: &mut Problem, variables: &BTreeMap<usize, Variable>, row: &Row) -> Option<()> {
    let mut sum = LinearExpr::empty();
    for (place, factor) in &row.terms {
        sum.add(*variables.get(place)?, f64::from(*factor));
    }
    let number = |number: i64| i32::try_from(number).ok().map(f64::from);
    if row.least.is_some() && row.least == row.most {
        problem.add_constraint(sum, ComparisonOp::Eq, number(row.least?)?);
        return Some(());
    }
    if let Some(least) = row.least {
        problem.add_constraint(sum.clone(), ComparisonOp::Ge, number(least)?);
    }
    if let Some(most) = row.most {
        problem.add_constraint(sum, ComparisonOp::Le, number(most)?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn row(places: &[usize], least: i64, most: i64) -> Row {
        Row {
            terms: places.iter().map(|place| (*place, 1)).collect(),
            least: Some(least),
            most: Some(most),
            is_certain: true,
        }
    }

    #[test]
    fn one_hidden_number_of_a_sum_is_known() {
        let mut knowledge = Knowledge {
            truth: vec![7, 3],
            rows: vec![row(&[0, 1], 10, 10), row(&[1], 1, 4)],
        };
        assert!(knowledge.otherwise(&[0]).is_some());
        knowledge.rows.push(row(&[0], 7, 7));
        assert!(knowledge.otherwise(&[1]).is_none());
    }

    #[test]
    fn two_small_ones_that_add_up_to_two_are_known() {
        let knowledge = Knowledge {
            truth: vec![1, 1],
            rows: vec![row(&[0, 1], 2, 2), row(&[0], 1, 4), row(&[1], 1, 4)],
        };
        assert!(knowledge.otherwise(&[0]).is_none());
    }

    /// All values one after the other.
    fn by_trying(knowledge: &Knowledge, sum: &[usize]) -> bool {
        fn go_on(knowledge: &Knowledge, chosen: &mut Vec<i64>, seen: &mut dyn FnMut(&[i64])) {
            let Some(truth) = knowledge.truth.get(chosen.len()) else {
                let fits = |row: &Row| {
                    let terms = row.terms.iter();
                    let sum: i64 = terms
                        .map(|(place, factor)| chosen[*place] * i64::from(*factor))
                        .sum();
                    row.least.is_none_or(|least| least <= sum) && row.most.is_none_or(|most| sum <= most)
                };
                if knowledge.rows.iter().all(fits) {
                    seen(chosen);
                }
                return;
            };
            for value in 0..=truth + ROOM {
                chosen.push(value);
                go_on(knowledge, chosen, seen);
                chosen.pop();
            }
        }
        let mut totals = BTreeSet::new();
        go_on(knowledge, &mut Vec::new(), &mut |chosen| {
            totals.insert(sum.iter().map(|place| chosen[*place]).sum::<i64>());
        });
        totals.len() == 1
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// The solver says what trying all values says.
        #[test]
        fn the_solver_is_right(
            truth in prop::collection::vec(0_i64..5, 2..5),
            sums in prop::collection::vec((prop::collection::vec(any::<bool>(), 5), 0_i64..3), 1..5),
        ) {
            let places = |taken: &[bool]| -> Vec<usize> { (0..truth.len()).filter(|place| taken[*place]).collect() };
            let mut knowledge = Knowledge { truth: truth.clone(), rows: Vec::new() };
            for (taken, room) in &sums {
                let places = places(taken);
                let total: i64 = places.iter().map(|place| truth[*place]).sum();
                knowledge.rows.push(row(&places, total - room, total + room));
            }
            for place in 0..truth.len() {
                prop_assert_eq!(
                    knowledge.otherwise(&[place]).is_none(),
                    by_trying(&knowledge, &[place]),
                    "{:?} {}", knowledge, place
                );
            }
        }
    }
}
