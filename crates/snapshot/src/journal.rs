//! The topic of snapshots. It has one partition, so its order is the order for all: of several messages about one period and revision the
//! first is the snapshot, and whoever wrote another takes that one. Whoever was killed between writing here and telling ClickHouse leaves
//! nothing to be mended: ClickHouse is told again by the next.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::{KafkaSettings, MessageFields, read};
use quarterday_plan::period::Period;

use crate::{Error, Id, Result, Snapshot};

/// The topic; one partition.
pub const TOPIC: &str = "snapshots";

/// The largest message: a plan of some thousand measures.
pub const MESSAGE_LIMIT: usize = 16 << 20;

/// All snapshots of one installation.
#[derive(Debug, Default)]
pub struct Journal {
    /// By period and revision.
    snapshots: BTreeMap<(String, u32), Snapshot>,
}

impl Journal {
    /// Reads the topic to its end.
    ///
    /// # Errors
    /// Kafka is not reached or refuses, or the topic is damaged: a snapshot that cannot be read must not be made again as another.
    pub async fn read(kafka: &KafkaSettings, installation: &str) -> Result<Self> {
        let (kafka, installation) = (kafka.clone(), installation.to_owned());
        let read = tokio::task::spawn_blocking(move || {
            let mut journal = Journal::default();
            read::read_undamaged(&kafka, TOPIC, &BTreeMap::new(), |message| {
                journal.note(&installation, message.offset(), message.payload());
                Ok::<_, quarterday_kafka::Error>(())
            })?;
            Ok(journal)
        });
        let read = read.await.map_err(|_| Error::CutOff)?;
        read.map_err(Error::kafka("read the topic snapshots"))
    }

    /// Takes a message in, unless there is one of that period and revision already.
    fn note(&mut self, installation: &str, offset: i64, payload: Option<&[u8]>) {
        let Some(Ok(snapshot)) = payload.map(serde_json::from_slice::<Snapshot>) else {
            tracing::warn!(
                topic = TOPIC,
                partition = 0,
                offset,
                "this message is no snapshot"
            );
            return;
        };
        let header = &snapshot.header;
        if header.installation == installation {
            let place = (header.period.clone(), header.revision);
            self.snapshots.entry(place).or_insert(snapshot);
        }
    }

    /// Writes a snapshot; what is the snapshot of that period and revision is seen by reading again.
    ///
    /// # Errors
    /// Kafka is not reached or refuses.
    pub async fn append(kafka: &KafkaSettings, snapshot: &Snapshot) -> Result<()> {
        let options = ProducerOptions {
            message_limit: MESSAGE_LIMIT,
            ..ProducerOptions::default()
        };
        let doing = "write to the topic snapshots";
        let producer = Producer::new(kafka, options).map_err(Error::kafka(doing))?;
        let key = format!("{}|{}", snapshot.header.installation, snapshot.header.period);
        let record = Record::new(TOPIC, key, serde_json::to_vec(snapshot)?);
        producer.send(record).await.map_err(Error::kafka(doing))?;
        Ok(())
    }

    /// The one of this name.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&Snapshot> {
        self.snapshots.get(&(id.period.id(), id.revision))
    }

    /// The newest revision of a period.
    #[must_use]
    pub fn latest(&self, period: &Period) -> Option<&Snapshot> {
        let id = period.id();
        let of_period = self.snapshots.range((id.clone(), 0)..=(id, u32::MAX));
        of_period.map(|(_, snapshot)| snapshot).next_back()
    }

    /// All of them, the newest first.
    #[must_use]
    pub fn newest_first(&self) -> Vec<&Snapshot> {
        let mut all: Vec<&Snapshot> = self.snapshots.values().collect();
        all.sort_by_key(|snapshot| Reverse(snapshot.header.taken_at));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::snapshot;

    fn note(journal: &mut Journal, snapshot: &Snapshot) {
        journal.note("quarterday", 0, Some(&serde_json::to_vec(snapshot).unwrap()));
    }

    #[test]
    fn of_two_of_one_name_the_first_is_the_snapshot() {
        let mut journal = Journal::default();
        note(&mut journal, &snapshot("2014-15/H1/r1", "first"));
        note(&mut journal, &snapshot("2014-15/H1/r1", "second"));
        note(&mut journal, &snapshot("2014-15/H1/r10", "tenth"));
        note(&mut journal, &snapshot("2014-15/H1/r9", "ninth"));
        note(&mut journal, &snapshot("2014-15/r3", "of the year"));
        let period: Period = "2014-15/H1".parse().unwrap();
        let by = |snapshot: Option<&Snapshot>| snapshot.map(|s| s.header.taken_by.clone());
        assert_eq!(
            by(journal.get(&"2014-15/H1/r1".parse().unwrap())),
            Some("first".to_owned())
        );
        assert_eq!(by(journal.latest(&period)), Some("tenth".to_owned()));
        assert_eq!(journal.newest_first().len(), 4);
    }

    #[test]
    fn what_is_no_snapshot_and_what_is_of_others_is_passed_over() {
        let mut journal = Journal::default();
        journal.note("quarterday", 0, Some(b"{}"));
        journal.note("quarterday", 1, None);
        let other = snapshot("2014-15/H1/r1", "other");
        journal.note("elsewhere", 2, Some(&serde_json::to_vec(&other).unwrap()));
        assert!(journal.newest_first().is_empty());
    }
}
