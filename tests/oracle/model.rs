//! The oracle: what the measures must be, computed from the messages by plain loops. It shares nothing with the product.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::history::{Message, Op};

/// A span of days, inclusive.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub first: Date,
    pub last: Date,
}

impl Span {
    fn has(self, day: Date) -> bool {
        day >= self.first && day <= self.last
    }

    fn year_before(self) -> Self {
        // No span of the test ends in February.
        Span {
            first: self.first.saturating_sub(1.year()),
            last: self.last.saturating_sub(1.year()),
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Live,
    Superseded,
    Withdrawn,
    Orphan,
    Duplicate,
    Conflict,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Live => "live",
            Outcome::Superseded => "superseded",
            Outcome::Withdrawn => "withdrawn",
            Outcome::Orphan => "orphan",
            Outcome::Duplicate => "duplicate",
            Outcome::Conflict => "conflict",
        }
    }
}

type Key = (&'static str, usize, u8);

/// For each natural key, the message that counts of each version.
fn versions(log: &[Message]) -> BTreeMap<Key, BTreeMap<i32, &Message>> {
    let mut versions: BTreeMap<Key, BTreeMap<i32, &Message>> = BTreeMap::new();
    for message in log {
        let of_key = versions
            .entry((message.record_type, message.partner, message.reference))
            .or_default();
        let chosen = of_key.entry(message.version).or_insert(message);
        if (message.partition, message.offset) < (chosen.partition, chosen.offset) {
            *chosen = message;
        }
    }
    versions
}

/// The records that count, each by its newest version.
pub fn live(log: &[Message]) -> Vec<&Message> {
    let mut live = Vec::new();
    for versions in versions(log).values() {
        let submitted = versions.values().any(|m| m.op == Op::Submit);
        let newest = versions.values().next_back().unwrap();
        if submitted && newest.op != Op::Withdraw {
            live.push(*newest);
        }
    }
    live
}

/// What became of each message, in the order of the log.
pub fn outcomes(log: &[Message]) -> Vec<Outcome> {
    let versions = versions(log);
    log.iter()
        .map(|message| {
            let of_key = &versions[&(message.record_type, message.partner, message.reference)];
            let chosen = of_key[&message.version];
            if (chosen.partition, chosen.offset) != (message.partition, message.offset) {
                let same = chosen.op == message.op && same_content(chosen, message);
                return if same {
                    Outcome::Duplicate
                } else {
                    Outcome::Conflict
                };
            }
            let newest = of_key.values().next_back().unwrap();
            if of_key.values().all(|m| m.op != Op::Submit) {
                Outcome::Orphan
            } else if message.version < newest.version {
                Outcome::Superseded
            } else if message.op == Op::Withdraw {
                Outcome::Withdrawn
            } else {
                Outcome::Live
            }
        })
        .collect()
}

/// Of a WITHDRAW only the envelope is sent.
fn same_content(a: &Message, b: &Message) -> bool {
    let place = (a.body.home, a.body.ward) == (b.body.home, b.body.ward);
    place && (a.op == Op::Withdraw || fields(a) == fields(b))
}

/// The fields that a message of this record type carries.
fn fields(m: &Message) -> String {
    let b = &m.body;
    match m.record_type {
        "cctv_incident" => format!("{} {} {} {}", b.at, b.violent, b.monitored, b.amount),
        "referral" => format!("{} {} {} {:?}", b.day, b.tally, headcount(m), b.person),
        _ => format!("{} {:?} {:?} {:?}", b.day, b.end_after, b.lifted_after, b.person),
    }
}

/// A measure's value over some live records, by the definitions of `plan.toml`. `None`: a percentage over nothing.
pub fn value(measure: &str, records: &[&Message], span: Span) -> Option<f64> {
    let before = span.year_before();
    match measure {
        "O1" => Some(cctv(records, span, true, |m| {
            i32::from(m.body.violent && m.body.monitored)
        })),
        "O2" => Some(cctv(records, span, true, |m| m.body.amount)),
        "O3" => {
            let (now, then) = (
                cctv(records, span, false, |_| 1),
                cctv(records, before, false, |_| 1),
            );
            (then != 0.0).then(|| half_away(100.0 * (now - then) / then * 10.0) / 10.0)
        }
        "O4" => Some(
            cctv(records, span, true, |m| m.body.amount) - cctv(records, before, true, |m| m.body.amount),
        ),
        "O5" => Some(f64::from(referrals(records, span).map(headcount).sum::<i32>())),
        "O6" => {
            let people: BTreeSet<_> = referrals(records, span).filter_map(person).collect();
            let tallies = referrals(records, span)
                .filter(|m| person(m).is_none())
                .map(headcount)
                .sum::<i32>();
            Some(people.len() as f64 + f64::from(tallies))
        }
        "O7" => Some(orders(records).filter(|m| in_force(m, span.last)).count() as f64),
        "O8" => {
            let started = || orders(records).filter(|m| span.has(m.body.day));
            let people: BTreeSet<_> = started().filter_map(person).collect();
            Some(people.len() as f64)
        }
        _ => unreachable!("{measure}"),
    }
}

fn cctv(records: &[&Message], span: Span, home_only: bool, amount: impl Fn(&Message) -> i32) -> f64 {
    let mut sum = 0;
    for m in records.iter().filter(|m| m.record_type == "cctv_incident") {
        let london = m.body.at.to_zoned(TimeZone::get("Europe/London").unwrap()).date();
        if span.has(london) && (m.body.home || !home_only) {
            sum += amount(m);
        }
    }
    f64::from(sum)
}

fn referrals<'m>(records: &'m [&Message], span: Span) -> impl Iterator<Item = &'m Message> {
    let is_in = move |m: &&Message| m.record_type == "referral" && m.body.home && span.has(m.body.day);
    records.iter().copied().filter(is_in)
}

fn orders<'m>(records: &'m [&Message]) -> impl Iterator<Item = &'m Message> {
    records
        .iter()
        .copied()
        .filter(|m| m.record_type == "order" && m.body.home)
}

fn headcount(m: &Message) -> i32 {
    if m.body.tally { m.body.amount } else { 1 }
}

/// Who a record is about, told apart as the domain says: M pseudonyms across partners, P pseudonyms within one. Orders
/// always name somebody.
fn person(m: &Message) -> Option<(char, u8, usize)> {
    let person = if m.record_type == "order" {
        Some(m.body.person.unwrap_or(('P', 9)))
    } else {
        m.body.person
    };
    person.map(|(domain, number)| (domain, number, if domain == 'M' { usize::MAX } else { m.partner }))
}

fn in_force(m: &Message, day: Date) -> bool {
    let far = date(2200, 1, 1);
    let end = |after: Option<i32>| after.map_or(far, |days| m.body.day.saturating_add(days.days()));
    m.body.day <= day && end(m.body.end_after) > day && end(m.body.lifted_after) > day
}

fn half_away(value: f64) -> f64 {
    value.signum() * (value.abs() + 0.5).floor()
}
