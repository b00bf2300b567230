//! Reads a feeds file.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, CoveredFeed, CsvMapping, Derivation, DistrictRule, Feed, Feeds, PartnerRule, RecordTypeRules,
    ReturnCalendar, Rule,
};
use crate::{
    Error,
    codes::normal_form,
    reader::{Section, read},
};
use rules::read_checks;

/// After the end of a period; a year has some 260.
const WORKING_DAYS: (u8, u8) = (1, 120);

const DATE_FORMATS: [(&str, &str); 2] = [("dd/mm/yyyy", "dd/mm/yyyy"), ("yyyy-mm-dd", "yyyy-mm-dd")];

pub(super) fn parse(toml: &str) -> Result<Feeds, Error> {
    read(toml, |file| {
        let mut for_all = Vec::new();
        read_checks(file, &mut for_all);
        let record_types = read_record_types(file, &for_all);
        let mut seen = Seen::default();
        let feeds = file.tables("feed", "[[feed]]", |section| {
            let feed = read_feed(section, &record_types);
            seen.note(section, &feed);
            feed
        });
        let calendar = file.table("returns", "[returns]", read_calendar);
        let mut feeds = Feeds {
            feeds,
            record_types,
            calendar: calendar.unwrap_or_default(),
        };
        tell_of_feeds(&mut feeds);
        feeds
    })
}

fn read_calendar(section: &mut Section<'_>) -> ReturnCalendar {
    let usual = ReturnCalendar::default();
    let calendar = ReturnCalendar {
        due: section.integer_within("due", WORKING_DAYS, usual.due),
        chaser: section.integer_within("chaser", WORKING_DAYS, usual.chaser),
        freeze: section.integer_within("freeze", WORKING_DAYS, usual.freeze),
    };
    if calendar.due > calendar.chaser {
        section.problem("chaser", "nobody is reminded of a return before it is due");
    }
    if calendar.chaser > calendar.freeze {
        section.problem("freeze", "who is reminded after the freeze cannot return in time");
    }
    calendar
}

/// What may be there once, as far as the file has been read.
#[derive(Default)]
struct Seen {
    names: BTreeSet<String>,
    topics: BTreeSet<String>,
    returns: Vec<Returned>,
}

struct Returned {
    feed: String,
    partner: PartnerRule,
    record_type: String,
    line: usize,
}

impl Seen {
    fn note(&mut self, section: &Section<'_>, feed: &Feed) {
        if !self.names.insert(feed.name.clone()) {
            section.problem("name", format!("the feed `{}` is there twice", feed.name));
            return;
        }
        if !self.topics.insert(feed.topic.clone()) {
            section.problem(
                "topic",
                format!("the topic `{}` carries another feed already", feed.topic),
            );
        }
        let overlaps = |one: &PartnerRule, other: &PartnerRule| match (one.only(), other.only()) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        let other = self
            .returns
            .iter()
            .find(|other| other.record_type == feed.record_type && overlaps(&other.partner, &feed.partner));
        if let Some(other) = other {
            let message = format!(
                "`{}` is returned by this partner in the feed `{}` of line {} already: a partner has one feed of a \
                 record type",
                feed.record_type, other.feed, other.line
            );
            section.problem("partner", message);
        }
        self.returns.push(Returned {
            feed: feed.name.clone(),
            partner: feed.partner.clone(),
            record_type: feed.record_type.clone(),
            line: section.line(),
        });
    }
}

/// Rules that are about other feeds are told which there are.
fn tell_of_feeds(feeds: &mut Feeds) {
    let covered: Vec<CoveredFeed> = feeds
        .feeds
        .iter()
        .filter(|feed| feed.partner != PartnerRule::Any)
        .map(|feed| CoveredFeed {
            name: feed.name.clone(),
            partner: feed.partner.clone(),
            record_type: feed.record_type.clone(),
            scope: feeds.scope(&feed.record_type).map(str::to_owned),
        })
        .collect();
    let of_types = feeds.record_types.values_mut().map(|rules| &mut rules.checks);
    let of_feeds = feeds.feeds.iter_mut().map(|feed| &mut feed.checks);
    for check in of_types.chain(of_feeds).flatten() {
        if let Rule::FeedOfPartner { feeds, .. } | Rule::ScopeOfFeed { feeds, .. } = &mut check.rule {
            feeds.clone_from(&covered);
        }
    }
}

/// `for_all`: the checks of every record type.
fn read_record_types(file: &mut Section<'_>, for_all: &[Check]) -> BTreeMap<String, RecordTypeRules> {
    let mut record_types = BTreeMap::new();
    file.tables("record_type", "[[record_type]]", |section| {
        let name = section.name("name", "_");
        let mut rules = RecordTypeRules {
            scope: section.optional_name("scope", "_"),
            derivations: read_derivations(section),
            checks: for_all.to_vec(),
            ..RecordTypeRules::default()
        };
        read_checks(section, &mut rules.checks);
        read_csv(section, &mut rules.csv);
        if record_types.insert(name.clone(), rules).is_some() {
            section.problem("name", format!("the record type `{name}` is there twice"));
        }
    });
    record_types
}

fn read_feed(section: &mut Section<'_>, record_types: &BTreeMap<String, RecordTypeRules>) -> Feed {
    let name = section.name("name", "-");
    let record_type = section.name("record_type", "_");
    let RecordTypeRules {
        derivations,
        mut checks,
        mut csv,
        ..
    } = match record_types.get(&record_type) {
        Some(rules) => rules.clone(),
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
        partner: read_partner(section),
        topic: section
            .optional_name("topic", "-_.")
            .unwrap_or_else(|| format!("returns.{name}")),
        district: read_district(section),
        name,
        record_type,
        derivations,
        checks,
        csv,
    }
}

fn read_derivations(section: &mut Section<'_>) -> Vec<Derivation> {
    section.tables("derive", "[[derive]]", |section| Derivation {
        field: section.name("field", "_"),
        from: section.name("from", "_"),
        mapping: section.name("mapping", "_"),
    })
}

fn read_partner(section: &mut Section<'_>) -> PartnerRule {
    match section.name("partner", "_").as_str() {
        "any" => PartnerRule::Any,
        code => PartnerRule::Only(code.to_owned()),
    }
}

fn read_district(section: &mut Section<'_>) -> DistrictRule {
    match section.name("district", "").as_str() {
        "required" => DistrictRule::Required,
        "optional" => DistrictRule::Optional,
        code => {
            if !code.is_empty() && !code.starts_with(['E', 'W', 'S', 'N']) {
                section.problem(
                    "district",
                    "`district` must be `required`, `optional` or the GSS code that is filled in",
                );
            }
            DistrictRule::Default(code.to_owned())
        }
    }
}

/// Adds the headers of a section; one that means the same column or the same field as an earlier section's replaces it.
fn read_csv(section: &mut Section<'_>, csv: &mut CsvMapping) {
    if let Some(format) = section.optional_choice("date_format", &DATE_FORMATS) {
        csv.date_format = Some(format.to_owned());
    }
    let pairs = section.pairs("columns");
    for (index, pair) in pairs.iter().enumerate() {
        let normal = normal_form(&pair.key);
        let mut before = pairs.iter().take(index);
        if let Some(other) = before.clone().find(|other| normal_form(&other.key) == normal) {
            let message = format!(
                "the headers `{}` and `{}` cannot be told apart",
                other.key, pair.key
            );
            section.pair_problem(pair, message);
        } else if let Some(other) = before.find(|other| other.value == pair.value) {
            let message = format!(
                "the field `{}` has the header `{}` of line {} already: a field has one header",
                pair.value,
                other.key,
                section.pair_line(other)
            );
            section.pair_problem(pair, message);
        }
        csv.columns
            .retain(|header, field| normal_form(header) != normal && *field != pair.value);
        csv.columns.insert(pair.key.clone(), pair.value.clone());
    }
}
