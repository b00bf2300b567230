//! What the log has lost since another store was derived from it: known by range, and told apart from what Kafka leaves out by itself.

use serde::{Deserialize, Serialize};

use crate::{Gap, GapKind, Result, Store};

/// Offsets of which there was a message once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: i32,
    /// The first of them.
    pub first: i64,
    /// The first offset behind them.
    pub next: i64,
    /// `kafka`: compaction or an erasure took them; `gone`: the same, noted before; `damaged`: their record batch is damaged.
    pub kind: String,
    #[serde(skip_serializing)]
    gap_first: i64,
    #[serde(skip_serializing)]
    gap_next: i64,
}

impl Store {
    /// What had an outcome in the store `before`, and is gone from the log that this one was derived from.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn taken_since(&self, before: &Store) -> Result<Vec<Taken>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/taken.sql"))
            .replace("{before}", before.names().store());
        self.rows("look for messages that the log has lost", &sql, &[])
            .await
    }

    /// How many messages are rejected here and were not in the other store.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn refused_only_here(&self, other: &Store) -> Result<u64> {
        #[derive(Deserialize)]
        struct Found {
            messages: u64,
        }
        let sql = format!(
            "SELECT uniqExact(topic, kafka_partition, kafka_offset) AS messages FROM {}.rejected \
             WHERE (topic, kafka_partition, kafka_offset) NOT IN (SELECT topic, kafka_partition, kafka_offset FROM {}.rejected)",
            self.names().store(),
            other.names().store()
        );
        let found: Vec<Found> = self.rows("look what is rejected here only", &sql, &[]).await?;
        Ok(found.first().map_or(0, |found| found.messages))
    }

    /// Notes that compaction or an erasure took them: their gaps are not Kafka's own. Noting it again changes nothing.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn note_taken(&self, taken: &[Taken]) -> Result<()> {
        let taken: Vec<&Taken> = taken.iter().filter(|taken| taken.kind == "kafka").collect();
        for runs in taken.chunk_by(|a, b| a.gap() == b.gap()) {
            let Some(first) = runs.first() else { continue };
            // A gap is known by its first offset: the whole makes room for its pieces.
            let sql = format!(
                "ALTER TABLE {}.gaps DELETE WHERE topic = {{topic:String}} AND kafka_partition = {{partition:UInt32}} \
                 AND first_offset = {{first:UInt64}} AND next_offset = {{next:UInt64}} AND kind = 'kafka' SETTINGS mutations_sync = 2",
                self.names().store()
            );
            let partition = first.partition.to_string();
            let (offset, next) = (first.gap_first.to_string(), first.gap_next.to_string());
            let params = [
                ("topic", first.topic.as_str()),
                ("partition", &partition),
                ("first", &offset),
                ("next", &next),
            ];
            // Before and after: a piece that begins where the whole does gives way to it, and one that does not stays if this is cut off.
            self.write_gaps(&pieces(runs)).await?;
            self.execute_with("part a gap", &sql, &params).await?;
            self.write_gaps(&pieces(runs)).await?;
        }
        Ok(())
    }
}

impl Taken {
    fn gap(&self) -> (&str, i32, i64) {
        (&self.topic, self.partition, self.gap_first)
    }
}

/// The gap that these runs are in, in pieces: what was taken, and what Kafka left between.
fn pieces(runs: &[&Taken]) -> Vec<Gap> {
    let mut pieces = Vec::new();
    let mut add = |taken: &Taken, first: i64, next: i64, kind: GapKind| {
        if first < next {
            pieces.push(Gap {
                topic: taken.topic.clone(),
                partition: taken.partition,
                first,
                next,
                kind,
            });
        }
    };
    let mut reached = runs.first().map_or(0, |run| run.gap_first);
    for run in runs {
        add(run, reached, run.first, GapKind::Kafka);
        add(run, run.first, run.next, GapKind::Gone);
        reached = run.next;
    }
    if let Some(last) = runs.last() {
        add(last, reached, last.gap_next, GapKind::Kafka);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_parted_into_what_was_taken_and_what_kafka_left() {
        let run = |first, next| Taken {
            topic: "t".to_owned(),
            partition: 1,
            first,
            next,
            kind: "kafka".to_owned(),
            gap_first: 5,
            gap_next: 12,
        };
        let (one, two) = (run(5, 7), run(9, 10));
        let pieces = pieces(&[&one, &two]);
        let pieces: Vec<_> = pieces.iter().map(|p| (p.first, p.next, p.kind)).collect();
        assert_eq!(
            pieces,
            [
                (5, 7, GapKind::Gone),
                (7, 9, GapKind::Kafka),
                (9, 10, GapKind::Gone),
                (10, 12, GapKind::Kafka)
            ]
        );
    }
}
