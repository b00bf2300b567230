//! How far each topic-partition is worked off in the store. Written after the rows of a batch, so a position never runs
//! ahead of them; a worker killed in between leaves rows that the next one writes again, and they collapse.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::sql::literal;
use crate::{Result, Store};

/// The store's position in one partition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Position {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    #[serde(rename = "kafka_partition")]
    pub partition: i32,
    /// Record type of the topic's feed.
    pub record_type: String,
    /// Every offset below has its outcome in the store.
    pub next_offset: i64,
}

/// How far a partition is worked off, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reached {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    #[serde(rename = "kafka_partition")]
    pub partition: i32,
    /// Every offset below has its outcome in the store.
    pub next_offset: i64,
    /// When that was noted, by ClickHouse's clock, milliseconds since 1970 UTC.
    pub written_at_ms: i64,
}

#[derive(Deserialize)]
struct Accepted {
    kafka_offset: i64,
    is_whole: bool,
}

impl Store {
    /// Notes that these partitions are worked off up to these offsets. Positions only rise.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn write_positions(&self, positions: &[Position]) -> Result<()> {
        if positions.is_empty() {
            return Ok(());
        }
        let mut sql = format!(
            "INSERT INTO {}.positions (topic, kafka_partition, record_type, next_offset) VALUES ",
            self.names().store()
        );
        for (i, p) in positions.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            let (topic, record_type) = (literal(&p.topic), literal(&p.record_type));
            // Writing to a String cannot fail.
            let _ = write!(
                sql,
                "{comma}({topic}, {}, {record_type}, {})",
                p.partition, p.next_offset
            );
        }
        self.execute("write positions", &sql).await
    }

    /// All positions, with when they were noted.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn reached(&self) -> Result<Vec<Reached>> {
        let sql = format!(
            "SELECT topic, kafka_partition, next_offset, toUnixTimestamp64Milli(written_at) AS written_at_ms \
             FROM {}.positions FINAL",
            self.names().store()
        );
        self.rows("read positions", &sql, &[]).await
    }

    /// Offsets of accepted messages of a partition, from `next` on. Where ClickHouse was cut off between a row and its arrival, that is noted.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn accepted_beyond(
        &self,
        record_type: &str,
        (topic, partition): (&str, i32),
        next: i64,
    ) -> Result<BTreeSet<i64>> {
        let sql = include_str!("../../../schemas/clickhouse/accepted_beyond.sql");
        let sql = self
            .names()
            .fill(sql)
            .replace("{log}", &self.names().log(record_type));
        let (partition, next) = (partition.to_string(), next.to_string());
        let params = [
            ("record_type", record_type),
            ("topic", topic),
            ("partition", partition.as_str()),
            ("next", next.as_str()),
        ];
        let accepted: Vec<Accepted> = self.rows("look for accepted messages", &sql, &params).await?;
        if accepted.iter().any(|row| !row.is_whole) {
            let sql = include_str!("../../../schemas/clickhouse/arrivals_beyond.sql");
            let sql = self
                .names()
                .fill(sql)
                .replace("{log}", &self.names().log(record_type));
            self.execute_with("note arrivals of accepted messages", &sql, &params)
                .await?;
        }
        Ok(accepted.into_iter().map(|row| row.kafka_offset).collect())
    }

    /// All positions.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn positions(&self) -> Result<Vec<Position>> {
        let sql = format!(
            "SELECT topic, kafka_partition, record_type, next_offset FROM {}.positions FINAL \
             ORDER BY topic, kafka_partition",
            self.names().store()
        );
        self.rows("read positions", &sql, &[]).await
    }
}
