//! Reads a feeds file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Condition, CsvMapping, DistrictRule, Feed, Feeds, Rule, Severity};
use crate::{
    Error,
    codes::normal_form,
    reader::{Section, read},
};

const DATE_FORMATS: [(&str, &str); 2] = [("dd/mm/yyyy", "dd/mm/yyyy"), ("yyyy-mm-dd", "yyyy-mm-dd")];

/// What holds for every feed of a record type.
#[derive(Default)]
struct Shared {
    checks: Vec<Check>,
    csv: CsvMapping,
}

pub(super) fn parse(toml: &str) -> Result<Feeds, Error> {
    read(toml, |file| {
        let shared = read_shared(file);
        let mut names = BTreeSet::new();
        let mut topics = BTreeSet::new();
        let feeds = file.tables("feed", "[[feed]]", |section| {
            let feed = read_feed(section, &shared);
            if !names.insert(feed.name.clone()) {
                section.problem("name", format!("the feed `{}` is there twice", feed.name));
            } else if !topics.insert(feed.topic.clone()) {
                section.problem(
                    "topic",
                    format!("the topic `{}` carries another feed already", feed.topic),
                );
            }
            feed
        });
        Feeds { feeds }
    })
}

fn read_shared(file: &mut Section<'_>) -> BTreeMap<String, Shared> {
    let mut shared = BTreeMap::new();
    file.tables("record_type", "[[record_type]]", |section| {
        let name = section.name("name", "_");
        let mut own = Shared::default();
        read_checks(section, &mut own.checks);
        read_csv(section, &mut own.csv);
        if shared.insert(name.clone(), own).is_some() {
            section.problem("name", format!("the record type `{name}` is there twice"));
        }
    });
    shared
}

fn read_feed(section: &mut Section<'_>, shared: &BTreeMap<String, Shared>) -> Feed {
    let name = section.name("name", "-");
    let record_type = section.name("record_type", "_");
    let (mut checks, mut csv) = match shared.get(&record_type) {
        Some(shared) => (shared.checks.clone(), shared.csv.clone()),
        None => {
            if !record_type.is_empty() {
                let message =
                    format!("there is no [[record_type]] with the name `{record_type}` in this file");
                section.problem("record_type", message);
            }
            <_>::default()
        }
    };
    read_checks(section, &mut checks);
    read_csv(section, &mut csv);
    Feed {
        title: section.text("title"),
        partner: section.name("partner", "_"),
        topic: section
            .optional_name("topic", "-_.")
            .unwrap_or_else(|| format!("returns.{name}")),
        district: read_district(section),
        name,
        record_type,
        checks,
        csv,
    }
}

fn read_district(section: &mut Section<'_>) -> DistrictRule {
    match section.name("district", "").as_str() {
        "required" => DistrictRule::Required,
        code => {
            if !code.is_empty() && !code.starts_with('E') {
                section.problem(
                    "district",
                    "`district` must be `required` or the GSS code that is filled in",
                );
            }
            DistrictRule::Default(code.to_owned())
        }
    }
}

/// Adds the headers of a section; one that means the same column as an earlier one replaces it.
fn read_csv(section: &mut Section<'_>, csv: &mut CsvMapping) {
    if let Some(format) = section.optional_choice("date_format", &DATE_FORMATS) {
        csv.date_format = Some(format.to_owned());
    }
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    for pair in section.pairs("columns") {
        let normal = normal_form(&pair.key);
        if let Some(other) = own.insert(normal.clone(), pair.key.clone()) {
            section.pair_problem(
                &pair,
                format!("the headers `{other}` and `{}` cannot be told apart", pair.key),
            );
        }
        csv.columns.retain(|header, _| normal_form(header) != normal);
        csv.columns.insert(pair.key, pair.value);
    }
}

fn read_checks(section: &mut Section<'_>, checks: &mut Vec<Check>) {
    let mut ids: BTreeSet<String> = checks.iter().map(|check| check.id.clone()).collect();
    checks.extend(section.tables("check", "[[check]]", |section| {
        let check = read_check(section);
        if !ids.insert(check.id.clone()) {
            section.problem("id", format!("the check `{}` is there twice", check.id));
        }
        check
    }));
}

fn read_check(section: &mut Section<'_>) -> Check {
    let severities = [("error", Severity::Error), ("warning", Severity::Warning)];
    Check {
        id: section.name("id", "_-"),
        severity: section.choice("severity", &severities).unwrap_or(Severity::Error),
        message: section.text("message"),
        rule: read_rule(section),
    }
}

/// A maker of a rule from the section's fields.
type RuleReader = fn(&mut Section<'_>) -> Rule;

/// The rules by their names in the file, with the keys that each takes.
const RULES: [(&str, (RuleReader, &[&str])); 7] = [
    ("not_before", (not_before, &["earlier", "later"])),
    ("not_same_or_before", (not_same_or_before, &["earlier", "later"])),
    ("range", (range, &["field", "min", "max", "when"])),
    ("required", (required, &["field", "when"])),
    ("absent", (absent, &["field", "when"])),
    ("date_within", (date_within, &["field", "from", "until", "when"])),
    ("reference", (reference, &["field"])),
];

const RULE_KEYS: [&str; 8] = ["earlier", "later", "field", "min", "max", "from", "until", "when"];

fn read_rule(section: &mut Section<'_>) -> Rule {
    let Some((reader, keys)) = section.choice("rule", &RULES) else {
        section.ignore(&RULE_KEYS);
        return Rule::Reference { field: String::new() };
    };
    section.refuse_but(&RULE_KEYS, keys, "this rule");
    reader(section)
}

fn not_before(section: &mut Section<'_>) -> Rule {
    Rule::NotBefore {
        earlier: section.name("earlier", "_"),
        later: section.name("later", "_"),
    }
}

fn not_same_or_before(section: &mut Section<'_>) -> Rule {
    Rule::NotSameOrBefore {
        earlier: section.name("earlier", "_"),
        later: section.name("later", "_"),
    }
}

fn range(section: &mut Section<'_>) -> Rule {
    let (min, max) = (section.integer("min"), section.integer("max"));
    check_bounds(section, ("min", min), ("max", max));
    Rule::Range {
        field: section.name("field", "_"),
        min,
        max,
        when: read_condition(section),
    }
}

fn required(section: &mut Section<'_>) -> Rule {
    Rule::Required {
        field: section.name("field", "_"),
        when: read_condition(section),
    }
}

fn absent(section: &mut Section<'_>) -> Rule {
    Rule::Absent {
        field: section.name("field", "_"),
        when: read_condition(section),
    }
}

fn date_within(section: &mut Section<'_>) -> Rule {
    let (from, until) = (section.date("from"), section.date("until"));
    check_bounds(section, ("from", from), ("until", until));
    Rule::DateWithin {
        field: section.name("field", "_"),
        from,
        until,
        when: read_condition(section),
    }
}

fn reference(section: &mut Section<'_>) -> Rule {
    Rule::Reference {
        field: section.name("field", "_"),
    }
}

fn check_bounds<T: PartialOrd>(section: &Section<'_>, low: (&str, Option<T>), high: (&str, Option<T>)) {
    match (&low.1, &high.1) {
        (None, None) if !section.has(low.0) && !section.has(high.0) => {
            section.problem(
                "rule",
                format!("this rule needs `{}`, `{}` or both", low.0, high.0),
            );
        }
        (Some(from), Some(to)) if to < from => {
            section.problem(
                high.0,
                format!("`{}` is below `{}`: nothing would pass", high.0, low.0),
            );
        }
        _ => {}
    }
}

fn read_condition(section: &mut Section<'_>) -> Option<Condition> {
    section.table("when", "`when`", |when| Condition {
        field: when.name("field", "_"),
        is_in: when.some_texts("is_in"),
    })
}
