//! Inserting one batch of version rows of one feed as one column block.

use std::time::Duration;

use quarterday_events::{Columns, RecordType};

use crate::native::{Block, Columnar};
use crate::{Result, Store};

/// The accepted messages of one feed that one insert takes: the decoded columns, and where in the log each row stands.
#[derive(Debug)]
pub struct VersionRows {
    /// The feed's topic.
    pub topic: String,
    /// The decoded records, one row each.
    pub columns: Columns,
    /// Kafka partition of each row.
    pub partitions: Vec<u32>,
    /// Kafka offset of each row.
    pub offsets: Vec<u64>,
    /// Kafka timestamp of each row, milliseconds since 1970 UTC.
    pub times_ms: Vec<i64>,
}

impl VersionRows {
    /// An empty batch for a feed.
    #[must_use]
    pub fn new(topic: &str, record_type: &RecordType) -> Self {
        VersionRows {
            topic: topic.to_owned(),
            columns: Columns::new(record_type),
            partitions: Vec::new(),
            offsets: Vec::new(),
            times_ms: Vec::new(),
        }
    }

    /// Takes the newest row back.
    pub fn pop(&mut self) {
        self.columns.truncate(self.len().saturating_sub(1));
        self.partitions.pop();
        self.offsets.pop();
        self.times_ms.pop();
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }
}

/// A ClickHouse that has not taken a block after so long is away: connections can die without a word.
const INSERT_LIMIT: Duration = Duration::from_secs(180);

impl Store {
    /// Inserts the rows into the version log of their record type. Inserting the same rows again changes nothing (I2).
    ///
    /// # Errors
    /// [`crate::Error::Away`] or [`crate::Error::Refused`]; [`crate::Error::Block`] when the columns do not belong to the
    /// record type.
    pub async fn insert_versions(&self, record_type: &RecordType, rows: &VersionRows) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let table = self.names().log(record_type.name());
        let block = build_block(&table, record_type, rows)?;
        self.insert_block("insert version rows", block).await
    }

    /// Inserts one block.
    pub(crate) async fn insert_block(&self, doing: &str, block: Block) -> Result<()> {
        let insert = async {
            let mut insert = self.client().insert_formatted_with(block.sql);
            insert.send(block.head.into()).await?;
            insert.send(block.body.into()).await?;
            insert.end().await
        };
        tokio::time::timeout(INSERT_LIMIT, insert)
            .await
            .unwrap_or(Err(clickhouse::error::Error::TimedOut))
            .map_err(|e| self.error(doing, e))
    }
}

fn build_block(table: &str, record_type: &RecordType, rows: &VersionRows) -> Result<Block> {
    let mut block = Columnar::new(table, rows.len());
    block.add_coded("topic", rows.offsets.iter().map(|_| rows.topic.as_str()))?;
    block.add_u32("kafka_partition", rows.partitions.iter().copied())?;
    block.add_u64("kafka_offset", rows.offsets.iter().copied())?;
    block.add_millis("kafka_time", rows.times_ms.iter().copied())?;
    for (spec, column) in record_type.columns().iter().zip(rows.columns.columns()) {
        block.add_record_column(spec, column)?;
    }
    Ok(block.build())
}
