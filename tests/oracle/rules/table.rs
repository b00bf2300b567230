//! The form of the cases, and of what rows say, whoever says it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use quarterday_store::{Breakdown, MeasureRow};

use crate::oracle::model::calendar::{Quarter, Span};
use crate::oracle::model::catalogue::definitions;
use crate::oracle::model::count::Who;
use crate::oracle::model::values::Model;
use crate::oracle::product::{kinds_of, partner};
use crate::oracle::records::{Body, Code, Kind, Message, Op, Record};

/// Messages, and what rows must say of them.
pub struct Case {
    pub name: &'static str,
    pub partners: usize,
    pub messages: Vec<Message>,
    pub lines: Vec<Line>,
}

/// What one row must say; what is `None` is not looked at.
#[derive(Debug, Clone)]
pub struct Line {
    pub case: &'static str,
    pub id: &'static str,
    pub period: &'static str,
    pub who: Who,
    value: Option<Option<f64>>,
    parts: Option<(Option<f64>, Option<f64>)>,
    status: Option<&'static str>,
    approximate: Option<bool>,
    up_to: Option<bool>,
    missing: Option<Vec<&'static str>>,
    coverage: Option<(usize, usize)>,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    value: Option<f64>,
    parts: (Option<f64>, Option<f64>),
    status: String,
    approximate: bool,
    up_to: bool,
    /// Quarters, without the partner.
    missing: Vec<String>,
    coverage: (usize, usize),
}

/// The row of the first partner.
pub fn line(id: &'static str, period: &'static str, value: impl Into<Option<i32>>) -> Line {
    Line {
        case: "",
        id,
        period,
        who: Who::Partner(0),
        value: Some(value.into().map(f64::from)),
        parts: None,
        status: None,
        approximate: None,
        up_to: None,
        missing: None,
        coverage: None,
    }
}

impl Line {
    pub fn decimal(mut self, value: f64) -> Self {
        self.value = Some(Some(value));
        self
    }

    pub fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    pub fn status(mut self, status: &'static str) -> Self {
        self.status = Some(status);
        self
    }

    pub fn parts(mut self, numerator: impl Into<Option<i32>>, denominator: impl Into<Option<i32>>) -> Self {
        self.parts = Some((numerator.into().map(f64::from), denominator.into().map(f64::from)));
        self
    }

    pub fn approximate(mut self, approximate: bool) -> Self {
        self.approximate = Some(approximate);
        self
    }

    pub fn up_to(mut self, up_to: bool) -> Self {
        self.up_to = Some(up_to);
        self
    }

    /// The quarters that are missing.
    pub fn missing(mut self, missing: &[&'static str]) -> Self {
        self.missing = Some(missing.to_vec());
        self
    }

    pub fn coverage(mut self, returned: usize, expected: usize) -> Self {
        self.coverage = Some((returned, expected));
        self
    }

    pub fn breakdowns() -> [Breakdown; 3] {
        [Breakdown::Total, Breakdown::Ward, Breakdown::Partner]
    }

    pub fn breakdown(&self) -> Breakdown {
        match self.who {
            Who::All => Breakdown::Total,
            Who::Ward(_) => Breakdown::Ward,
            Who::Partner(_) => Breakdown::Partner,
        }
    }

    pub fn agrees(&self, found: &Found) -> bool {
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9,
            (a, b) => a == b,
        };
        let (top, bottom) = found.parts;
        self.value.is_none_or(|value| near(value, found.value))
            && self.parts.is_none_or(|(a, b)| near(a, top) && near(b, bottom))
            && self.status.is_none_or(|status| status == found.status)
            && self.approximate.is_none_or(|is| is == found.approximate)
            && self.up_to.is_none_or(|is| is == found.up_to)
            && self
                .missing
                .as_ref()
                .is_none_or(|quarters| *quarters == found.missing)
            && self.coverage.is_none_or(|coverage| coverage == found.coverage)
    }
}

impl Case {
    /// A case of so many partners.
    pub fn new(name: &'static str, partners: usize, messages: Vec<Message>, lines: Vec<Line>) -> Self {
        let mut case = Case {
            name,
            partners,
            messages,
            lines,
        };
        for (place, message) in case.messages.iter_mut().enumerate() {
            message.offset = place as u64;
        }
        for line in &mut case.lines {
            line.case = name;
        }
        case
    }

    /// Whether it needs a database of its own.
    pub fn needs_all(&self) -> bool {
        self.lines.iter().any(|line| !matches!(line.who, Who::Partner(_)))
    }

    /// The record types of the messages, and those that the lines are about.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        let asked: BTreeSet<&str> = self.lines.iter().map(|line| line.id).collect();
        let about = definitions().into_iter().filter(|d| asked.contains(d.id));
        let mut kinds = kinds_of(self.messages.iter());
        kinds.extend(about.map(|definition| definition.kind));
        kinds
    }

    pub fn periods(&self) -> Vec<&'static str> {
        let mut periods: Vec<_> = self.lines.iter().map(|line| line.period).collect();
        periods.sort_unstable();
        periods.dedup();
        periods
    }
}

/// Cases as one, their partners one after another.
pub fn joined(cases: Vec<Case>) -> Case {
    let (mut partners, mut messages, mut lines) = (0, Vec::new(), Vec::new());
    for case in cases {
        messages.extend(case.messages.into_iter().map(|mut message| {
            message.partner += partners;
            message
        }));
        lines.extend(case.lines.into_iter().map(|line| match line.who {
            Who::Partner(number) => line.by(Who::Partner(number + partners)),
            Who::All | Who::Ward(_) => line,
        }));
        partners += case.partners;
    }
    for (place, message) in messages.iter_mut().enumerate() {
        message.offset = place as u64;
    }
    Case {
        name: "together",
        partners,
        messages,
        lines,
    }
}

/// A record of the first partner in the plan's district and no ward.
pub fn submit<T: Record>(reference: &str, record: T) -> Message {
    message(T::KIND, reference, (Op::Submit, 1), Some(record.into()))
}

pub fn amend<T: Record>(reference: &str, version: i32, record: T) -> Message {
    message(T::KIND, reference, (Op::Amend, version), Some(record.into()))
}

pub fn withdraw(kind: Kind, reference: &str, version: i32) -> Message {
    message(kind, reference, (Op::Withdraw, version), None)
}

fn message(kind: Kind, reference: &str, (op, version): (Op, i32), body: Option<Body>) -> Message {
    Message {
        kind,
        partner: 0,
        reference: reference.to_owned(),
        op,
        version,
        sent_at: instant("2016-05-01T00:00:00Z"),
        return_id: String::new(),
        district: Some("E07000116"),
        ward: None,
        body,
        partition: 0,
        offset: 0,
    }
}

impl Message {
    pub fn of(mut self, partner: usize) -> Self {
        self.partner = partner;
        self
    }

    pub fn version(mut self, version: i32) -> Self {
        self.version = version;
        self
    }

    pub fn district(mut self, district: Option<Code>) -> Self {
        self.district = district;
        self
    }

    pub fn ward(mut self, ward: Code) -> Self {
        self.ward = Some(ward);
        self
    }

    pub fn delivery(mut self, return_id: &str) -> Self {
        return_id.clone_into(&mut self.return_id);
        self
    }

    pub fn minutes_later(mut self, minutes: i64) -> Self {
        self.sent_at = self.sent_at.checked_add(minutes.minutes()).unwrap();
        self
    }

    pub fn partition(mut self, partition: u32) -> Self {
        self.partition = partition;
        self
    }
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The days of a period by its id.
fn span(id: &str) -> Span {
    if let Some((first, last)) = id.split_once("..") {
        return Span {
            first: day(first),
            last: day(last),
        };
    }
    let year: i16 = id[..4].parse().unwrap();
    let (first, last) = match id.get(8..) {
        None => (1, 4),
        Some("H1") => (1, 2),
        Some("H2") => (3, 4),
        Some(quarter) => {
            let number = quarter[1..].parse().unwrap();
            (number, number)
        }
    };
    let quarter = |number| Quarter { year, number }.span();
    Span {
        first: quarter(first).first,
        last: quarter(last).last,
    }
}

pub fn by_model(model: &Model<'_>, line: &Line) -> Found {
    let definition = definitions().into_iter().find(|d| d.id == line.id).unwrap();
    let row = model.expected(&definition, line.who, span(line.period));
    Found {
        value: row.value,
        parts: (row.numerator, row.denominator),
        status: row.status.as_str().to_owned(),
        approximate: row.approximate,
        up_to: row.up_to,
        missing: row
            .returns
            .missing
            .iter()
            .map(|(_, quarter)| quarter.to_string())
            .collect(),
        coverage: (row.returns.covered, row.partners),
    }
}

pub fn by_product(rows: &[MeasureRow], line: &Line) -> Option<Found> {
    let row = rows.iter().find(|row| {
        let cell = match line.who {
            Who::All => true,
            Who::Ward(ward) => row.ward.as_deref() == Some(ward),
            Who::Partner(number) => row.partner.as_deref() == Some(&partner(number)),
        };
        row.id == line.id && cell
    })?;
    let quarter = |missing: &String| missing.rsplit(' ').next().unwrap_or_default().to_owned();
    let mut missing: Vec<(String, String)> = row.missing.iter().map(|m| (m.clone(), quarter(m))).collect();
    missing.sort();
    Some(Found {
        value: row.value,
        parts: (row.numerator, row.denominator),
        status: row.status.clone(),
        approximate: row.approximate,
        up_to: row.up_to,
        missing: missing.into_iter().map(|(_, quarter)| quarter).collect(),
        coverage: (row.coverage.returned.into(), row.coverage.expected.into()),
    })
}
