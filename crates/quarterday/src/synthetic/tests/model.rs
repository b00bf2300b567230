//! A second reading of the rules, made of plain loops: what of a list of statements counts, and when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::super::targets::Span;
use super::super::{Payload, Statement};

/// What a careless reader may get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    None,
    /// The version that arrived last holds, not the highest.
    LastArrivalHolds,
    /// Of two messages with one version number the later one holds.
    LaterOfVersionHolds,
    /// Every message counts.
    VersionsCounted,
    /// Repetitions of a version count.
    RepetitionsCounted,
    WithdrawalsIgnored,
    OrphansCounted,
    DistrictsIgnored,
    ReferencesNotNormalised,
    ChecksIgnored,
    DatesInUtc,
}

/// The records that count: live, with an accepted SUBMIT, of the borough. Envelope and body.
pub(super) struct Live<'s> {
    records: Vec<(&'static str, &'s Value)>,
    mistake: Mistake,
}

impl<'s> Live<'s> {
    pub(super) fn of(statements: &'s [Statement]) -> Self {
        Live::misread(statements, Mistake::None)
    }

    pub(super) fn misread(statements: &'s [Statement], mistake: Mistake) -> Self {
        let made = |possible| mistake == possible;
        let mut versions: BTreeMap<(&'static str, String), BTreeMap<i64, &'s Value>> = BTreeMap::new();
        for (arrival, statement) in (0..).zip(statements) {
            let Payload::Record(record) = &statement.payload else {
                continue;
            };
            if !accepted(statement, record) && !made(Mistake::ChecksIgnored) {
                continue;
            }
            let mut reference = record["ref"].as_str().unwrap().to_owned();
            if !made(Mistake::ReferencesNotNormalised) {
                reference = reference.trim().to_uppercase();
                assert_eq!(reference, statement.reference);
            }
            let mut number = record["version"].as_i64().unwrap();
            if made(Mistake::VersionsCounted) {
                reference = format!("{reference} {number}");
            }
            if made(Mistake::RepetitionsCounted) {
                reference = format!("{reference} {}", record["sent_at"]);
            }
            if made(Mistake::LastArrivalHolds) {
                number = arrival;
            }
            let of_record = versions.entry((statement.feed, reference)).or_default();
            if made(Mistake::LaterOfVersionHolds) {
                of_record.remove(&number);
            }
            of_record.entry(number).or_insert(record);
        }
        let mut records = Vec::new();
        for ((feed, _), mut versions) in versions {
            if made(Mistake::WithdrawalsIgnored) {
                versions.retain(|_, record| record["op"] != "WITHDRAW");
            }
            let submitted = versions.values().any(|record| record["op"] == "SUBMIT");
            let Some((_, last)) = versions.into_iter().next_back() else {
                continue;
            };
            let of_borough = last["district"].as_str().unwrap_or("E07000116") == "E07000116";
            let counts = (submitted || made(Mistake::OrphansCounted))
                && last["op"] != "WITHDRAW"
                && (of_borough || made(Mistake::DistrictsIgnored));
            if counts {
                records.push((feed, last));
            }
        }
        Live { records, mistake }
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
            .filter(|body| passes(body))
            .filter(|body| self.day(&body[date]).is_some_and(|day| span.contains(day)))
            .collect()
    }

    fn day(&self, value: &Value) -> Option<Date> {
        if self.mistake == Mistake::DatesInUtc {
            return Some(value.as_str()?[..10].parse().unwrap());
        }
        london(value)
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
