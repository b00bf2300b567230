//! A second reading of the rules, made of plain loops: what of a list of statements counts, and when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::super::targets::Span;
use super::super::{Payload, Statement};

/// The records that count: live, with an accepted SUBMIT, of the borough. Envelope and body.
pub(super) struct Live {
    records: Vec<(&'static str, Value)>,
}

impl Live {
    pub(super) fn of(statements: &[Statement]) -> Self {
        let mut versions: BTreeMap<(&'static str, String), BTreeMap<i64, Value>> = BTreeMap::new();
        for statement in statements {
            let Payload::Record(record) = &statement.payload else {
                continue;
            };
            if !accepted(statement, record) {
                continue;
            }
            let reference = record["ref"].as_str().unwrap().trim().to_uppercase();
            assert_eq!(reference, statement.reference);
            let of_record = versions.entry((statement.feed, reference)).or_default();
            let number = record["version"].as_i64().unwrap();
            if !of_record.contains_key(&number) {
                of_record.insert(number, record.clone());
            }
        }
        let mut records = Vec::new();
        for ((feed, _), versions) in versions {
            let submitted = versions.values().any(|record| record["op"] == "SUBMIT");
            let (_, last) = versions.into_iter().next_back().unwrap();
            let district = last["district"].as_str().unwrap_or("E07000116");
            if submitted && last["op"] != "WITHDRAW" && district == "E07000116" {
                records.push((feed, last));
            }
        }
        Live { records }
    }

    /// The bodies of a feed whose date lies in the span and that pass the filter.
    pub(super) fn bodies(
        &self,
        feed: &str,
        date: &str,
        span: Span,
        passes: fn(&Value) -> bool,
    ) -> Vec<&Value> {
        let of_feed = self
            .records
            .iter()
            .filter(|(of, _)| *of == feed)
            .map(|(_, record)| &record["body"]);
        of_feed
            .filter(|body| london(&body[date]).is_some_and(|day| span.contains(day)))
            .filter(|body| passes(body))
            .collect()
    }

    pub(super) fn wards(&self, feed: &str) -> Vec<Option<&str>> {
        self.records
            .iter()
            .filter(|(of, _)| *of == feed)
            .map(|(_, record)| record["ward"].as_str())
            .collect()
    }

    pub(super) fn of_feed(&self, feed: &str) -> Vec<&Value> {
        self.records
            .iter()
            .filter(|(of, _)| *of == feed)
            .map(|(_, record)| &record["body"])
            .collect()
    }
}

/// The date in London; worked out by hand from the last Sundays of March and October.
pub(super) fn london(value: &Value) -> Option<Date> {
    let text = value.as_str()?;
    let Ok(at) = text.parse::<Timestamp>() else {
        return Some(text.parse().unwrap());
    };
    let utc = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let change = |month| {
        let last = Date::new(utc.year(), month, 31).unwrap();
        let sunday = last.saturating_sub(jiff::Span::new().days(last.weekday().to_sunday_zero_offset()));
        sunday.at(1, 0, 0, 0)
    };
    let summer = change(3) <= utc && utc < change(10);
    let local = utc
        .checked_add(jiff::Span::new().hours(i64::from(summer)))
        .unwrap();
    Some(local.date())
}

pub(super) fn distinct(bodies: &[&Value], field: &str) -> usize {
    bodies
        .iter()
        .map(|body| body[field].as_str().unwrap())
        .collect::<BTreeSet<_>>()
        .len()
}

pub(super) fn sum(bodies: &[&Value], field: &str) -> i64 {
    bodies.iter().map(|body| body[field].as_i64().unwrap()).sum()
}

/// As the feeds and code lists have it.
pub(super) fn accepted(statement: &Statement, record: &Value) -> bool {
    let withdraw = record["op"] == "WITHDRAW";
    if record["feed"] != statement.feed || record["partner"] != statement.partner {
        return false;
    }
    if record["version"].as_i64().unwrap() < 1 || withdraw != record["body"].is_null() {
        return false;
    }
    if withdraw {
        return record["reason"].is_string();
    }
    let needs_district = ["cctv-incidents", "davss-referrals"].contains(&statement.feed);
    if needs_district && record["district"].is_null() {
        return false;
    }
    record["body"]
        .as_object()
        .unwrap()
        .iter()
        .all(|(field, value)| good(field, value, &record["body"]))
}

fn good(field: &str, value: &Value, body: &Value) -> bool {
    let Some(text) = value.as_str() else {
        return field != "quantity" || value.as_i64().unwrap() >= 1;
    };
    let levels = ["HIGH", "MEDIUM", "STANDARD", "UNASSESSED"];
    let types = [
        "VIOLENCE",
        "SHOPLIFTING",
        "OTHER_THEFT",
        "ASB",
        "DRUGS",
        "ALCOHOL",
        "DAMAGE",
        "MISPER",
        "OTHER",
    ];
    match field {
        "incident_type" => types.contains(&text.to_uppercase().as_str()),
        "risk" | "risk_at_dealt" => levels.contains(&text),
        "kind" => ["ASB", "DA"].contains(&text),
        "dealt_on" => text >= body["referred_on"].as_str().unwrap(),
        _ if field.ends_with("_pid") => {
            text.len() == 35 && text.starts_with("P1-") && text[3..].bytes().all(|b| b.is_ascii_hexdigit())
        }
        _ if field.ends_with("_on") || field.ends_with("_at") => *"2009" < text[..4] && text[..4] < *"2100",
        _ => true,
    }
}
