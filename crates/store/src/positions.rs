//! How far each topic-partition is worked off in the store. Written after the rows of a batch, so a position never runs
//! ahead of them; a worker killed in between leaves rows that the next one writes again, and they collapse.

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
