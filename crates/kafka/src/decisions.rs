//! What people decide about single messages. A decision is a message of its own, never a deletion, so that it is part of the log
//! from which everything is derived.

use serde::{Deserialize, Serialize};

use crate::place::Place;
use crate::producer::Record;

/// The topic of decisions; one partition, so that they have an order.
pub const TOPIC: &str = "decisions";

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is to be done about the message: it leaves the list of what waits.
    Discard,
}

/// A decision about one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The message.
    pub of: Place,
    /// What is decided.
    pub verdict: Verdict,
    /// Why: a code, no free text (I10).
    pub why: String,
}

impl Verdict {
    /// The word in the message.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discard => "discard",
        }
    }
}

impl Decision {
    /// The message that says so.
    pub fn record(&self) -> Record {
        // A struct of strings and numbers always is JSON.
        let value = serde_json::to_vec(self).unwrap_or_default();
        Record::new(TOPIC, self.of.to_string(), value)
    }

    /// Reads a message of the topic; none for what is no decision.
    pub fn parse(value: &[u8]) -> Option<Self> {
        serde_json::from_slice(value).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_read_as_it_is_written() {
        let decision = Decision {
            of: Place::new("returns.x", 1, 5),
            verdict: Verdict::Discard,
            why: "TEST_DATA".to_owned(),
        };
        let record = decision.record();
        let value = record.value.unwrap_or_default();
        assert_eq!(
            String::from_utf8_lossy(&value),
            r#"{"of":"returns.x/1/5","verdict":"discard","why":"TEST_DATA"}"#
        );
        assert_eq!(Decision::parse(&value), Some(decision));
        assert_eq!(Decision::parse(b"{}"), None);
    }
}
