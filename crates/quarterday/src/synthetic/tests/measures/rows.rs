//! Counting rows by plain loops.

use std::collections::BTreeSet;

use jiff::Span as Lapse;
use jiff::civil::Date;

use super::super::super::targets::Span;
use super::super::model::{Live, Record, london};

/// The rows of some feeds by one of their dates.
#[derive(Clone, Copy)]
pub(in super::super) struct Rows<'l, 's> {
    pub(in super::super) live: &'l Live<'s>,
    pub(in super::super) feeds: &'l [&'l str],
    pub(in super::super) date: &'l str,
    pub(in super::super) span: Span,
}

impl<'l, 's> Rows<'l, 's> {
    fn all(self) -> impl Iterator<Item = &'l Record<'s>> {
        self.feeds.iter().flat_map(move |feed| self.live.here(feed))
    }

    pub(in super::super) fn that(
        self,
        passes: impl Fn(&Record<'_>) -> bool,
    ) -> impl Iterator<Item = &'l Record<'s>> {
        self.all().filter(move |record| {
            let day = self.live.day(&record.body[self.date]);
            day.is_some_and(|day| self.span.contains(day)) && passes(record)
        })
    }

    /// Events; a headcount is as many.
    pub(in super::super) fn events(self, passes: impl Fn(&Record<'_>) -> bool) -> i64 {
        self.that(passes).map(Record::heads).sum()
    }

    pub(in super::super) fn sum(self, amount: &str, passes: impl Fn(&Record<'_>) -> bool) -> i64 {
        self.that(passes)
            .map(|record| record.body[amount].as_i64().unwrap())
            .sum()
    }

    pub(in super::super) fn people(self, pid: &str, passes: impl Fn(&Record<'_>) -> bool) -> i64 {
        people(self.that(passes), pid)
    }

    /// Families on the books in the span.
    pub(in super::super) fn families(self, passes: impl Fn(&Record<'_>) -> bool) -> i64 {
        let overlap = self.all().filter(|record| {
            let from = london(&record.body["engaged_from"]).unwrap();
            let closed = london(&record.body["closed_on"]);
            from <= self.span.last && closed.is_none_or(|closed| closed > self.span.first)
        });
        people(overlap.filter(|record| passes(record)), "family_pid")
    }

    /// Orders in force on the last day.
    pub(in super::super) fn in_force(self, passes: impl Fn(&Record<'_>) -> bool) -> i64 {
        let day = self.span.last;
        let in_force = |record: &&Record<'_>| {
            let after = |field: &str| london(&record.body[field]).is_none_or(|end| end > day);
            london(&record.body["start_on"]).unwrap() <= day && after("end_on") && after("lifted_on")
        };
        number(
            self.all()
                .filter(in_force)
                .filter(|record| passes(record))
                .count(),
        )
    }

    /// Spells opened or closed in the span with that risk on the day.
    pub(in super::super) fn spells(self, field: &str, risk: &str) -> i64 {
        let mut spells = 0;
        for record in self.all() {
            for spell in record.body["spells"].as_array().unwrap() {
                let day = london(&spell[field]).filter(|day| self.span.contains(*day));
                spells += i64::from(day.is_some_and(|day| risk_on(record, day) == Some(risk)));
            }
        }
        spells
    }

    /// Spells open on the last day with that risk on that day.
    pub(in super::super) fn open(self, risk: &str) -> i64 {
        let day = self.span.last;
        let mut open = 0;
        for record in self.all() {
            for spell in record.body["spells"].as_array().unwrap() {
                let opened = london(&spell["opened_on"]).unwrap() <= day;
                let closed = london(&spell["closed_on"]).is_some_and(|closed| closed <= day);
                open += i64::from(opened && !closed && risk_on(record, day) == Some(risk));
            }
        }
        open
    }

    /// Milestones done from the first day of the financial year until the last of the span.
    pub(in super::super) fn done(self, action: &str) -> i64 {
        let last = self.span.last;
        let april = Date::new(last.year() - i16::from(last.month() < 4), 4, 1).unwrap();
        let done = |record: &&Record<'_>| {
            let on = london(&record.body["done_on"]);
            record.is("action_id", &[action])
                && record.is("status", &["DONE"])
                && on.is_some_and(|on| april <= on && on <= last)
        };
        let numbers = self
            .all()
            .filter(done)
            .map(|record| record.body["milestone_no"].as_i64());
        number(numbers.collect::<BTreeSet<_>>().len())
    }
}

/// Distinct people, and those of whom only a number is known.
fn people<'r, 's: 'r>(rows: impl Iterator<Item = &'r Record<'s>>, pid: &str) -> i64 {
    let (mut known, mut unknown) = (BTreeSet::new(), 0);
    for record in rows {
        match record.body[pid].as_str() {
            Some(pid) if pid.starts_with('M') => {
                known.insert(("", pid.to_owned()));
            }
            Some(pid) => {
                known.insert((record.partner, pid.to_owned()));
            }
            None => unknown += record.heads(),
        }
    }
    number(known.len()) + unknown
}

fn risk_on<'r>(record: &Record<'r>, day: Date) -> Option<&'r str> {
    let changes = record.body["risk_changes"].as_array().unwrap();
    let by_then = changes
        .iter()
        .rfind(|change| london(&change["on"]).unwrap() <= day)?;
    let risk = by_then["risk"].as_str()?;
    Some(if risk == "LOW" { "STANDARD" } else { risk })
}

pub(in super::super) fn twelve_months_after(day: Date) -> Date {
    day.saturating_add(Lapse::new().months(12))
}

pub(in super::super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}
