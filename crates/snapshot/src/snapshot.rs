//! A snapshot and its canonical form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use quarterday_store::{FrozenValue, Lost, MadeOf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::disclosure::{Hidden, Line, Quarters};
use crate::{Changed, Id, Result, Said};

/// Offsets that are not in any more, of the partitions of each record type.
type Watermarks = BTreeMap<String, BTreeMap<String, u64>>;

/// What is known of a snapshot but for its numbers. The order of the fields is that of its canonical form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Period and revision.
    pub id: String,
    /// Whose it is: the name of the BI database. Several installations may share one Kafka.
    pub installation: String,
    /// The period.
    pub period: String,
    /// Its first day.
    pub first: String,
    /// Its last day, inclusive.
    pub last: String,
    /// 1 for the first.
    pub revision: u32,
    /// Taken before the period had ended, or without waiting for all that had come: none of its numbers is final.
    pub provisional: bool,
    /// Why there is another revision; empty for the first.
    pub reason: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// By which role.
    pub taken_by: String,
    /// The refresh whose numbers it has.
    pub known_at: Timestamp,
    /// Version of the software.
    pub software: String,
    /// Hash of the plan, feed, code list and schema files in force.
    pub contents: String,
    /// Per record type: topic/partition to the first offset that is not in.
    pub watermark: Watermarks,
    /// What was lost below these before it was taken: it was made without. None in snapshots of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Lost>,
    /// SHA-256 of the quarters in their canonical form; none of snapshots without.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quarters_hash: String,
    /// SHA-256 of the comments in their canonical form; none of snapshots without.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comments_hash: String,
    /// SHA-256 of the numbers in their canonical form.
    pub values_hash: String,
    /// SHA-256 of the ledger in its canonical form.
    pub ledger_hash: String,
}

/// The measures of a period, frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// All but the numbers.
    #[serde(flatten)]
    pub header: Header,
    /// SHA-256 of the header in its canonical form; what a report prints and an auditor compares.
    pub hash: String,
    /// One for each measure and review figure, in the order of the plan.
    pub values: Vec<FrozenValue>,
    /// Why the numbers are others than those of the revision before; none of the first.
    pub ledger: Vec<Changed>,
    /// What was counted in each quarter at the same instant, by measure: what is hidden from an audience goes by it. Of measures of which
    /// somebody may not see all; not derived again by a proof.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quarters: BTreeMap<String, Quarters>,
    /// What was said of measures by then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub comments: BTreeMap<String, Said>,
}

/// What becomes a snapshot.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Period and revision.
    pub id: Id,
    /// The name of the BI database.
    pub installation: String,
    /// Taken before the period had ended, or without waiting for all that had come.
    pub provisional: bool,
    /// Why there is another revision.
    pub reason: String,
    /// When it is taken.
    pub taken_at: Timestamp,
    /// By which role.
    pub taken_by: String,
    /// The refresh whose numbers these are.
    pub known_at: Timestamp,
    /// Version of the software.
    pub software: String,
    /// Hash of the files in force.
    pub contents: String,
    /// What the numbers were made of.
    pub made_of: Vec<MadeOf>,
    /// What was lost of it before.
    pub lost: Vec<Lost>,
}

impl Draft {
    /// The snapshot, with its hashes.
    ///
    /// # Errors
    /// [`crate::Error::Json`], which numbers from ClickHouse never give.
    pub fn seal(self, values: Vec<FrozenValue>) -> Result<Snapshot> {
        let period = &self.id.period;
        let made_of = self.made_of.into_iter();
        let header = Header {
            id: self.id.to_string(),
            installation: self.installation,
            period: period.id(),
            first: period.first().to_string(),
            last: period.last().to_string(),
            revision: self.id.revision,
            provisional: self.provisional,
            reason: self.reason,
            taken_at: self.taken_at,
            taken_by: self.taken_by,
            known_at: self.known_at,
            software: self.software,
            contents: self.contents,
            watermark: made_of.map(|each| (each.record_type, each.watermark)).collect(),
            lost: self.lost,
            quarters_hash: String::new(),
            comments_hash: String::new(),
            values_hash: hash_of_lines(&values)?,
            ledger_hash: hash_of_lines::<Changed>(&[])?,
        };
        Ok(Snapshot {
            hash: header.hash()?,
            header,
            values,
            ledger: Vec::new(),
            quarters: BTreeMap::new(),
            comments: BTreeMap::new(),
        })
    }
}

impl Header {
    /// What the numbers were made of.
    #[must_use]
    pub fn made_of(&self) -> Vec<MadeOf> {
        let each = self.watermark.iter();
        each.map(|(record_type, watermark)| MadeOf {
            record_type: record_type.clone(),
            watermark: watermark.clone(),
        })
        .collect()
    }

    /// The first offset of a partition that is not in; 0 of one that was not there.
    #[must_use]
    pub fn reached(&self, topic: &str, partition: i32) -> i64 {
        let place = format!("{topic}/{partition}");
        let offsets = self.watermark.values().filter_map(|offsets| offsets.get(&place));
        let reached = offsets.max().and_then(|next| i64::try_from(*next).ok());
        reached.unwrap_or(0)
    }

    /// SHA-256 of the canonical form: JSON without blanks, the fields in their order.
    fn hash(&self) -> Result<String> {
        Ok(hex(&serde_json::to_vec(self)?))
    }
}

impl Snapshot {
    /// The same with the changes since the revision before.
    ///
    /// # Errors
    /// [`crate::Error::Json`], which numbers from ClickHouse never give.
    pub fn with_ledger(mut self, ledger: Vec<Changed>) -> Result<Self> {
        self.header.ledger_hash = hash_of_lines(&ledger)?;
        self.hash = self.header.hash()?;
        self.ledger = ledger;
        Ok(self)
    }

    /// The same with what was counted in each quarter.
    ///
    /// # Errors
    /// [`crate::Error::Json`], which numbers from ClickHouse never give.
    pub fn with_quarters(mut self, quarters: BTreeMap<String, Quarters>) -> Result<Self> {
        self.header.quarters_hash = hash_of_map(&quarters)?;
        self.hash = self.header.hash()?;
        self.quarters = quarters;
        Ok(self)
    }

    /// The same with what is said of measures.
    ///
    /// # Errors
    /// [`crate::Error::Json`], which texts never give.
    pub fn with_comments(mut self, comments: BTreeMap<String, Said>) -> Result<Self> {
        self.header.comments_hash = hash_of_map(&comments)?;
        self.hash = self.header.hash()?;
        self.comments = comments;
        Ok(self)
    }

    /// The measures, without what is hidden of them.
    #[must_use]
    pub fn lines(&self, hidden: &[Hidden]) -> Vec<Line> {
        let lines = self.values.iter().map(|value| {
            let said = self.comments.get(&value.id);
            Line::of(value, hidden, said.map_or("", |said| &said.text))
        });
        lines.collect()
    }

    /// The canonical form of numbers: one line of JSON for each, without blanks, the fields in their order.
    ///
    /// # Errors
    /// [`crate::Error::Json`], which numbers from ClickHouse never give.
    pub fn canonical<T: Serialize>(values: &[T]) -> Result<Vec<String>> {
        let lines = values.iter().map(serde_json::to_string);
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Whether hashes and numbers still belong together.
    ///
    /// # Errors
    /// [`crate::Error::Json`], which what was read from JSON never gives.
    pub fn is_intact(&self) -> Result<bool> {
        Ok(self.header.values_hash == hash_of_lines(&self.values)?
            && self.header.ledger_hash == hash_of_lines(&self.ledger)?
            && self.header.quarters_hash == hash_of_map(&self.quarters)?
            && self.header.comments_hash == hash_of_map(&self.comments)?
            && self.hash == self.header.hash()?)
    }
}

/// SHA-256 of JSON without blanks, measures in their order; none of nothing.
fn hash_of_map<T: Serialize>(of_measures: &BTreeMap<String, T>) -> Result<String> {
    if of_measures.is_empty() {
        return Ok(String::new());
    }
    Ok(hex(&serde_json::to_vec(of_measures)?))
}

/// SHA-256 of the canonical form.
fn hash_of_lines<T: Serialize>(values: &[T]) -> Result<String> {
    let mut text = Snapshot::canonical(values)?.join("\n");
    text.push('\n');
    Ok(hex(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn snapshot(id: &str, taken_by: &str) -> Snapshot {
        let draft = Draft {
            id: id.parse().unwrap(),
            installation: "quarterday".to_owned(),
            provisional: false,
            reason: String::new(),
            taken_at: Timestamp::UNIX_EPOCH,
            taken_by: taken_by.to_owned(),
            known_at: Timestamp::UNIX_EPOCH,
            software: "0.1.0".to_owned(),
            contents: "c".to_owned(),
            made_of: vec![MadeOf {
                record_type: "order".to_owned(),
                watermark: [("returns.x/0".to_owned(), 7)].into(),
            }],
            lost: Vec::new(),
        };
        draft.seal(Vec::new()).unwrap()
    }

    #[test]
    fn what_was_changed_is_noticed() {
        let whole = snapshot("2014-15/H1/r1", "scheduler");
        assert!(whole.is_intact().unwrap());
        let text = serde_json::to_string(&whole).unwrap();
        let read: Snapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(read, whole);
        let mut other = whole.clone();
        other.header.watermark.clear();
        assert!(!other.is_intact().unwrap());
        let mut other = whole;
        other.header.values_hash = String::new();
        assert!(!other.is_intact().unwrap());
    }
}
