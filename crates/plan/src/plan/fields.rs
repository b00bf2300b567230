//! Checks the names of a plan against the record types there are.

use std::collections::BTreeMap;

use super::{Measure, Plan};
use crate::{Error, Problem, expression};

pub(super) fn check(plan: &Plan, text: &str, known: &BTreeMap<String, Vec<String>>) -> Result<(), Error> {
    let problems = plan
        .definitions()
        .flat_map(|measure| check_measure(measure, text, known))
        .collect();
    Error::of(problems).map_or(Ok(()), Err)
}

fn check_measure(measure: &Measure, text: &str, known: &BTreeMap<String, Vec<String>>) -> Vec<Problem> {
    let place = |message| {
        let offset = text
            .split_inclusive('\n')
            .take(measure.line.saturating_sub(1))
            .map(str::len)
            .sum();
        Problem::at(text, offset, message)
    };
    let Some(fields) = known.get(&measure.record_type) else {
        let types = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return vec![place(format!(
            "`{}` needs the record type `{}`, which does not exist; there are {types}",
            measure.id, measure.record_type
        ))];
    };
    let expressions = measure.filter.as_deref().into_iter().chain(measure.amount());
    let mut named = measure.named_fields();
    named.extend(expressions.flat_map(|text| expression::fields(text).unwrap_or_default()));
    named
        .into_iter()
        .filter(|name| !fields.iter().any(|field| field == name))
        .map(|name| {
            place(format!(
                "`{}` names `{name}`, which is no field of {}",
                measure.id, measure.record_type
            ))
        })
        .collect()
}
