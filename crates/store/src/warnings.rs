//! Warnings: accepted messages that a check of severity warning remarked on, and the records that still have one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::native::Columnar;
use crate::sql;
use crate::{Result, Store};

/// An accepted message that a check of severity warning remarked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where it was consumed.
    pub topic: String,
    /// Partition it was consumed from.
    pub partition: u32,
    /// Offset it was consumed at.
    pub offset: u64,
    /// Feed of the topic.
    pub feed: String,
    /// Id of the check in the feeds file.
    pub warning: String,
}

/// A record whose newest version has a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarnedRecord {
    /// Feed of the record.
    pub feed: String,
    /// Id of the check in the feeds file.
    pub check: String,
    /// The record's partner.
    pub partner: String,
    /// The partner's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The version that has it.
    pub version: u32,
    /// Where the version lies in Kafka.
    pub topic: String,
    /// Partition of the topic.
    pub kafka_partition: u32,
    /// Offset in the partition.
    pub kafka_offset: u64,
    /// Kafka timestamp of the message, milliseconds since 1970 UTC.
    pub kafka_time_ms: i64,
}

/// How many records have the same warning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WarningCount {
    /// Feed of the records.
    pub feed: String,
    /// Id of the check in the feeds file.
    pub check: String,
    /// Records whose newest version has it.
    pub records: u64,
}

/// What warnings are narrowed to; empty for all.
#[derive(Debug, Clone, Default)]
pub struct WarningFilter {
    /// Only this feed.
    pub feed: Option<String>,
    /// Only this check.
    pub check: Option<String>,
}

#[derive(Deserialize)]
struct Feed {
    feed: String,
}

impl Store {
    /// Lists remarks on accepted messages. Writing one again changes nothing.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn write_warnings(&self, warnings: &[Warning]) -> Result<()> {
        if warnings.is_empty() {
            return Ok(());
        }
        let table = format!("{}.warnings", self.names().store());
        let mut block = Columnar::new(&table, warnings.len());
        block.add_coded("topic", warnings.iter().map(|w| w.topic.as_str()))?;
        block.add_u32("kafka_partition", warnings.iter().map(|w| w.partition))?;
        block.add_u64("kafka_offset", warnings.iter().map(|w| w.offset))?;
        block.add_coded("feed", warnings.iter().map(|w| w.feed.as_str()))?;
        block.add_coded("warning", warnings.iter().map(|w| w.warning.as_str()))?;
        self.insert_block("list warnings", block.build()).await
    }

    /// The warnings of records, counted, most frequent first. `feeds`: the record type of each feed.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn count_warnings(
        &self,
        feeds: &BTreeMap<String, String>,
        filter: &WarningFilter,
    ) -> Result<Vec<WarningCount>> {
        let select = "feed, check, count() AS records";
        let behind = "GROUP BY feed, check ORDER BY records DESC, feed, check";
        self.open_warnings(feeds, filter, (select, behind)).await
    }

    /// The records that have warnings, newest first, at most `limit`. `feeds`: the record type of each feed.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn warned_records(
        &self,
        feeds: &BTreeMap<String, String>,
        filter: &WarningFilter,
        limit: u32,
    ) -> Result<Vec<WarnedRecord>> {
        let behind = format!(
            "ORDER BY kafka_time_ms DESC, topic, kafka_partition, kafka_offset DESC, check LIMIT {limit}"
        );
        self.open_warnings(feeds, filter, ("*", &behind)).await
    }

    async fn open_warnings<R: serde::de::DeserializeOwned>(
        &self,
        feeds: &BTreeMap<String, String>,
        filter: &WarningFilter,
        (select, behind): (&str, &str),
    ) -> Result<Vec<R>> {
        let params = [
            ("feed", filter.feed.as_deref().unwrap_or_default()),
            ("check", filter.check.as_deref().unwrap_or_default()),
        ];
        let warned: Vec<Feed> = self
            .rows("look at warnings", &sql::warnings::feeds(self.names()), &params)
            .await?;
        let record_types = warned.iter().filter_map(|warned| feeds.get(&warned.feed));
        let Some(open) = sql::warnings::open(self.names(), record_types.map(String::as_str)) else {
            return Ok(Vec::new());
        };
        let sql = format!("SELECT {select} FROM ({open}) {behind}");
        self.rows("list warnings", &sql, &params).await
    }
}
