//! What a definition means, as one text and its hash.
//!
//! Contract: the hash covers whose records count, which, where, by which date and how; not id, title, wording or other
//! words for people. Two definitions with one hash give the same number from the same records.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Area, ChangeValue, Counted, Kind, Measure};

impl Measure {
    /// The SHA-256, in lower-case hexadecimal, of all that bears on the value. It is the same in every build.
    pub fn definition_hash(&self) -> String {
        Sha256::digest(self.definition().text)
            .iter()
            .fold(String::new(), |mut hash, byte| {
                let _ = write!(hash, "{byte:02x}");
                hash
            })
    }

    fn definition(&self) -> Definition {
        let mut definition = Definition::default();
        definition.say("record_type", &self.record_type);
        definition.say_all("returned_by", &sorted(&self.returned_by));
        definition.say_all("filter", self.filter.as_slice());
        definition.say_all("date", self.date.as_slice());
        match self.area {
            Area::District => definition.say("area", "district"),
            Area::Any => definition.say("area", "any"),
        }
        definition.say_kind(&self.kind);
        definition
    }
}

/// A canonical text: one `key=value` a line, line ends in values escaped.
#[derive(Default)]
struct Definition {
    text: String,
}

impl Definition {
    fn say(&mut self, key: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace('\n', "\\n");
        let _ = writeln!(self.text, "{key}={value}");
    }

    fn say_all(&mut self, key: &str, values: &[String]) {
        values.iter().for_each(|value| self.say(key, value));
    }

    fn say_kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Counted(counted) => self.say_counted(counted),
            Kind::Stock(in_force) => {
                self.say("kind", "stock");
                self.say("from", &in_force.from);
                self.say_all("until", &sorted(&in_force.until));
            }
            Kind::Change { of, value, decimals } => {
                self.say(
                    "change",
                    if *value == ChangeValue::Delta {
                        "delta"
                    } else {
                        "percent"
                    },
                );
                self.say("decimals", &decimals.to_string());
                self.say_counted(of);
            }
        }
    }

    fn say_counted(&mut self, counted: &Counted) {
        match counted {
            Counted::Events { amount } => {
                self.say("kind", "event_count");
                self.say_all("amount", amount.as_slice());
            }
            Counted::Sum { amount } => {
                self.say("kind", "sum");
                self.say("amount", amount);
            }
            Counted::Distinct { identity, tally } => {
                self.say("kind", "distinct");
                self.say("identity", identity);
                self.say("tally", if *tally { "true" } else { "false" });
            }
        }
    }
}

fn sorted(values: &[String]) -> Vec<String> {
    let mut values = values.to_vec();
    values.sort();
    values
}
