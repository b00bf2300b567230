//! What every refresh of measures was made of, as messages: the log from which numbers can be derived again as they were shown, by
//! whoever has a new store. Beside them, in a topic of their own, the files that were in force.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::producer::Record;
use crate::{Error, KafkaSettings, MessageFields as _, read};

/// The topic of watermarks; one partition, so that they have an order.
pub const TOPIC: &str = "watermarks";

/// The topic of contents; one partition.
pub const CONTENTS_TOPIC: &str = "contents";

/// A refresh of the measures of one record type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// The BI database of the store.
    pub installation: String,
    /// The record type.
    pub record_type: String,
    /// When it began, UTC, as ClickHouse writes it, to the microsecond; together with the record type its name.
    pub shown_at: String,
    /// Per `topic/partition`, the first offset that it has not seen.
    pub watermark: BTreeMap<String, u64>,
    /// Hashes of what contributions are made by, of the definitions and periods, and of the complete FULL returns.
    pub definitions: String,
    /// Hash of the files in force.
    pub contents: String,
}

/// The files that were in force: plans, feeds, code lists, schemas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// SHA-256 of names and texts, in hexadecimal digits.
    pub hash: String,
    /// Version of the software that put them in force.
    pub software: String,
    /// Each file.
    pub files: Vec<ContentsFile>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentsFile {
    /// Its name.
    pub name: String,
    /// All of it.
    pub text: String,
}

impl Watermark {
    /// The message that says so.
    pub fn record(&self) -> Record {
        let key = format!("{}|{}", self.installation, self.record_type);
        // Strings and numbers always are JSON.
        Record::new(TOPIC, key, serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a message of the topic; none for what is no watermark.
    pub fn parse(value: &[u8]) -> Option<Self> {
        serde_json::from_slice(value).ok()
    }
}

/// Reads what an installation has told, all of it or since an instant, in milliseconds since 1970; blocks.
///
/// # Errors
/// The topic cannot be read.
pub fn each(
    kafka: &KafkaSettings,
    installation: &str,
    since_ms: Option<i64>,
    mut visit: impl FnMut(Watermark),
) -> Result<(), Error> {
    let from = match since_ms {
        Some(since) => read::offsets_since(kafka, TOPIC, since)?,
        None => read::PartitionOffsets::new(),
    };
    read::read_from(kafka, TOPIC, &from, |message| {
        let watermark = message.payload().and_then(Watermark::parse);
        watermark
            .filter(|of| of.installation == installation)
            .map(&mut visit);
        Ok::<_, Error>(())
    })?;
    Ok(())
}

/// What an installation had shown at an instant: the newest refresh of each record type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown(BTreeMap<String, Watermark>);

impl Shown {
    /// Reads the topic; blocks. `at`: UTC, as ClickHouse writes it, to the microsecond.
    ///
    /// # Errors
    /// The topic cannot be read.
    pub fn at(kafka: &KafkaSettings, installation: &str, at: &str) -> Result<Self, Error> {
        let mut shown = Shown::default();
        each(kafka, installation, None, |of| {
            if *of.shown_at <= *at {
                shown.take(of);
            }
        })?;
        Ok(shown)
    }

    fn take(&mut self, watermark: Watermark) {
        let known = self.0.get(&watermark.record_type);
        if known.is_none_or(|known| known.shown_at < watermark.shown_at) {
            self.0.insert(watermark.record_type.clone(), watermark);
        }
    }

    /// One for each record type.
    pub fn newest(&self) -> impl Iterator<Item = &Watermark> {
        self.0.values()
    }

    /// Hash of the files that were in force; none where nothing was shown yet.
    #[must_use]
    pub fn contents(&self) -> Option<&str> {
        let newest = self.newest().max_by_key(|watermark| &watermark.shown_at);
        newest.map(|newest| newest.contents.as_str())
    }
}

impl Contents {
    /// The message that holds them.
    pub fn record(&self) -> Record {
        Record::new(
            CONTENTS_TOPIC,
            self.hash.clone(),
            serde_json::to_vec(self).unwrap_or_default(),
        )
    }

    /// Reads a message of the topic; none for what is something else.
    pub fn parse(value: &[u8]) -> Option<Self> {
        serde_json::from_slice(value).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_each_record_type_holds_in_whatever_order_they_were_told() {
        let of = |record_type: &str, minute: u8, contents: &str| Watermark {
            installation: "quarterday".to_owned(),
            record_type: record_type.to_owned(),
            shown_at: format!("2026-10-14 09:{minute:02}:00.000001"),
            watermark: [("returns.x/0".to_owned(), u64::from(minute))].into(),
            definitions: "a b c".to_owned(),
            contents: contents.to_owned(),
        };
        let mut shown = Shown::default();
        for watermark in [of("order", 30, "e"), of("order", 10, "d"), of("arrest", 20, "d")] {
            shown.take(watermark);
        }
        let newest: Vec<_> = shown.newest().map(|of| of.watermark["returns.x/0"]).collect();
        assert_eq!((newest, shown.contents()), (vec![20, 30], Some("e")));
        assert_eq!(Shown::default().contents(), None);
    }

    #[test]
    fn they_are_read_as_they_are_written() {
        let watermark = Watermark {
            installation: "quarterday".to_owned(),
            record_type: "order".to_owned(),
            shown_at: "2026-10-14 09:30:00.000001".to_owned(),
            watermark: [("returns.x/0".to_owned(), 7)].into(),
            definitions: "a b c".to_owned(),
            contents: "d".to_owned(),
        };
        let record = watermark.record();
        assert_eq!(record.key.as_deref(), Some(b"quarterday|order".as_slice()));
        assert_eq!(
            Watermark::parse(&record.value.unwrap_or_default()),
            Some(watermark)
        );
        assert_eq!(Watermark::parse(b"{}"), None);
        let contents = Contents {
            hash: "d".to_owned(),
            software: "0.1.0".to_owned(),
            files: vec![ContentsFile {
                name: "feeds.toml".to_owned(),
                text: "[[feed]]".to_owned(),
            }],
        };
        let record = contents.record();
        assert_eq!(Contents::parse(&record.value.unwrap_or_default()), Some(contents));
    }
}
