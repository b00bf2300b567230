//! The telling of a record: its stages become versions, sent with the partner's deliveries, and versions become
//! statements.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::draft::{Draft, Feed, Stage};
use super::random::Random;
use super::statement::{Payload, Statement};

/// How long a delivery takes to be sent, in milliseconds.
const DELIVERY_MS: i64 = 20 * 60 * 1000;

/// A statement with its place in the order of producing.
#[derive(Debug)]
pub(super) struct Produced {
    pub(super) at: Timestamp,
    pub(super) statement: Statement,
}

/// What a version does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Submit,
    Amend,
    /// Takes the record back, for this reason; without one it is refused.
    Withdraw(Option<&'static str>),
}

/// One version of a record.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) number: i64,
    pub(super) op: Op,
    pub(super) stage: Stage,
    /// When the partner's system says that it was sent.
    pub(super) sent_at: Timestamp,
    /// When it reaches Kafka.
    pub(super) produced_at: Timestamp,
    /// The delivery it belongs to.
    pub(super) return_id: String,
    /// Whether the reference was typed again by hand, in small letters and with a blank.
    pub(super) retyped: bool,
}

/// The versions of a record in their order. News that the same delivery would carry is told once, as it last was.
pub(super) fn tell(feed: &Feed, random: &mut Random, draft: &Draft) -> Vec<Version> {
    let mut told: Vec<Version> = Vec::new();
    let mut newest = None;
    for stage in &draft.stages {
        let known_on = newest.map_or(stage.known_on, |newest| stage.known_on.max(newest));
        newest = Some(known_on);
        let begins = feed.delivery.begins(known_on);
        if told.last().is_some_and(|last| begins <= last.sent_at) {
            told.pop();
        }
        let op = if told.is_empty() { Op::Submit } else { Op::Amend };
        let number = told.last().map_or(1, |last| last.number + 1);
        let mut version = Version {
            number,
            op,
            stage: Stage {
                known_on,
                ..stage.clone()
            },
            sent_at: begins,
            produced_at: begins,
            return_id: String::new(),
            retyped: false,
        };
        version.deliver(feed, random, begins);
        told.push(version);
    }
    told
}

impl Version {
    /// Puts it into the delivery that begins then.
    pub(super) fn deliver(&mut self, feed: &Feed, random: &mut Random, begins: Timestamp) {
        self.sent_at = later(begins, random.between(0, DELIVERY_MS));
        self.produced_at = self.sent_at;
        self.return_id = format!("{}/{}", feed.name, begins.strftime("%Y-%m-%d"));
    }

    /// The same content in a later delivery.
    pub(super) fn again(&self, feed: &Feed, random: &mut Random, days: i64) -> Version {
        let mut again = self.clone();
        again.stage.known_on = super::calendar::add_days(self.stage.known_on, days);
        let begins = feed.delivery.begins(again.stage.known_on);
        again.deliver(feed, random, begins);
        again
    }

    /// The version that follows this one, some days later.
    pub(super) fn next(&self, feed: &Feed, random: &mut Random, op: Op) -> Version {
        let days = random.between(35, 120);
        Version {
            number: self.number + 1,
            op,
            ..self.again(feed, random, days)
        }
    }

    pub(super) fn produced(&self, feed: &Feed, reference: &str) -> Produced {
        let record = self.record(feed, reference);
        Produced {
            at: self.produced_at,
            statement: Statement {
                feed: feed.name,
                partner: feed.partner,
                reference: reference.to_owned(),
                payload: Payload::Record(record),
            },
        }
    }

    fn record(&self, feed: &Feed, reference: &str) -> Value {
        let (op, reason) = match self.op {
            Op::Submit => ("SUBMIT", None),
            Op::Amend => ("AMEND", None),
            Op::Withdraw(reason) => ("WITHDRAW", reason),
        };
        let has_body = !matches!(self.op, Op::Withdraw(_));
        let typed = if self.retyped {
            format!("{} ", reference.to_lowercase())
        } else {
            reference.to_owned()
        };
        json!({
            "feed": feed.name,
            "partner": feed.partner,
            "ref": typed,
            "op": op,
            "version": self.number,
            "reason": reason,
            "sent_at": self.sent_at.to_string(),
            "return_id": self.return_id,
            "district": self.stage.district,
            "ward": self.stage.ward.filter(|_| has_body),
            "body": has_body.then_some(&self.stage.body),
        })
    }
}

/// So many milliseconds later.
pub(super) fn later(at: Timestamp, milliseconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_millis(milliseconds))
        .unwrap_or(at)
}

/// So many days later.
pub(super) fn days_later(at: Timestamp, days: i64) -> Timestamp {
    later(at, days * 24 * 60 * 60 * 1000)
}
