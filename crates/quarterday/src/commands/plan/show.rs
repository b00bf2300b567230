//! `quarterday plan show`: the definition register, or one definition with its SQL.

use anyhow::Result;
use quarterday_store::Defined;
use quarterday_store::sql::definition;
use quarterday_store::sql::source::Source;
use serde::Serialize;

use crate::cli::plan::PlanShow;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};

pub(super) fn run(args: &PlanShow) -> Result<u8> {
    let in_force = args.target.in_force()?;
    let declared = in_force.declared();
    let names = args.target.names()?;
    let sources = Source::all(&declared);
    let shown = |defined: &Defined<'_>| Shown::of(defined, definition::query(&names, &sources, defined));
    match &args.id {
        None => {
            let all: Vec<Shown> = declared.definitions().map(|defined| shown(&defined)).collect();
            output::print(&all, args.format)?;
        }
        Some(id) => {
            let mut all = declared.definitions();
            let defined = all.find(|defined| defined.measure.id == *id);
            let defined = defined.ok_or_else(|| in_force.unknown(id))?;
            output::print(&facts(&shown(&defined)), args.format)?;
        }
    }
    Ok(DONE)
}

/// A definition as the register has it.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    plan: String,
    title: String,
    action: Option<String>,
    wording: Option<String>,
    page: Option<u16>,
    kind: &'static str,
    record_type: String,
    responsible: Vec<String>,
    returned_by: Vec<String>,
    unit: String,
    polarity: &'static str,
    sensitivity: &'static str,
    disclosure: String,
    version: u8,
    valid_from: Option<String>,
    series_from: Option<String>,
    notes: Option<String>,
    definition: String,
    definition_hash: String,
    /// For the parameters `first` and `last`.
    sql: Option<String>,
}

impl Shown {
    fn of(defined: &Defined<'_>, sql: Option<String>) -> Self {
        let Defined { measure, plan } = *defined;
        let record_type = plan.record_type(measure).unwrap_or_default();
        Self {
            id: measure.id.clone(),
            plan: plan.id.clone(),
            title: measure.title.clone(),
            action: measure.action.clone(),
            wording: measure.wording.clone(),
            page: measure.page,
            kind: measure.kind.name(),
            record_type: record_type.to_owned(),
            responsible: measure.responsible.clone(),
            returned_by: measure.returned_by.clone(),
            unit: measure.unit.clone(),
            polarity: measure.polarity.name(),
            sensitivity: measure.sensitivity.name(),
            disclosure: measure.disclosure.in_words(),
            version: measure.version,
            valid_from: measure.valid_from.map(|date| date.to_string()),
            series_from: measure.series_from.map(|date| date.to_string()),
            notes: measure.notes.clone(),
            definition: plan.definition_text(measure),
            definition_hash: plan.definition_hash(measure),
            sql,
        }
    }
}

impl Rows for Shown {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 8] = [
            Heading::words("id"),
            Heading::words("title"),
            Heading::words("kind"),
            Heading::words("record type"),
            Heading::words("returned by"),
            Heading::words("unit"),
            Heading::words("better"),
            Heading::numbers("version"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.title.clone(),
            self.kind.to_owned(),
            self.record_type.clone(),
            self.returned_by.join(", "),
            self.unit.clone(),
            self.polarity.to_owned(),
            self.version.to_string(),
        ]
    }
}

/// One thing that is known of a definition.
#[derive(Debug, Serialize)]
struct Fact {
    what: &'static str,
    value: String,
}

fn facts(shown: &Shown) -> Vec<Fact> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("id", shown.id.clone()),
        ("plan", shown.plan.clone()),
        ("title", shown.title.clone()),
        ("action", text(&shown.action)),
        ("the plan's words", text(&shown.wording)),
        (
            "page",
            shown.page.map(|page| page.to_string()).unwrap_or_default(),
        ),
        ("kind", shown.kind.to_owned()),
        ("record type", shown.record_type.clone()),
        ("responsible", shown.responsible.join(", ")),
        ("returned by", shown.returned_by.join(", ")),
        ("unit", shown.unit.clone()),
        ("better", shown.polarity.to_owned()),
        ("sensitivity", shown.sensitivity.to_owned()),
        ("disclosure", shown.disclosure.clone()),
        ("version", shown.version.to_string()),
        ("valid from", text(&shown.valid_from)),
        ("series from", text(&shown.series_from)),
        ("notes", text(&shown.notes)),
        ("definition", shown.definition.trim_end().to_owned()),
        ("hash", shown.definition_hash.clone()),
        ("SQL", text(&shown.sql)),
    ];
    let known = all.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(what, value)| Fact { what, value }).collect()
}

impl Rows for Fact {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 2] = [Heading::words("what"), Heading::words("value")];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![self.what.to_owned(), self.value.clone()]
    }
}
