//! What is doubtful in a plan file, though it can be used.

use super::Plan;
use crate::Problem;

pub(super) fn of(plan: &Plan, text: &str) -> Vec<Problem> {
    let mut problems: Vec<Problem> = plan
        .definitions()
        .filter_map(|measure| {
            let filter = measure.counting()?.filter.as_ref()?;
            let reason = filter.never_true()?;
            let message = format!("the filter of `{}` is never true: {reason}", measure.id);
            Some(Problem::at(text, filter.offset, message))
        })
        .collect();
    problems.sort();
    problems
}
