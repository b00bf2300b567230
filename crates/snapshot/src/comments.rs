//! The topic of comments: what the leads of measures say of a period's numbers. A comment is never changed: a later one about the same
//! measure and period takes its place, and an empty one takes it back. A snapshot freezes those that hold then.

use std::collections::BTreeMap;

use jiff::Timestamp;
use quarterday_kafka::KafkaSettings;
use serde::{Deserialize, Serialize};

use crate::{Result, topic};

/// The topic; one partition.
pub const TOPIC: &str = "comments";

/// The longest comment, in characters: two lines of a report.
pub const LONGEST: usize = 300;

/// What somebody says of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Whose system it is: the name of the BI database.
    pub installation: String,
    /// The measure.
    pub measure: String,
    /// The period.
    pub period: String,
    /// What is said; empty where an earlier one is taken back.
    pub text: String,
    /// By which role.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A comment with its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What is said; empty where an earlier one is taken back.
    pub text: String,
    /// By which role.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The how many-th it is about the measure and the period, from 1.
    pub version: u32,
}

/// All comments of one installation.
#[derive(Debug, Default)]
pub struct Comments {
    /// By period and measure, in the order of the topic.
    all: BTreeMap<(String, String), Vec<Said>>,
}

impl Comments {
    /// Reads the topic to its end.
    ///
    /// # Errors
    /// Kafka is not reached or refuses, or the topic is damaged or cannot be read by this version.
    pub async fn read(kafka: &KafkaSettings, installation: &str) -> Result<Self> {
        let installation = installation.to_owned();
        let note = move |all: &mut Self, offset, payload: &[u8]| all.note(&installation, offset, payload);
        topic::read(kafka, TOPIC, note).await
    }

    fn note(&mut self, installation: &str, offset: i64, payload: &[u8]) -> Result<()> {
        let comment: Comment = topic::parse(TOPIC, offset, payload)?;
        if comment.installation == installation {
            let of_measure = self.all.entry((comment.period, comment.measure)).or_default();
            let version = u32::try_from(of_measure.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            of_measure.push(Said {
                text: comment.text,
                by: comment.by,
                at: comment.at,
                version,
            });
        }
        Ok(())
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// Kafka is not reached or refuses.
    pub async fn append(kafka: &KafkaSettings, comment: &Comment) -> Result<()> {
        let key = format!("{}|{}|{}", comment.installation, comment.period, comment.measure);
        topic::append(kafka, TOPIC, key, comment).await
    }

    /// All versions about a measure and a period, the first one first.
    #[must_use]
    pub fn versions(&self, period: &str, measure: &str) -> &[Said] {
        let all = self.all.get(&(period.to_owned(), measure.to_owned()));
        all.map_or(&[], Vec::as_slice)
    }

    /// What is said of each measure of a period now.
    #[must_use]
    pub fn of_period(&self, period: &str) -> BTreeMap<String, Said> {
        let of_period = self.all.iter().filter(|((of, _), _)| of == period);
        let newest =
            of_period.filter_map(|((_, measure), said)| Some((measure.clone(), said.last()?.clone())));
        newest.filter(|(_, said)| !said.text.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(comments: &mut Comments, measure: &str, period: &str, text: &str) {
        let comment = Comment {
            installation: "quarterday".to_owned(),
            measure: measure.to_owned(),
            period: period.to_owned(),
            text: text.to_owned(),
            by: "lead".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        comments
            .note("quarterday", 0, &serde_json::to_vec(&comment).unwrap())
            .unwrap();
        comments
            .note("elsewhere", 0, &serde_json::to_vec(&comment).unwrap())
            .unwrap();
    }

    #[test]
    fn the_newest_holds_and_an_empty_one_takes_it_back() {
        let mut comments = Comments::default();
        note(&mut comments, "P1.01a", "2015-16/Q1", "first");
        note(&mut comments, "P1.01a", "2015-16/Q1", "second");
        note(&mut comments, "P1.01b", "2015-16/Q1", "other");
        note(&mut comments, "P1.01b", "2015-16/Q1", "");
        note(&mut comments, "P1.01a", "2015-16/Q2", "later");
        let held = comments.of_period("2015-16/Q1");
        let held: Vec<(&str, &str, u32)> = held
            .iter()
            .map(|(measure, said)| (measure.as_str(), said.text.as_str(), said.version))
            .collect();
        assert_eq!(held, [("P1.01a", "second", 2)]);
        assert_eq!(comments.versions("2015-16/Q1", "P1.01b").len(), 2);
        assert!(comments.note("quarterday", 7, b"{}").is_err());
    }
}
