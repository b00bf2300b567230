//! Reads a plan file.

use std::collections::BTreeMap;

use super::{
    Area, ChangeValue, Check, CheckOp, Counted, Figure, InForce, Kind, Measure, Plan, Polarity, Sensitivity,
};
use crate::{
    Error, expression,
    period::Period,
    reader::{Section, read},
};

pub(super) fn parse(toml: &str) -> Result<Plan, Error> {
    read(toml, |file| {
        if !file.has("plan") {
            file.missing("plan");
        }
        let head = file.table("plan", "[plan]", read_head).unwrap_or_default();
        let mut ids = BTreeMap::new();
        let measures = file.tables("measure", "[[measure]]", |section| {
            let measure = read_measure(section);
            check_is_a_plans(section);
            check_id(section, &measure, &mut ids);
            measure
        });
        let figures = file.tables("figure", "[[figure]]", |section| {
            let figure = read_figure(section);
            check_id(section, &figure.measure, &mut ids);
            figure
        });
        let Head {
            id,
            title,
            year,
            district,
            source,
        } = head;
        Plan {
            id,
            title,
            year,
            district,
            source,
            measures,
            figures,
        }
    })
}

/// The `[plan]` table.
struct Head {
    id: String,
    title: String,
    year: Period,
    district: String,
    source: String,
}

impl Default for Head {
    fn default() -> Self {
        let empty = String::new;
        Self {
            id: empty(),
            title: empty(),
            year: any_period(),
            district: empty(),
            source: empty(),
        }
    }
}

/// Stands in where no period could be read; the model is then not given out.
fn any_period() -> Period {
    Period::quarter_of(jiff::civil::Date::default())
}

fn read_head(section: &mut Section<'_>) -> Head {
    let year = section.parsed::<Period>("year");
    if year.is_some_and(|year| !year.is_year()) {
        section.problem("year", "`year` must be a whole financial year such as `2015-16`");
    }
    Head {
        id: section.name("id", "-"),
        title: section.text("title"),
        year: year.unwrap_or_else(any_period),
        district: section.name("district", ""),
        source: section.text("source"),
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

fn read_measure(section: &mut Section<'_>) -> Measure {
    let polarities = [
        ("up", Polarity::Up),
        ("down", Polarity::Down),
        ("neutral", Polarity::Neutral),
    ];
    let sensitivities = [("none", Sensitivity::None), ("person", Sensitivity::Person)];
    let areas = [("district", Area::District), ("any", Area::Any)];
    Measure {
        id: section.name("id", ".-"),
        title: section.text("title"),
        action: section.optional_name("action", ".-"),
        wording: section.optional_text("wording"),
        responsible: section.texts("responsible"),
        returned_by: section.some_texts("returned_by"),
        record_type: section.name("record_type", "_"),
        filter: read_expression(section, "filter"),
        kind: read_kind(section),
        date: section.optional_name("date", "_"),
        area: section.optional_choice("area", &areas).unwrap_or(Area::District),
        unit: section.text("unit"),
        polarity: section
            .choice("polarity", &polarities)
            .unwrap_or(Polarity::Neutral),
        sensitivity: section
            .choice("sensitivity", &sensitivities)
            .unwrap_or(Sensitivity::Person),
        version: section.integer_within("version", (1, u8::MAX), 1),
        valid_from: section.date("valid_from"),
        notes: section.optional_text("notes"),
        line: section.line(),
    }
}

fn read_figure(section: &mut Section<'_>) -> Figure {
    let measure = read_measure(section);
    let printed = section.text("printed");
    let period = section.parsed("period").unwrap_or_else(any_period);
    if !section.has("check") {
        section.missing("check");
    }
    let check = section.table("check", "`check`", read_check);
    let unread = Check {
        op: CheckOp::None,
        value: 0.0,
        decimals: 0,
    };
    Figure {
        measure,
        printed,
        period,
        check: check.unwrap_or(unread),
    }
}

fn read_check(section: &mut Section<'_>) -> Check {
    let ops = [
        ("equal", CheckOp::Equal),
        ("less", CheckOp::Less),
        ("greater", CheckOp::Greater),
        ("at_least", CheckOp::AtLeast),
        ("about", CheckOp::About),
        ("none", CheckOp::None),
    ];
    let op = section.choice("op", &ops);
    let value = section.number("value");
    match (op, section.has("value")) {
        (Some(CheckOp::None), true) => section.problem("value", "a check `none` takes no `value`"),
        (Some(CheckOp::None), false) | (None, _) | (_, true) => {}
        (Some(_), false) => section.missing("value"),
    }
    Check {
        op: op.unwrap_or(CheckOp::None),
        value: value.unwrap_or_default(),
        decimals: section.integer_within("decimals", (0, 6), 0),
    }
}

/// The kinds by their names in the file.
#[derive(Clone, Copy, PartialEq)]
enum KindName {
    Counted(CountedName),
    Stock,
    Change,
}

#[derive(Clone, Copy, PartialEq)]
enum CountedName {
    Events,
    Sum,
    Distinct,
}

const COUNTED: [(&str, CountedName); 3] = [
    ("event_count", CountedName::Events),
    ("sum", CountedName::Sum),
    ("distinct", CountedName::Distinct),
];

const KINDS: [(&str, KindName); 5] = [
    ("event_count", KindName::Counted(CountedName::Events)),
    ("sum", KindName::Counted(CountedName::Sum)),
    ("distinct", KindName::Counted(CountedName::Distinct)),
    ("stock", KindName::Stock),
    ("change", KindName::Change),
];

/// The keys that only some kinds take.
const KIND_KEYS: [&str; 6] = ["date", "amount", "identity", "tally", "in_force", "change"];

fn read_kind(section: &mut Section<'_>) -> Kind {
    let none = Kind::Counted(Counted::Events { amount: None });
    match section.choice("kind", &KINDS) {
        Some(KindName::Counted(name)) => {
            let counted = read_counted(section, name, "date");
            need(section, "date");
            Kind::Counted(counted)
        }
        Some(KindName::Stock) => {
            section.refuse_but(&KIND_KEYS, &["in_force"], "a stock");
            need(section, "in_force");
            section
                .table("in_force", "`in_force`", read_in_force)
                .map_or(none, Kind::Stock)
        }
        Some(KindName::Change) => {
            need(section, "date");
            need(section, "change");
            read_change(section).unwrap_or(none)
        }
        None => {
            section.ignore(&KIND_KEYS);
            none
        }
    }
}

fn need(section: &Section<'_>, key: &str) {
    if !section.has(key) {
        section.missing(key);
    }
}

/// Reads the keys of a counted figure; `also` is a further key that the kind takes.
fn read_counted(section: &mut Section<'_>, name: CountedName, also: &str) -> Counted {
    match name {
        CountedName::Events => {
            section.refuse_but(&KIND_KEYS, &["date", "amount", also], "an event count");
            Counted::Events {
                amount: read_expression(section, "amount"),
            }
        }
        CountedName::Sum => {
            section.refuse_but(&KIND_KEYS, &["date", "amount", also], "a sum");
            need(section, "amount");
            Counted::Sum {
                amount: read_expression(section, "amount").unwrap_or_default(),
            }
        }
        CountedName::Distinct => {
            section.refuse_but(
                &KIND_KEYS,
                &["date", "identity", "tally", also],
                "a distinct count",
            );
            Counted::Distinct {
                identity: section.name("identity", "_"),
                tally: section.flag("tally", false),
            }
        }
    }
}

fn read_change(section: &mut Section<'_>) -> Option<Kind> {
    let values = [("delta", ChangeValue::Delta), ("percent", ChangeValue::Percent)];
    let (of, value, decimals) = section.table("change", "`change`", |change| {
        let of = change.choice("of", &COUNTED);
        (
            of,
            change.choice("value", &values),
            change.integer_within("decimals", (0, 6), 1),
        )
    })?;
    let Some(of) = of else {
        section.ignore(&KIND_KEYS);
        return None;
    };
    let of = read_counted(section, of, "change");
    Some(Kind::Change {
        of,
        value: value?,
        decimals,
    })
}

fn read_in_force(section: &mut Section<'_>) -> InForce {
    InForce {
        from: section.name("from", "_"),
        until: section.some_texts("until"),
    }
}

fn read_expression(section: &mut Section<'_>, key: &'static str) -> Option<String> {
    let text = section.optional_text(key)?;
    if let Err(error) = expression::fields(&text) {
        section.problem(key, format!("`{key}`: {error}"));
    }
    Some(text)
}
