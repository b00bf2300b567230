//! What is sent: the synthetic returns again and again, each time about other records, and bad messages among them.

use serde_json::Value;

use crate::synthetic::{self, Payload, Statement};

const SEED: u64 = 2014;
/// One message in so many is bad.
const BAD: u64 = 100;

pub(super) struct Load {
    /// Good ones, of all feeds.
    templates: Vec<Statement>,
    messages: u64,
    sent: u64,
}

impl Load {
    pub(super) fn new(messages: u64) -> Self {
        let mut templates = synthetic::review(SEED);
        templates.retain(|statement| matches!(statement.payload, Payload::Record(_)));
        Load {
            templates,
            messages,
            sent: 0,
        }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// How many of those that were sent are bad.
    pub(super) fn bad(&self) -> u64 {
        self.sent / BAD
    }

    /// The next so many; none when all are sent.
    pub(super) fn next(&mut self, count: usize) -> Option<Vec<Statement>> {
        let left = usize::try_from(self.messages - self.sent).unwrap_or(usize::MAX);
        let stretch: Vec<Statement> = (0..count.min(left)).map(|_| self.one()).collect();
        (!stretch.is_empty()).then_some(stretch)
    }

    fn one(&mut self) -> Statement {
        let number = self.sent;
        self.sent += 1;
        let length = u64::try_from(self.templates.len()).unwrap_or(1);
        let at = usize::try_from(number % length).unwrap_or_default();
        // The synthetic returns are never empty.
        let template = self.templates.get(at).or(self.templates.first()).cloned();
        let statement = template.map(|statement| again(statement, number / length));
        let statement = statement.unwrap_or(Statement {
            feed: super::super::topic::FEED,
            partner: "TWBC_CCTV",
            reference: String::new(),
            payload: Payload::UnknownSchema,
        });
        if self.sent.is_multiple_of(BAD) {
            bad(statement, self.sent / BAD)
        } else {
            statement
        }
    }
}

/// The same about a record of its own.
fn again(mut statement: Statement, round: u64) -> Statement {
    if round > 0
        && let Payload::Record(Value::Object(record)) = &mut statement.payload
    {
        statement.reference = format!("{}-{round}", statement.reference);
        record.insert("ref".to_owned(), Value::from(statement.reference.clone()));
    }
    statement
}

/// Every way of being bad in turn: no Avro, a schema that nobody knows, a partner that there is not.
fn bad(mut statement: Statement, number: u64) -> Statement {
    match (number % 3, &mut statement.payload) {
        (0, Payload::Record(Value::Object(record))) => {
            record.insert("partner".to_owned(), Value::from("NOBODY"));
        }
        (1, payload) => *payload = Payload::UnknownSchema,
        (_, payload) => *payload = Payload::Raw(b"not Avro at all".to_vec()),
    }
    statement
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rounds_are_about_other_records_and_one_in_a_hundred_is_bad() {
        let length = u64::try_from(Load::new(0).templates.len()).unwrap();
        let mut load = Load::new(length + 200);
        let mut all = Vec::new();
        while let Some(stretch) = load.next(7_000) {
            all.extend(stretch);
        }
        assert_eq!(u64::try_from(all.len()).unwrap(), length + 200);
        let is_raw = |s: &&Statement| !matches!(s.payload, Payload::Record(_));
        let raw = u64::try_from(all.iter().filter(is_raw).count()).unwrap();
        assert!(raw.abs_diff(load.bad() * 2 / 3) <= 1, "{raw} of {}", load.bad());
        let (first, second) = all.split_at(usize::try_from(length).unwrap());
        let references: BTreeSet<_> = first.iter().map(|s| (s.feed, &s.reference)).collect();
        assert!(
            second
                .iter()
                .all(|s| !references.contains(&(s.feed, &s.reference)))
        );
    }
}
