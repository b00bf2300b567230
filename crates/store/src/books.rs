//! What the log holds besides records: gaps, replays and decisions. Writing one again changes nothing.

use crate::native::Columnar;
use crate::{Result, Store};

/// A range of offsets under which there is no message to be consumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: i32,
    /// The first offset of the gap.
    pub first: i64,
    /// The first offset behind it.
    pub next: i64,
    /// Why.
    pub kind: GapKind,
}

/// Why there is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapKind {
    /// Kafka itself left the gap: control records, aborted transactions, compaction.
    Kafka,
    /// Retention or erasure took the messages away before they were consumed.
    Gone,
    /// The record batch is damaged where the broker keeps it.
    Damaged,
}

impl GapKind {
    /// As the store has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            GapKind::Kafka => "kafka",
            GapKind::Gone => "gone",
            GapKind::Damaged => "damaged",
        }
    }
}

/// A message that was put through again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Kafka topic, of the first message too.
    pub topic: String,
    /// Its partition.
    pub partition: i32,
    /// Its offset.
    pub offset: i64,
    /// Partition of the message that was rejected first.
    pub first_partition: i32,
    /// Offset of that.
    pub first_offset: i64,
}

/// What somebody decided about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Partition of the decision in the topic of decisions.
    pub partition: i32,
    /// Offset of the decision there.
    pub offset: i64,
    /// Kafka timestamp of the decision, milliseconds since 1970 UTC.
    pub time_ms: i64,
    /// Topic of the message that it is about.
    pub topic: String,
    /// Partition of that.
    pub of_partition: i32,
    /// Offset of that.
    pub of_offset: i64,
    /// What was decided: `discard`.
    pub verdict: String,
    /// A code that says why.
    pub why: String,
}

impl Store {
    /// Notes gaps.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn write_gaps(&self, gaps: &[Gap]) -> Result<()> {
        if gaps.is_empty() {
            return Ok(());
        }
        let table = format!("{}.gaps", self.names().store());
        let mut block = Columnar::new(&table, gaps.len());
        let rows = || gaps.iter();
        block.add_coded("topic", rows().map(|gap| gap.topic.as_str()))?;
        block.add_u32("kafka_partition", rows().map(|gap| unsigned(gap.partition)))?;
        block.add_u64("first_offset", rows().map(|gap| unsigned(gap.first)))?;
        block.add_u64("next_offset", rows().map(|gap| unsigned(gap.next)))?;
        block.add_coded("kind", rows().map(|gap| gap.kind.as_str()))?;
        self.insert_block("note gaps of the log", block.build()).await
    }

    /// Notes which messages are replays.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn write_replays(&self, replays: &[Replay]) -> Result<()> {
        if replays.is_empty() {
            return Ok(());
        }
        let table = format!("{}.replays", self.names().store());
        let mut block = Columnar::new(&table, replays.len());
        let rows = || replays.iter();
        block.add_coded("topic", rows().map(|replay| replay.topic.as_str()))?;
        block.add_u32("kafka_partition", rows().map(|replay| unsigned(replay.partition)))?;
        block.add_u64("kafka_offset", rows().map(|replay| unsigned(replay.offset)))?;
        block.add_u32(
            "first_partition",
            rows().map(|replay| unsigned(replay.first_partition)),
        )?;
        block.add_u64("first_offset", rows().map(|replay| unsigned(replay.first_offset)))?;
        self.insert_block("note replays", block.build()).await
    }

    /// Notes decisions.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn write_decisions(&self, decisions: &[Decided]) -> Result<()> {
        if decisions.is_empty() {
            return Ok(());
        }
        let table = format!("{}.decisions", self.names().store());
        let mut block = Columnar::new(&table, decisions.len());
        let rows = || decisions.iter();
        block.add_u32("kafka_partition", rows().map(|d| unsigned(d.partition)))?;
        block.add_u64("kafka_offset", rows().map(|d| unsigned(d.offset)))?;
        block.add_millis("kafka_time", rows().map(|d| d.time_ms))?;
        block.add_coded("topic", rows().map(|d| d.topic.as_str()))?;
        block.add_u32("of_partition", rows().map(|d| unsigned(d.of_partition)))?;
        block.add_u64("of_offset", rows().map(|d| unsigned(d.of_offset)))?;
        block.add_coded("verdict", rows().map(|d| d.verdict.as_str()))?;
        block.add_coded("why", rows().map(|d| d.why.as_str()))?;
        self.insert_block("note decisions", block.build()).await
    }
}

/// Kafka's partitions and offsets of messages that lie there are never negative.
pub(crate) fn unsigned<S, U: TryFrom<S> + Default>(number: S) -> U {
    U::try_from(number).unwrap_or_default()
}
