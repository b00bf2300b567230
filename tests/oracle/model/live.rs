//! Which message of a record counts (G3), and what became of the others.

use std::collections::BTreeMap;

use crate::oracle::records::{Kind, Message, Op};

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

type Key<'m> = (Kind, usize, &'m str);

fn key(message: &Message) -> Key<'_> {
    (message.kind, message.partner, &message.reference)
}

/// For each natural key, the message that counts of each version: the first in the log.
fn versions(log: &[Message]) -> BTreeMap<Key<'_>, BTreeMap<i32, &Message>> {
    let mut versions: BTreeMap<Key<'_>, BTreeMap<i32, &Message>> = BTreeMap::new();
    for message in log {
        let of_key = versions.entry(key(message)).or_default();
        let chosen = of_key.entry(message.version).or_insert(message);
        if (message.partition, message.offset) < (chosen.partition, chosen.offset) {
            *chosen = message;
        }
    }
    versions
}

/// The records that are live, each by its newest version.
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
            let of_key = &versions[&key(message)];
            let chosen = of_key[&message.version];
            if (chosen.partition, chosen.offset) != (message.partition, message.offset) {
                return if chosen.same_content(message) {
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
