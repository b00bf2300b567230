//! The topic of snapshots. It has one partition, so its order is the order for all: of several messages about one period and revision the
//! first is the snapshot, and whoever wrote another takes that one. Whoever was killed between writing here and telling ClickHouse leaves
//! nothing to be mended: ClickHouse is told again by the next.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use quarterday_kafka::KafkaSettings;
use quarterday_plan::period::Period;
use serde::Deserialize;

use crate::{Id, Result, Snapshot, topic};

/// The topic; one partition.
pub const TOPIC: &str = "snapshots";

/// The largest message.
pub const MESSAGE_LIMIT: usize = topic::MESSAGE_LIMIT;

/// Whose snapshot a message is.
#[derive(Deserialize)]
struct Of {
    installation: String,
}

/// All snapshots of one installation.
#[derive(Debug, Default)]
pub struct Journal {
    /// By period and revision.
    snapshots: BTreeMap<(String, u32), Snapshot>,
    /// The same in the order of the topic.
    order: Vec<(String, u32)>,
}

impl Journal {
    /// Reads the topic to its end.
    ///
    /// # Errors
    /// Kafka is not reached or refuses, or the topic is damaged: a snapshot that cannot be read must not be made again as another.
    pub async fn read(kafka: &KafkaSettings, installation: &str) -> Result<Self> {
        let installation = installation.to_owned();
        let note = move |all: &mut Self, offset, payload: &[u8]| all.note(&installation, offset, payload);
        topic::read(kafka, TOPIC, note).await
    }

    /// Takes a message in, unless there is one of that period and revision already. One of another installation is passed over; one that
    /// cannot be read might be a snapshot of a later version of the software, which must not be taken again.
    fn note(&mut self, installation: &str, offset: i64, payload: &[u8]) -> Result<()> {
        let of: Of = topic::parse(TOPIC, offset, payload)?;
        if of.installation != installation {
            return Ok(());
        }
        let snapshot: Snapshot = topic::parse(TOPIC, offset, payload)?;
        let place = (snapshot.header.period.clone(), snapshot.header.revision);
        if let Entry::Vacant(vacant) = self.snapshots.entry(place.clone()) {
            vacant.insert(snapshot);
            self.order.push(place);
        }
        Ok(())
    }

    /// Writes a snapshot; what is the snapshot of that period and revision is seen by reading again.
    ///
    /// # Errors
    /// Kafka is not reached or refuses.
    pub async fn append(kafka: &KafkaSettings, snapshot: &Snapshot) -> Result<()> {
        let key = format!("{}|{}", snapshot.header.installation, snapshot.header.period);
        topic::append(kafka, TOPIC, key, snapshot).await
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

    /// All of them, in the order of the topic.
    pub fn in_order(&self) -> impl Iterator<Item = &Snapshot> {
        self.order.iter().filter_map(|place| self.snapshots.get(place))
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
        let bytes = serde_json::to_vec(snapshot).unwrap();
        journal.note("quarterday", 0, &bytes).unwrap();
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
        let last = journal.in_order().last();
        assert_eq!(by(last), Some("of the year".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_what_is_of_others_is_passed_over() {
        let mut journal = Journal::default();
        assert!(journal.note("quarterday", 0, b"{}").is_err());
        assert!(journal.note("quarterday", 1, b"").is_err());
        let later = br#"{"installation": "quarterday", "format": 2}"#;
        assert!(journal.note("quarterday", 2, later).is_err());
        journal.note("elsewhere", 2, later).unwrap();
        let other = snapshot("2014-15/H1/r1", "other");
        journal
            .note("elsewhere", 3, &serde_json::to_vec(&other).unwrap())
            .unwrap();
        assert!(journal.newest_first().is_empty());
    }
}
