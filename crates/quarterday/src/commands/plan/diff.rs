//! `quarterday plan diff`: what changed from one plan file to another.

use std::path::Path;

use anyhow::{Context, Result};
use quarterday_plan::plan::{Measure, Plan};
use serde::Serialize;

use crate::cli::plan::PlanDiff;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};

/// Exit code when the files differ.
const DIFFER: u8 = 1;

pub(super) fn run(args: &PlanDiff) -> Result<u8> {
    let (a, b) = (parse(&args.a)?, parse(&args.b)?);
    let changes = changes(&a, &b);
    output::print(&changes, args.format)?;
    Ok(if changes.is_empty() { DONE } else { DIFFER })
}

fn parse(file: &Path) -> Result<Plan> {
    Plan::parse(&super::read(file)?).with_context(|| format!("{} is not a usable plan file", file.display()))
}

/// One difference.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Change {
    id: String,
    change: &'static str,
    what: String,
    before: String,
    after: String,
}

fn changes(a: &Plan, b: &Plan) -> Vec<Change> {
    let mut changes = heads(a, b);
    for before in a.definitions() {
        match b.definition(&before.id) {
            None => changes.push(whole(before, "removed")),
            Some(after) => changes.extend(between((a, before), (b, after))),
        }
    }
    let added = b.definitions().filter(|after| a.definition(&after.id).is_none());
    changes.extend(added.map(|after| whole(after, "added")));
    changes
}

fn heads(a: &Plan, b: &Plan) -> Vec<Change> {
    let of = |plan: &Plan| {
        [
            ("id", plan.id.clone()),
            ("title", plan.title.clone()),
            ("year", plan.year.id()),
            ("district", plan.district.clone()),
            ("source", plan.source.clone()),
        ]
    };
    differing("[plan]", of(a).into_iter().zip(of(b)))
}

fn whole(measure: &Measure, change: &'static str) -> Change {
    Change {
        id: measure.id.clone(),
        change,
        what: measure.title.clone(),
        before: String::new(),
        after: String::new(),
    }
}

fn between((plan_a, before): (&Plan, &Measure), (plan_b, after): (&Plan, &Measure)) -> Vec<Change> {
    let mut changes = differing(&before.id, words(before).into_iter().zip(words(after)));
    changes.extend(differing(
        &before.id,
        places(plan_a, &before.id)
            .into_iter()
            .zip(places(plan_b, &after.id)),
    ));
    let (a, b) = (plan_a.definition_text(before), plan_b.definition_text(after));
    if a != b {
        let only = |one: &str, other: &str| {
            let lines = one.lines().filter(|line| !other.lines().any(|l| l == *line));
            let lines = lines.collect::<Vec<_>>().join("\n");
            // The same lines in another order: all of them.
            if lines.is_empty() {
                one.trim_end().to_owned()
            } else {
                lines
            }
        };
        changes.push(Change {
            id: before.id.clone(),
            change: "counts otherwise",
            what: "definition".to_owned(),
            before: only(&a, &b),
            after: only(&b, &a),
        });
        if before.version == after.version {
            changes.push(Change {
                id: before.id.clone(),
                change: "not raised",
                what: "version".to_owned(),
                before: before.version.to_string(),
                after: "raise it: the definition changed".to_owned(),
            });
        }
    }
    changes
}

/// What it is in the plan, and of a published figure what it is held against.
fn places(plan: &Plan, id: &str) -> [(&'static str, String); 5] {
    let figure = plan.figures.iter().find(|figure| figure.measure.id == id);
    let companion = plan
        .companions
        .iter()
        .find(|companion| companion.measure.id == id);
    let role = match (figure, companion) {
        (Some(_), _) => "figure",
        (_, Some(_)) => "companion",
        _ => "measure",
    };
    [
        ("role", role.to_owned()),
        ("of", companion.map(|c| c.of.clone()).unwrap_or_default()),
        ("period", figure.map(|f| f.period.id()).unwrap_or_default()),
        ("printed", figure.map(|f| f.printed.clone()).unwrap_or_default()),
        ("check", figure.map(|f| f.check.to_string()).unwrap_or_default()),
    ]
}

/// What people read; the definition has the rest.
fn words(measure: &Measure) -> [(&'static str, String); 12] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        ("title", measure.title.clone()),
        ("action", text(&measure.action)),
        ("wording", text(&measure.wording)),
        (
            "page",
            measure.page.map(|page| page.to_string()).unwrap_or_default(),
        ),
        ("responsible", measure.responsible.join(", ")),
        ("unit", measure.unit.clone()),
        ("polarity", measure.polarity.name().to_owned()),
        ("sensitivity", measure.sensitivity.name().to_owned()),
        ("disclosure", measure.disclosure.in_words()),
        ("version", measure.version.to_string()),
        (
            "valid_from",
            measure
                .valid_from
                .map(|date| date.to_string())
                .unwrap_or_default(),
        ),
        ("notes", text(&measure.notes)),
    ]
}

fn differing(
    id: &str,
    pairs: impl Iterator<Item = ((&'static str, String), (&'static str, String))>,
) -> Vec<Change> {
    let differing = pairs.filter(|((_, before), (_, after))| before != after);
    differing
        .map(|((what, before), (_, after))| Change {
            id: id.to_owned(),
            change: "changed",
            what: what.to_owned(),
            before,
            after,
        })
        .collect()
}

impl Rows for Change {
    fn nothing() -> &'static str {
        "the plans are the same"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 5] = [
            Heading::words("id"),
            Heading::words("change"),
            Heading::words("what"),
            Heading::words("before"),
            Heading::words("after"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.change.to_owned(),
            self.what.clone(),
            self.before.clone(),
            self.after.clone(),
        ]
    }
}
