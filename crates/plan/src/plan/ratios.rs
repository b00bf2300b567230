//! Checks the parts of ratios: they must be there, be counts of one record type, and not lead back to the ratio.

use super::{Against, Basis, Measure, Plan};
use crate::{Problem, expression::suggestion};

pub(super) fn check(plan: &Plan, text: &str) -> Vec<Problem> {
    plan.definitions()
        .flat_map(|measure| check_ratio(plan, measure))
        .map(|(line, message)| Problem::at_line(text, line, message))
        .collect()
}

fn check_ratio(plan: &Plan, measure: &Measure) -> Vec<(usize, String)> {
    let Basis::Ratio(ratio) = &measure.basis else {
        return Vec::new();
    };
    let parts = [&ratio.numerator, &ratio.denominator];
    let mut messages: Vec<String> = parts
        .iter()
        .filter_map(|part| check_part(plan, measure, part))
        .collect();
    if messages.is_empty() {
        let types = parts.map(|part| plan.definition(part).and_then(|part| plan.record_type(part)));
        if let [Some(a), Some(b)] = types
            && a != b
        {
            messages.push(format!(
                "`{}` divides a count of {a} by one of {b}; both must be of one record type",
                measure.id
            ));
        }
    }
    messages
        .into_iter()
        .map(|message| (measure.line, message))
        .collect()
}

fn check_part(plan: &Plan, measure: &Measure, part: &str) -> Option<String> {
    let id = &measure.id;
    let Some(found) = plan.definition(part) else {
        let hint = suggestion(part, plan.definitions().map(|m| m.id.as_str()));
        return Some(format!(
            "`{id}` names `{part}`, which is not defined in this file; {hint}"
        ));
    };
    match &found.basis {
        Basis::Records(counting) if matches!(counting.against, Against::Nothing) => None,
        Basis::Ratio(_) => Some(match way_back(plan, measure, found) {
            Some(way) => format!("`{id}` is a ratio of itself: {way}"),
            None => format!("`{id}` divides `{part}`, which is a ratio itself; divide its parts"),
        }),
        _ => Some(format!("`{id}` divides `{part}`, which is no plain count")),
    }
}

/// The way from `from` through ratios back to `measure`, if there is one.
fn way_back(plan: &Plan, measure: &Measure, from: &Measure) -> Option<String> {
    let mut ways = vec![vec![measure.id.as_str(), from.id.as_str()]];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(way) = ways.pop() {
        let last = way.last().copied()?;
        if last == measure.id {
            return Some(way.join(" -> "));
        }
        if !seen.insert(last) {
            continue;
        }
        if let Some(Basis::Ratio(ratio)) = plan.definition(last).map(|measure| &measure.basis) {
            for next in [&ratio.numerator, &ratio.denominator] {
                ways.push(way.iter().copied().chain([next.as_str()]).collect());
            }
        }
    }
    None
}
