//! What those who watch an installation ask: whether it answers and can be worked with, how far one place of the log is in the
//! measures, what became of some messages. Each question is cheap however much is stored.

use std::time::Duration;

use quarterday_events::RecordType;
use serde::Deserialize;

use crate::sql::{literal, record_tables};
use crate::{Result, Store};

/// An answer that takes longer is none.
const ANSWER_LIMIT: Duration = Duration::from_secs(3);

/// Messages of one partition, by their offsets: from `first` to before `next`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: i32,
    /// The first offset.
    pub first: i64,
    /// The offset behind the last.
    pub next: i64,
}

/// What became of some messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Outcomes {
    /// How many of them are in the log.
    pub examined: u64,
    /// Those that repeat a version.
    pub duplicate: u64,
    /// Those that give a version another content.
    pub conflict: u64,
    /// Those about a record that was not submitted.
    pub orphan: u64,
}

/// The same, of one topic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Examined {
    /// Kafka topic.
    pub topic: String,
    /// What became of its messages.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

#[derive(Deserialize)]
struct Covered {
    next_offset: u64,
}

impl Store {
    /// Whether the store answers soon and can be worked with.
    ///
    /// # Errors
    /// [`crate::Error::Away`] when it does not answer, [`crate::Error::Refused`] when the schema is not there or the password is wrong,
    /// [`crate::Error::UnderMigration`].
    pub async fn is_ready(&self) -> Result<()> {
        tokio::time::timeout(ANSWER_LIMIT, self.refuse_during_a_migration())
            .await
            .unwrap_or_else(|_elapsed| {
                Err(self.error(
                    "ask ClickHouse for a sign of life",
                    clickhouse::error::Error::TimedOut,
                ))
            })
    }

    /// The next offset of a partition that the measures of its record type do not cover.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn covered(&self, record_type: &str, topic: &str, partition: i32) -> Result<u64> {
        let place = format!("{topic}/{partition}");
        let sql = format!(
            "SELECT max(watermark[{}]) AS next_offset FROM {}.measure_cells \
             WHERE record_type = {} AND measure = '' AND level = 'refresh' AND period = ''",
            literal(&place),
            self.names().store(),
            literal(record_type)
        );
        let rows: Vec<Covered> = self.rows("read a watermark", &sql, &[]).await?;
        Ok(rows.first().map_or(0, |row| row.next_offset))
    }

    /// What became of messages of one record type, by topic. Reads the records that they are about, and no others.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn examine(&self, record_type: &RecordType, stretches: &[Stretch]) -> Result<Vec<Examined>> {
        let each = stretches.iter().map(|stretch| {
            format!(
                "(topic = {} AND kafka_partition = {} AND kafka_offset >= {} AND kafka_offset < {})",
                literal(&stretch.topic),
                stretch.partition,
                stretch.first,
                stretch.next
            )
        });
        let each: Vec<String> = each.collect();
        if each.is_empty() {
            return Ok(Vec::new());
        }
        let sql = record_tables::outcomes_of(self.names(), record_type, &each.join(" OR "));
        self.rows("look up what became of messages", &sql, &[]).await
    }
}
