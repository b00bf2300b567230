//! Reads a plan file.

mod check;
mod kind;
mod measure;
mod placing;

use std::collections::BTreeMap;

use super::{Companion, Figure, Measure, Plan, Priority};
use crate::{
    Error, Problem,
    period::Period,
    reader::{Section, read, read_on},
};

pub(super) fn parse(toml: &str) -> Result<Plan, Error> {
    read(toml, read_plan)
}

/// The plan as far as it can be read, and what is wrong with it.
pub(super) fn parse_on(toml: &str) -> (Option<Plan>, Vec<Problem>) {
    read_on(toml, read_plan)
}

fn read_plan(file: &mut Section<'_>) -> Plan {
    if !file.has("plan") {
        file.missing("plan");
    }
    let head = file.table("plan", "[plan]", read_head).unwrap_or_default();
    let priorities = file.tables("priority", "[[priority]]", |section| Priority {
        id: section.name("id", ""),
        title: section.text("title"),
    });
    let mut ids = BTreeMap::new();
    let measures = file.tables("measure", "[[measure]]", |section| {
        let measure = measure::read(section);
        check_is_a_plans(section);
        check_id(section, &measure, &mut ids);
        measure
    });
    let figures = file.tables("figure", "[[figure]]", |section| {
        let figure = read_figure(section);
        check_id(section, &figure.measure, &mut ids);
        figure
    });
    let companions = file.tables("companion", "[[companion]]", |section| {
        let companion = read_companion(section, &ids);
        check_id(section, &companion.measure, &mut ids);
        companion
    });
    if file.has("plan") && measures.is_empty() && figures.is_empty() {
        file.problem("plan", "a plan needs at least one [[measure]] or [[figure]]");
    }
    Plan {
        priorities,
        measures,
        figures,
        companions,
        ..head
    }
}

impl Default for Plan {
    /// Stands in where no head could be read; the model is then not given out.
    fn default() -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            year: any_period(),
            district: String::new(),
            source: String::new(),
            priorities: Vec::new(),
            measures: Vec::new(),
            figures: Vec::new(),
            companions: Vec::new(),
        }
    }
}

/// Stands in where no period could be read; the model is then not given out.
fn any_period() -> Period {
    Period::quarter_of(jiff::civil::Date::default())
}

fn read_head(section: &mut Section<'_>) -> Plan {
    let year = section.parsed::<Period>("year");
    if year.is_some_and(|year| !year.is_year()) {
        section.problem("year", "`year` must be a whole financial year such as `2015-16`");
    }
    Plan {
        id: section.name("id", "-"),
        title: section.text("title"),
        year: year.unwrap_or_else(any_period),
        district: section.name("district", ""),
        source: section.text("source"),
        ..Plan::default()
    }
}

fn check_id(section: &Section<'_>, measure: &Measure, lines: &mut BTreeMap<String, usize>) {
    if measure.id.is_empty() {
        return;
    }
    if let Some(line) = lines.insert(measure.id.clone(), measure.line) {
        section.problem(
            "id",
            format!("the id `{}` is taken already, on line {line}", measure.id),
        );
    }
}

/// A measure, unlike a figure, answers to an action of the plan and is agreed from a day.
fn check_is_a_plans(section: &Section<'_>) {
    for key in ["action", "wording", "responsible", "valid_from"] {
        if !section.has(key) {
            section.missing(key);
        }
    }
}

fn read_figure(section: &mut Section<'_>) -> Figure {
    let measure = measure::read(section);
    let printed = section.text("printed");
    let period = section.parsed("period").unwrap_or_else(any_period);
    let check = check::read_check_of(section);
    Figure {
        measure,
        printed,
        period,
        check,
    }
}

/// The id of a companion is the id that it stands beside, a dot and a word, so that lists keep them together.
fn read_companion(section: &mut Section<'_>, ids: &BTreeMap<String, usize>) -> Companion {
    let of = section.name("of", ".-");
    let measure = measure::read(section);
    if !of.is_empty() && !ids.contains_key(&of) {
        let hint = crate::expression::suggestion(&of, ids.keys().map(String::as_str));
        section.problem(
            "of",
            format!("`{of}` is no measure or figure of this file; {hint}"),
        );
    }
    let belongs = measure
        .id
        .strip_prefix(&of)
        .is_some_and(|word| word.starts_with('.'));
    if !of.is_empty() && !measure.id.is_empty() && !belongs {
        section.problem(
            "id",
            format!("the id of a companion of `{of}` begins with `{of}.`"),
        );
    }
    Companion { measure, of }
}
