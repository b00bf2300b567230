//! The last pages: what each number means, and how to prove it.

use quarterday_plan::plan::{Audience, Measure, Plan};

use crate::report::line;
use crate::source::Source;

/// What a measure counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Definition {
    pub(crate) id: String,
    pub(crate) title: String,
    /// The plan's own words.
    pub(crate) wording: String,
    /// How it is counted, one rule a line.
    pub(crate) rules: Vec<(String, String)>,
    pub(crate) notes: String,
    /// Version, and from when it holds.
    pub(crate) version: String,
    /// Where its series begins or breaks.
    pub(crate) series: String,
    pub(crate) hash: String,
}

pub(crate) fn definitions(source: &Source<'_>) -> Vec<Definition> {
    let all = source.plans.iter().flat_map(|plan| {
        let figures = plan.figures.iter().map(|figure| &figure.measure);
        plan.measures
            .iter()
            .chain(figures)
            .map(move |measure| (plan, measure))
    });
    let shown = all.filter_map(|(plan, measure)| {
        let line = line(source, measure)?;
        Some(definition(source, plan, measure, &line.value.definition_hash))
    });
    shown.collect()
}

fn definition(source: &Source<'_>, plan: &Plan, measure: &Measure, frozen: &str) -> Definition {
    let is_of_then = plan.definition_hash(measure) == frozen;
    let from = measure
        .valid_from
        .map(|day| format!(", from {day}"))
        .unwrap_or_default();
    Definition {
        id: measure.id.clone(),
        title: measure.title.clone(),
        wording: measure.wording.clone().unwrap_or_default(),
        rules: rules(&plan.definition_text(measure)),
        notes: measure.notes.clone().unwrap_or_default(),
        version: format!("{}{from}", measure.version),
        series: series(source, measure, is_of_then),
        hash: frozen.chars().take(16).collect(),
    }
}

/// `key=value` a line, what has one key in one.
fn rules(text: &str) -> Vec<(String, String)> {
    let mut rules: Vec<(String, String)> = Vec::new();
    for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
        let key = key.replace('_', " ");
        match rules.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => {
                values.push_str(", ");
                values.push_str(value);
            }
            None => rules.push((key, value.to_owned())),
        }
    }
    rules
}

fn series(source: &Source<'_>, measure: &Measure, is_of_then: bool) -> String {
    let mut said = Vec::new();
    if let Some(day) = measure.series_from {
        said.push(format!("begins on {day}: nothing before can be compared"));
    }
    let hashes = source.quarters.iter().flat_map(|frozen| {
        let line = frozen.lines.iter().find(|line| line.value.id == measure.id);
        line.map(|line| (frozen.period, line.value.definition_hash.as_str()))
    });
    let mut hashes: Vec<_> = hashes.collect();
    hashes.sort_by_key(|(quarter, _)| quarter.first());
    for pair in hashes.windows(2) {
        if let [(_, before), (quarter, now)] = pair
            && before != now
        {
            said.push(format!("breaks at {}: another definition", quarter.id()));
        }
    }
    if !is_of_then {
        said.push("the snapshot was made by another definition than this one".to_owned());
    }
    said.join("; ")
}

/// Name and value of what proves a report.
pub(crate) fn provenance(source: &Source<'_>) -> Vec<(&'static str, String)> {
    let header = source.header;
    let mut lines = vec![
        ("Snapshot", header.id.clone()),
        (
            "Taken",
            header.taken_at.strftime("%-d %B %Y at %H:%M UTC").to_string(),
        ),
    ];
    if source.audience == Audience::Restricted {
        let partitions: usize = header
            .watermark
            .values()
            .map(std::collections::BTreeMap::len)
            .sum();
        lines.extend([
            ("Taken by", header.taken_by.clone()),
            (
                "As known at",
                header.known_at.strftime("%-d %B %Y at %H:%M:%S UTC").to_string(),
            ),
            (
                "Made of",
                format!("{partitions} topic-partitions, each up to the offset that the snapshot names"),
            ),
            ("Plan, feeds and code lists", header.contents.clone()),
        ]);
    }
    lines.push(("Software", format!("quarterday {}", header.software)));
    if let Some(hash) = source.hash {
        lines.push(("SHA-256 of the snapshot", hash.to_owned()));
    }
    lines.push(("To prove it", format!("quarterday snapshot verify {}", header.id)));
    lines
}
