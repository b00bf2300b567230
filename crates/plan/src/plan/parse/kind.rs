//! Reads how a measure comes about: the keys that depend on its kind.

use super::super::counting::{Against, Area, ChangeValue, Counted, Counting, LookBack, Placing, Ranking};
use super::super::{Basis, Kind, Ratio};
use super::placing::{self, Ways};
use crate::reader::Section;

/// The keys that only some kinds take.
const KIND_KEYS: [&str; 17] = [
    "record_type",
    "filter",
    "area",
    "each",
    "date",
    "during",
    "in_force",
    "reported_for",
    "amount",
    "identity",
    "tally",
    "expected",
    "change",
    "look_back",
    "rank",
    "ratio",
    "series_from",
];

/// The keys of everything that is counted from records.
const RECORDS: [&str; 4] = ["record_type", "filter", "area", "each"];

/// What a change or a repeat is of.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Events,
    Sum,
    Distinct,
}

const CHANGES: [(&str, Of); 3] = [
    ("event_count", Of::Events),
    ("sum", Of::Sum),
    ("distinct", Of::Distinct),
];

const REPEATS: [(&str, Of); 2] = [("event_count", Of::Events), ("distinct", Of::Distinct)];

pub(super) fn read_basis(section: &mut Section<'_>, kind: Option<Kind>) -> Basis {
    let Some(kind) = kind else {
        section.ignore(&KIND_KEYS);
        return Basis::Nothing;
    };
    match kind {
        Kind::Estimate => {
            section.refuse_but(&KIND_KEYS, &[], "an estimate");
            Basis::Nothing
        }
        Kind::Ratio => {
            section.refuse_but(&KIND_KEYS, &["ratio"], "a ratio");
            need(section, "ratio");
            section
                .table("ratio", "`ratio`", read_ratio)
                .map_or(Basis::Nothing, Basis::Ratio)
        }
        Kind::EventCount => counting(section, Of::Events, Ways::DATE, "an event count", &[]),
        Kind::Flow => {
            need(section, "each");
            counting(section, Of::Events, Ways::DATE, "a flow", &[])
        }
        Kind::Sum => counting(section, Of::Sum, Ways::DATE_OR_REPORT, "a sum", &[]),
        Kind::Distinct => counting(section, Of::Distinct, Ways::DATE_OR_SPAN, "a distinct count", &[]),
        Kind::Attendance => {
            let of = if section.has("identity") {
                Of::Distinct
            } else {
                Of::Sum
            };
            counting(section, of, Ways::DATE, "an attendance", &[])
        }
        Kind::Stock => counting(section, Of::Events, Ways::IN_FORCE, "a stock", &[]),
        Kind::Milestone => {
            need(section, "expected");
            let expected = section.integer_within("expected", (1, u8::MAX), 1);
            let basis = counting(section, Of::Distinct, Ways::DONE_BY, "a milestone", &["expected"]);
            set_against(basis, Against::Expected(expected))
        }
        Kind::Change => read_change(section),
        Kind::Repeat => read_repeat(section),
        Kind::Rank => {
            need(section, "rank");
            let ranking = section.table("rank", "`rank`", read_ranking);
            let basis = counting(section, Of::Sum, Ways::REPORT, "a rank", &["rank"]);
            ranking.map_or(Basis::Nothing, |ranking| {
                set_against(basis, Against::Areas(ranking))
            })
        }
    }
}

fn need(section: &Section<'_>, key: &str) {
    if !section.has(key) {
        section.missing(key);
    }
}

fn set_against(mut basis: Basis, against: Against) -> Basis {
    if let Basis::Records(counting) = &mut basis {
        counting.against = against;
    }
    basis
}

/// Reads what is counted; `also` are further keys that the kind takes.
fn counting(section: &mut Section<'_>, of: Of, ways: Ways, whom: &str, also: &[&str]) -> Basis {
    let adds: &[&str] = match of {
        // What is in force or opened counts as one.
        Of::Events if ways == Ways::IN_FORCE || whom == "a flow" => &[],
        Of::Events | Of::Sum => &["amount"],
        Of::Distinct if ways == Ways::DONE_BY => &["identity"],
        Of::Distinct => &["identity", "tally"],
    };
    let allowed: Vec<&str> = [&RECORDS, adds, ways.keys(), also].concat();
    section.refuse_but(&KIND_KEYS, &allowed, whom);
    let areas = [("district", Area::District), ("any", Area::Any)];
    Basis::Records(Box::new(Counting {
        record_type: section.name("record_type", "_"),
        filter: section.expression("filter"),
        area: section.optional_choice("area", &areas).unwrap_or(Area::District),
        each: section.text_or_texts("each"),
        placing: placing::read(section, ways).unwrap_or(Placing::On(Vec::new())),
        counted: read_counted(section, of),
        look_back: None,
        against: Against::Nothing,
    }))
}

fn read_counted(section: &mut Section<'_>, of: Of) -> Counted {
    match of {
        Of::Events => Counted::Events {
            amount: section.expression("amount"),
        },
        Of::Sum => {
            need(section, "amount");
            match section.expression("amount") {
                Some(amount) => Counted::Sum { amount },
                None => Counted::Events { amount: None },
            }
        }
        Of::Distinct => Counted::Distinct {
            identity: section.name("identity", "_"),
            tally: section.flag("tally", false),
        },
    }
}

fn read_change(section: &mut Section<'_>) -> Basis {
    let values = [("delta", ChangeValue::Delta), ("percent", ChangeValue::Percent)];
    need(section, "change");
    let read = section.table("change", "`change`", |change| {
        (
            change.choice("of", &CHANGES),
            change.choice("value", &values),
            change.integer_within("decimals", (0, 6), 1),
        )
    });
    let Some((Some(of), value, decimals)) = read else {
        section.ignore(&KIND_KEYS);
        return Basis::Nothing;
    };
    let basis = counting(
        section,
        of,
        Ways::DATE_OR_REPORT,
        "a change",
        &["change", "series_from"],
    );
    let value = value.unwrap_or(ChangeValue::Delta);
    set_against(basis, Against::YearBefore { value, decimals })
}

fn read_repeat(section: &mut Section<'_>) -> Basis {
    need(section, "look_back");
    let read = section.table("look_back", "`look_back`", |table| {
        let of = table.choice("of", &REPEATS);
        let before = table.name("before", "_");
        let counted_from = table.text_or_texts("counted_from");
        need(table, "months");
        let look_back = LookBack {
            same: table.name("same", "_"),
            sharing: table.optional_name("sharing", "_"),
            counted_from: if counted_from.is_empty() {
                vec![before.clone()]
            } else {
                counted_from
            },
            before,
            months: table.integer_within("months", (1, 120), 12),
            filter: table.expression("filter"),
        };
        (of, look_back)
    });
    let Some((Some(of), look_back)) = read else {
        section.ignore(&KIND_KEYS);
        return Basis::Nothing;
    };
    match counting(section, of, Ways::DATE, "a repeat", &["look_back"]) {
        Basis::Records(mut counting) => {
            counting.look_back = Some(look_back);
            Basis::Records(counting)
        }
        other => other,
    }
}

fn read_ranking(section: &mut Section<'_>) -> Ranking {
    let orders = [("ascending", false), ("descending", true)];
    Ranking {
        by: section.name("by", "_"),
        among: section.some_texts("among"),
        descending: section.choice("order", &orders).unwrap_or(false),
        change: section.flag("change", false),
    }
}

fn read_ratio(section: &mut Section<'_>) -> Ratio {
    Ratio {
        numerator: section.name("numerator", ".-"),
        denominator: section.name("denominator", ".-"),
        times: section.whole("times", 1_000_000).unwrap_or(1),
        decimals: section.integer_within("decimals", (0, 6), 1),
    }
}
