//! Reads the checks of a section.

use std::collections::BTreeSet;

use crate::{
    feeds::{Check, Condition, Length, Rule, Severity},
    reader::Section,
};

/// Adds the checks of a section to those that hold already.
pub(super) fn read_checks(section: &mut Section<'_>, checks: &mut Vec<Check>) {
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
        when: section.table_or_tables("when", "`when`", read_condition),
        rule: read_rule(section),
    }
}

fn read_condition(when: &mut Section<'_>) -> Condition {
    if when.flag("is_given", false) {
        when.refuse_but(&["is_in", "not_in"], &[], "a condition that the field is given");
        return Condition {
            field: when.name("field", "_"),
            values: Vec::new(),
            is_negated: true,
        };
    }
    let is_negated = when.has("not_in");
    if is_negated && when.has("is_in") {
        when.problem("not_in", "`when` takes `is_in` or `not_in`, not both");
        when.ignore(&["is_in"]);
    }
    Condition {
        field: when.name("field", "_"),
        values: when.some_texts(if is_negated { "not_in" } else { "is_in" }),
        is_negated,
    }
}

/// A maker of a rule from the section's fields.
type RuleReader = fn(&mut Section<'_>) -> Rule;

/// The rules by their names in the file, with the keys that each takes.
const RULES: [(&str, (RuleReader, &[&str])); 20] = [
    ("not_before", (not_before, &["earlier", "later"])),
    ("not_same_or_before", (not_same_or_before, &["earlier", "later"])),
    (
        "lasts",
        (
            lasts,
            &[
                "earlier",
                "later",
                "min_days",
                "max_days",
                "min_months",
                "max_months",
            ],
        ),
    ),
    (
        "same_financial_year",
        (same_financial_year, &["earlier", "later"]),
    ),
    ("range", (range, &["field", "min", "max"])),
    ("whole", (whole, &["field"])),
    ("year_near", (year_near, &["field", "date", "years"])),
    ("hour", (hour, &["field", "min", "max"])),
    ("one_of", (one_of, &["field", "is_in"])),
    ("required", (required, &["field"])),
    ("absent", (absent, &["field"])),
    ("date_within", (date_within, &["field", "from", "until"])),
    ("reference", (reference, &["field"])),
    ("matches", (matches, &["field", "pattern"])),
    ("ascending", (ascending, &["field"])),
    (
        "next_not_before",
        (next_not_before, &["earlier", "later", "min_days"]),
    ),
    ("same_first", (same_first, &["field", "other"])),
    ("after_quarter", (after_quarter, &["field", "year", "quarter"])),
    ("feed_of_partner", (feed_of_partner, &["field"])),
    ("scope_of_feed", (scope_of_feed, &["field", "feed"])),
];

const RULE_KEYS: [&str; 19] = [
    "earlier",
    "later",
    "field",
    "min",
    "max",
    "from",
    "until",
    "is_in",
    "min_days",
    "max_days",
    "min_months",
    "max_months",
    "date",
    "years",
    "year",
    "quarter",
    "other",
    "feed",
    "pattern",
];

fn read_rule(section: &mut Section<'_>) -> Rule {
    let Some((reader, keys)) = section.choice("rule", &RULES) else {
        section.ignore(&RULE_KEYS);
        return Rule::Reference { field: String::new() };
    };
    section.refuse_but(&RULE_KEYS, keys, "this rule");
    reader(section)
}

fn field(section: &mut Section<'_>) -> String {
    section.name("field", "_")
}

fn earlier(section: &mut Section<'_>) -> String {
    section.name("earlier", "_")
}

fn later(section: &mut Section<'_>) -> String {
    section.name("later", "_")
}

fn not_before(section: &mut Section<'_>) -> Rule {
    Rule::NotBefore {
        earlier: earlier(section),
        later: later(section),
    }
}

fn not_same_or_before(section: &mut Section<'_>) -> Rule {
    Rule::NotSameOrBefore {
        earlier: earlier(section),
        later: later(section),
    }
}

fn lasts(section: &mut Section<'_>) -> Rule {
    let (min_days, max_days) = (section.integer("min_days"), section.integer("max_days"));
    let (min_months, max_months) = (section.integer("min_months"), section.integer("max_months"));
    for (days, months) in [("min_days", "min_months"), ("max_days", "max_months")] {
        if section.has(days) && section.has(months) {
            section.problem(
                months,
                format!("this rule takes `{days}` or `{months}`, not both"),
            );
        }
    }
    if !["min_days", "max_days", "min_months", "max_months"]
        .iter()
        .any(|key| section.has(key))
    {
        section.problem(
            "rule",
            "this rule needs a length: `max_days`, `min_months` or the like",
        );
    }
    Rule::Lasts {
        earlier: earlier(section),
        later: later(section),
        min: min_days.map(Length::Days).or(min_months.map(Length::Months)),
        max: max_days.map(Length::Days).or(max_months.map(Length::Months)),
    }
}

fn same_financial_year(section: &mut Section<'_>) -> Rule {
    Rule::SameFinancialYear {
        earlier: earlier(section),
        later: later(section),
    }
}

fn range(section: &mut Section<'_>) -> Rule {
    let (min, max) = (section.integer("min"), section.integer("max"));
    check_bounds(section, ("min", min), ("max", max));
    Rule::Range {
        field: field(section),
        min,
        max,
    }
}

fn whole(section: &mut Section<'_>) -> Rule {
    Rule::Whole {
        field: field(section),
    }
}

fn year_near(section: &mut Section<'_>) -> Rule {
    Rule::YearNear {
        field: field(section),
        date: section.name("date", "_"),
        years: section.integer("years").unwrap_or(0),
    }
}

fn hour(section: &mut Section<'_>) -> Rule {
    let (min, max) = (section.integer("min"), section.integer("max"));
    check_bounds(section, ("min", min), ("max", max));
    Rule::Hour {
        field: field(section),
        min: min.unwrap_or(0),
        max: max.unwrap_or(23),
    }
}

fn one_of(section: &mut Section<'_>) -> Rule {
    Rule::OneOf {
        field: field(section),
        values: section.some_texts("is_in"),
    }
}

fn required(section: &mut Section<'_>) -> Rule {
    Rule::Required {
        field: field(section),
    }
}

fn absent(section: &mut Section<'_>) -> Rule {
    Rule::Absent {
        field: field(section),
    }
}

fn date_within(section: &mut Section<'_>) -> Rule {
    let (from, until) = (section.date("from"), section.date("until"));
    check_bounds(section, ("from", from), ("until", until));
    Rule::DateWithin {
        field: field(section),
        from,
        until,
    }
}

fn reference(section: &mut Section<'_>) -> Rule {
    Rule::Reference {
        field: field(section),
    }
}

fn matches(section: &mut Section<'_>) -> Rule {
    let pattern = section.text("pattern");
    if let Err(error) = Rule::regex(&pattern) {
        section.problem("pattern", format!("`pattern` is no regular expression: {error}"));
    }
    Rule::Matches {
        field: field(section),
        pattern,
    }
}

fn ascending(section: &mut Section<'_>) -> Rule {
    Rule::Ascending {
        field: field(section),
    }
}

fn next_not_before(section: &mut Section<'_>) -> Rule {
    Rule::NextNotBefore {
        earlier: earlier(section),
        later: later(section),
        min_days: section.integer("min_days").unwrap_or(0),
    }
}

fn same_first(section: &mut Section<'_>) -> Rule {
    Rule::SameFirst {
        field: field(section),
        other: section.name("other", "_"),
    }
}

fn after_quarter(section: &mut Section<'_>) -> Rule {
    Rule::AfterQuarter {
        field: field(section),
        year: section.name("year", "_"),
        quarter: section.name("quarter", "_"),
    }
}

fn feed_of_partner(section: &mut Section<'_>) -> Rule {
    Rule::FeedOfPartner {
        field: field(section),
        feeds: Vec::new(),
    }
}

fn scope_of_feed(section: &mut Section<'_>) -> Rule {
    Rule::ScopeOfFeed {
        field: field(section),
        feed: section.name("feed", "_"),
        feeds: Vec::new(),
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
