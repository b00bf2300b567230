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
    /// What a whole return no longer has counts all the same.
    WholeReturnsIgnored,
}

/// A record that counts: live, with an accepted SUBMIT; of any district.
#[derive(Clone)]
pub(super) struct Record<'s> {
    pub(super) feed: &'static str,
    pub(super) partner: &'s str,
    pub(super) reference: String,
    pub(super) of_borough: bool,
    pub(super) ward: Option<&'s str>,
    pub(super) body: &'s Value,
    pub(super) sent_at: &'s str,
    /// The returns that some version of it came in.
    returns: BTreeSet<String>,
}

/// The records that count.
pub(super) struct Live<'s> {
    records: BTreeMap<&'static str, Vec<Record<'s>>>,
    mistake: Mistake,
}

type Key<'s> = (&'static str, &'s str, String);

impl<'s> Live<'s> {
    pub(super) fn of(statements: &'s [Statement]) -> Self {
        Live::misread(statements, Mistake::None)
    }

    pub(super) fn misread(statements: &'s [Statement], mistake: Mistake) -> Self {
        let made = |possible| mistake == possible;
        let mut versions: BTreeMap<Key<'s>, BTreeMap<i64, &'s Value>> = BTreeMap::new();
        let mut returns: BTreeMap<Key<'s>, BTreeSet<String>> = BTreeMap::new();
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
            let key = (statement.feed, statement.partner, reference);
            let return_id = record["return_id"].as_str().unwrap().trim().to_uppercase();
            returns.entry(key.clone()).or_default().insert(return_id);
            let of_record = versions.entry(key).or_default();
            if made(Mistake::LaterOfVersionHolds) {
                of_record.remove(&number);
            }
            of_record.entry(number).or_insert(record);
        }
        let mut records: BTreeMap<_, Vec<Record<'s>>> = BTreeMap::new();
        for (key, mut versions) in versions {
            if made(Mistake::WithdrawalsIgnored) {
                versions.retain(|_, record| record["op"] != "WITHDRAW");
            }
            let submitted = versions.values().any(|record| record["op"] == "SUBMIT");
            let Some((_, last)) = versions.into_iter().next_back() else {
                continue;
            };
            if (submitted || made(Mistake::OrphansCounted)) && last["op"] != "WITHDRAW" {
                let returns = returns.remove(&key).unwrap_or_default();
                let mut record = Record::new(key, last, returns);
                record.of_borough |= made(Mistake::DistrictsIgnored);
                records.entry(record.feed).or_default().push(record);
            }
        }
        let mut live = Live { records, mistake };
        if !made(Mistake::WholeReturnsIgnored) {
            live.drop_what_whole_returns_lack();
        }
        live
    }

    /// Of a quarter that was returned as a whole, and arrived whole, nothing else counts.
    fn drop_what_whole_returns_lack(&mut self) {
        let is_full = |record: &&Record<'_>| record.body["mode"] == "FULL" && record.body["kind"] == "RETURN";
        let full: Vec<Record<'_>> = self
            .everywhere("return-notices")
            .filter(is_full)
            .cloned()
            .collect();
        for notice in full {
            let feed = notice.body["covered_feed"].as_str().unwrap();
            let records = self.records.get_mut(feed).unwrap();
            let has = |record: &Record<'_>| record.returns.contains(&notice.reference);
            let arrived = records.iter().filter(|record| has(record)).count();
            let declared = notice.body["declared_records"].as_u64().unwrap();
            if u64::try_from(arrived).unwrap() < declared {
                continue;
            }
            let quarter = quarter_of(notice.body);
            // The feeds that are returned whole have contacts, whose first date is the day of contact.
            records.retain(|record| {
                !quarter.contains(london(&record.body["contact_on"]).unwrap()) || has(record)
            });
        }
    }

    /// Records that count, of any district.
    pub(super) fn everywhere<'l>(&'l self, feed: &str) -> impl Iterator<Item = &'l Record<'s>> + use<'l, 's> {
        self.records.get(feed).into_iter().flatten()
    }

    /// Records that count, of the borough.
    pub(super) fn here<'l>(&'l self, feed: &str) -> impl Iterator<Item = &'l Record<'s>> + use<'l, 's> {
        self.everywhere(feed).filter(|record| record.of_borough)
    }

    /// The bodies of a feed whose date lies in the span and that pass the filter.
    pub(super) fn bodies(
        &self,
        feed: &str,
        date: &str,
        span: Span,
        passes: fn(&Value) -> bool,
    ) -> Vec<&Value> {
        self.of_feed(feed)
            .into_iter()
            .filter(|body| passes(body))
            .filter(|body| self.day(&body[date]).is_some_and(|day| span.contains(day)))
            .collect()
    }

    pub(super) fn day(&self, value: &Value) -> Option<Date> {
        if self.mistake == Mistake::DatesInUtc {
            return Some(value.as_str()?[..10].parse().unwrap());
        }
        london(value)
    }

    pub(super) fn wards(&self, feed: &str) -> Vec<Option<&str>> {
        self.here(feed).map(|record| record.ward).collect()
    }

    pub(super) fn of_feed(&self, feed: &str) -> Vec<&Value> {
        self.here(feed).map(|record| record.body).collect()
    }
}

impl<'s> Record<'s> {
    fn new((feed, partner, reference): Key<'s>, last: &'s Value, returns: BTreeSet<String>) -> Self {
        // Whoever may leave the district out means the borough; but of a call nobody may know from where.
        let unknown = feed == "davss-helpline-calls";
        let of_borough = match last["district"].as_str() {
            Some(district) => district == "E07000116",
            None => !unknown,
        };
        Record {
            feed,
            partner,
            reference,
            of_borough,
            ward: last["ward"].as_str(),
            body: &last["body"],
            sent_at: last["sent_at"].as_str().unwrap(),
            returns,
        }
    }

    pub(super) fn is(&self, field: &str, codes: &[&str]) -> bool {
        self.body[field]
            .as_str()
            .is_some_and(|code| codes.contains(&code.to_uppercase().as_str()))
    }

    pub(super) fn flag(&self, field: &str) -> bool {
        self.body[field] == true
    }

    pub(super) fn has(&self, list: &str, code: &str) -> bool {
        self.body[list]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item == code)
    }

    pub(super) fn in_sherwood(&self) -> bool {
        self.ward
            .is_some_and(|ward| ward == "E05005146" || ward.eq_ignore_ascii_case("Sherwood"))
    }

    /// How many people the row stands for.
    pub(super) fn heads(&self) -> i64 {
        if self.body["basis"] == "TALLY" {
            self.body["headcount"].as_i64().unwrap()
        } else {
            1
        }
    }
}

/// The quarter that a notice is about.
pub(super) fn quarter_of(notice: &Value) -> Span {
    let april: i16 = notice["fy"].as_str().unwrap()[..4].parse().unwrap();
    let quarter = u8::try_from(notice["quarter"].as_u64().unwrap()).unwrap();
    super::super::quarters::quarter(april, quarter)
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

const NEED_A_DISTRICT: [&str; 8] = [
    "cctv-incidents",
    "davss-referrals",
    "cdap-referrals",
    "cdap-contacts",
    "isva-contacts",
    "one-stop-shop-contacts",
    "marac-cases",
    "davss-activities",
];

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
    if NEED_A_DISTRICT.contains(&statement.feed) && record["district"].is_null() {
        return false;
    }
    if statement.feed == "marac-cases" && !record["ward"].is_null() {
        return false;
    }
    record["body"].as_object().unwrap().iter().all(|(field, value)| {
        good(statement.feed, field, value, &record["body"]) && in_range(field, value, &record["body"])
    })
}

/// What is no text, and what one field says of another.
fn in_range(field: &str, value: &Value, body: &Value) -> bool {
    let number = value.as_i64();
    match field {
        "severity" => (1..=3).contains(&number.unwrap()),
        "alcohol_offence_no" => number.is_none_or(|number| number <= 11),
        "people_engaged" => number.unwrap() >= 0,
        "applied_on" => value.as_str().unwrap() >= "2014-10-20",
        "status" => value != "DONE" || body["done_on"].is_string(),
        "spells" => value.as_array().unwrap().iter().all(|spell| {
            let closed = spell["closed_on"].as_str();
            closed.is_none_or(|closed| closed >= spell["opened_on"].as_str().unwrap())
        }),
        _ => true,
    }
}

fn good(feed: &str, field: &str, value: &Value, body: &Value) -> bool {
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
        "kind" if feed == "police-incidents" => ["ASB", "DA"].contains(&text),
        "dealt_on" => text >= body["referred_on"].as_str().unwrap(),
        _ if field.ends_with("_pid") => {
            text.len() == 35
                && (text.starts_with("P1-") || text.starts_with("M1-"))
                && text[3..].bytes().all(|b| b.is_ascii_hexdigit())
        }
        _ if field.ends_with("_on") || field.ends_with("_at") => *"2009" < text[..4] && text[..4] < *"2100",
        _ => true,
    }
}
