//! What is doubtful in a plan file, though it can be used.

use super::counting::{Area, Counting};
use super::{Measure, Plan};
use crate::Problem;

pub(super) fn of(plan: &Plan, text: &str) -> Vec<Problem> {
    let mut problems: Vec<Problem> = plan
        .definitions()
        .filter_map(|measure| {
            let counting = measure.counting()?;
            let filter = counting.filter.as_ref()?;
            let reason = filter.never_true(&given(plan, measure, counting))?;
            let message = format!("the filter of `{}` is never true: {reason}", measure.id);
            Some(Problem::at(text, filter.offset, message))
        })
        .collect();
    problems.sort();
    problems
}

/// What every record that counts has, whatever the filter says.
fn given<'p>(plan: &'p Plan, measure: &'p Measure, counting: &Counting) -> Vec<(&'static str, Vec<&'p str>)> {
    let partners = measure.returned_by.iter().map(String::as_str).collect();
    let mut given = vec![("partner", partners)];
    if counting.area == Area::District {
        given.push(("district", vec![plan.district.as_str()]));
    }
    given
}
