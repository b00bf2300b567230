//! The list of quarantined messages. The messages themselves wait whole in the Kafka topic `quarantine`; here stands where
//! each came from and why it was rejected, in plain words.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::books::unsigned;
use crate::native::{Block, Columnar};
use crate::{Result, Store};

/// The place in the quarantine topic of a message that was not sent there: by a store that readers do not see.
pub const HELD_BACK: (i32, i64) = (i32::MAX, i64::MAX);

/// The place of one that the log did not have any more when it was to be sent.
pub const GONE: (i32, i64) = (i32::MAX - 1, i64::MAX);

/// Held back messages that are looked up at a time.
const STRETCH: u32 = 500;

/// One quarantined message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rejected {
    /// Where it was consumed.
    pub topic: String,
    /// Partition it was consumed from.
    pub kafka_partition: i32,
    /// Offset it was consumed at.
    pub kafka_offset: i64,
    /// Kafka timestamp of the message, milliseconds since 1970 UTC.
    pub kafka_time_ms: i64,
    /// Feed of the topic.
    pub feed: String,
    /// Step that rejected it: wire, schema, decode or check.
    pub stage: String,
    /// Short code of the reason.
    pub reason: String,
    /// The field at fault, or empty.
    pub field: String,
    /// What is wrong and what to do, in plain words.
    pub detail: String,
    /// The record's partner as far as it was decoded, else that of the feed.
    pub partner: String,
    /// The record's reference, if it was decoded.
    pub reference: String,
    /// Length of the message in bytes.
    pub bytes: u32,
    /// Where it waits in the quarantine topic.
    pub quarantine_partition: i32,
    /// Offset in the quarantine topic.
    pub quarantine_offset: i64,
}

impl Store {
    /// The newest message of each partition of the quarantine topic that is listed.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn newest_rejected(&self) -> Result<Vec<NewestRejected>> {
        let sql = self.names().fill(
            "SELECT quarantine_partition AS partition, max(quarantine_offset) AS offset FROM {store}.rejected \
             WHERE quarantine_partition < 2147483646 GROUP BY partition",
        );
        self.rows("look for the newest rejected messages", &sql, &[])
            .await
    }

    /// Some of the messages that were rejected and not sent to the quarantine topic.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn held_back(&self) -> Result<Vec<Rejected>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/held_back.sql"));
        let (partition, limit) = (HELD_BACK.0.to_string(), STRETCH.to_string());
        let params = [("partition", partition.as_str()), ("limit", &limit)];
        self.rows("look for messages that were held back", &sql, &params)
            .await
    }

    /// Lists quarantined messages. Writing one again (after a crash before the commit) changes nothing.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn write_rejected(&self, rejected: &[Rejected]) -> Result<()> {
        if rejected.is_empty() {
            return Ok(());
        }
        let table = format!("{}.rejected", self.names().store());
        self.insert_block("list quarantined messages", build_block(&table, rejected)?)
            .await
    }

    /// How many messages of a topic were rejected and how many have warnings, from these offsets of its partitions on.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn remarks_since(&self, topic: &str, since: &BTreeMap<i32, i64>) -> Result<Remarks> {
        let since: Vec<String> = since
            .iter()
            .map(|(partition, offset)| format!("{partition}, {offset}"))
            .collect();
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/remarks_since.sql"))
            .replace("{since}", &since.join(", "));
        let remarks: Vec<Remarks> = self
            .rows("count quarantined messages", &sql, &[("topic", topic)])
            .await?;
        Ok(remarks.into_iter().next().unwrap_or_default())
    }
}

/// The newest message of a partition of the quarantine topic that is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct NewestRejected {
    /// Partition of the quarantine topic.
    pub partition: i32,
    /// Offset in it.
    pub offset: i64,
}

/// What was said of some messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Remarks {
    /// Messages in quarantine.
    pub rejected: u64,
    /// Accepted messages that have warnings.
    pub warned: u64,
}

fn build_block(table: &str, rejected: &[Rejected]) -> Result<Block> {
    let mut block = Columnar::new(table, rejected.len());
    let rows = || rejected.iter();
    block.add_coded("topic", rows().map(|r| r.topic.as_str()))?;
    block.add_u32("kafka_partition", rows().map(|r| unsigned(r.kafka_partition)))?;
    block.add_u64("kafka_offset", rows().map(|r| unsigned(r.kafka_offset)))?;
    block.add_millis("kafka_time", rows().map(|r| r.kafka_time_ms))?;
    block.add_coded("feed", rows().map(|r| r.feed.as_str()))?;
    block.add_coded("stage", rows().map(|r| r.stage.as_str()))?;
    block.add_coded("reason", rows().map(|r| r.reason.as_str()))?;
    block.add_coded("field", rows().map(|r| r.field.as_str()))?;
    block.add_strings("detail", rows().map(|r| r.detail.as_str()))?;
    block.add_coded("partner", rows().map(|r| r.partner.as_str()))?;
    block.add_strings("ref", rows().map(|r| r.reference.as_str()))?;
    block.add_u32("bytes", rows().map(|r| r.bytes))?;
    block.add_u32(
        "quarantine_partition",
        rows().map(|r| unsigned(r.quarantine_partition)),
    )?;
    block.add_u64("quarantine_offset", rows().map(|r| unsigned(r.quarantine_offset)))?;
    Ok(block.build())
}
