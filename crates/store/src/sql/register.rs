//! The definition register and the kept periods, written as views of constants.

use quarterday_plan::period::Period;
use quarterday_plan::plan::{ChangeValue, Counted, Kind, Measure, Plan, Polarity};

use super::contributions::Source;
use super::measures::split_statements;
use super::{literal, quoted_list};
use crate::Names;

/// The statements that replace the register. `periods`: each with whether readers see it.
#[must_use]
pub fn statements(
    names: &Names,
    plans: &[Plan],
    sources: &[Source<'_>],
    periods: &[(Period, bool)],
) -> Vec<String> {
    let definitions: Vec<String> = plans
        .iter()
        .flat_map(|plan| plan.definitions().map(move |measure| (plan, measure)))
        .enumerate()
        .map(|(position, (plan, measure))| definition(position, plan, measure, sources))
        .collect();
    let periods: Vec<String> = periods
        .iter()
        .map(|(period, shown)| kept_period(period, *shown))
        .collect();
    let sql = names
        .fill(include_str!("../../../../schemas/clickhouse/register.sql"))
        .replace("{periods}", &periods.join(",\n    "))
        .replace("{definitions}", &definitions.join(",\n    "));
    split_statements(&sql)
}

fn kept_period(period: &Period, shown: bool) -> String {
    format!(
        "({}, '{}', '{}', {}, {shown})",
        literal(&period.id()),
        period.first(),
        period.last(),
        literal(&period.year_before().id()),
    )
}

fn definition(position: usize, plan: &Plan, measure: &Measure, sources: &[Source<'_>]) -> String {
    let source = sources
        .iter()
        .find(|s| s.record_type.name() == measure.record_type);
    let contribution = source
        .map(|s| s.contribution(measure, &plan.district))
        .unwrap_or_default();
    let (change, decimals) = change(measure);
    let valid_from = measure
        .valid_from
        .map_or("NULL".to_owned(), |date| format!("'{date}'"));
    let texts = [
        plan.id.as_str(),
        kind(measure),
        &measure.record_type,
        &measure.title,
        measure.wording.as_deref().unwrap_or_default(),
        &measure.unit,
        polarity(measure),
    ];
    format!(
        "({}, {position}, {}, [{}], '{change}', {decimals}, {}, {valid_from}, {}, '{}')",
        literal(&measure.id),
        quoted_list(texts),
        quoted_list(measure.returned_by.iter().map(String::as_str)),
        measure.version,
        literal(&contribution),
        measure.definition_hash(),
    )
}

fn change(measure: &Measure) -> (&'static str, u8) {
    match measure.kind {
        Kind::Change {
            value: ChangeValue::Delta,
            decimals,
            ..
        } => ("delta", decimals),
        Kind::Change {
            value: ChangeValue::Percent,
            decimals,
            ..
        } => ("percent", decimals),
        Kind::Counted(_) | Kind::Stock(_) => ("none", 0),
    }
}

fn kind(measure: &Measure) -> &'static str {
    match &measure.kind {
        Kind::Counted(Counted::Events { .. }) => "event_count",
        Kind::Counted(Counted::Sum { .. }) => "sum",
        Kind::Counted(Counted::Distinct { .. }) => "distinct",
        Kind::Stock(_) => "stock",
        Kind::Change { .. } => "change",
    }
}

fn polarity(measure: &Measure) -> &'static str {
    match measure.polarity {
        Polarity::Up => "up",
        Polarity::Down => "down",
        Polarity::Neutral => "neutral",
    }
}
