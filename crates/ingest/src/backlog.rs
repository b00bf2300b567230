//! How much of the log is still to be worked off into the store.

use std::collections::BTreeMap;
use std::time::Duration;

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::decisions;
use quarterday_kafka::positions::{Positions, TopicPartition};
use quarterday_store::{Shown, Store};

use crate::{Catalogue, Error};

const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What the log holds and how far the store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Messages in the log.
    pub total: u64,
    /// Messages without an outcome in the store.
    pub left: u64,
}

impl Backlog {
    /// Compares the store's positions with the ends of the log now.
    ///
    /// # Errors
    /// Kafka or ClickHouse did not answer.
    pub async fn now(kafka: &KafkaSettings, store: &Store, catalogue: &Catalogue) -> Result<Self, Error> {
        let ends = ends(kafka, catalogue).await?;
        Self::of(&ends, store).await
    }

    async fn of(ends: &BTreeMap<TopicPartition, (i64, i64)>, store: &Store) -> Result<Self, Error> {
        let done: BTreeMap<TopicPartition, i64> = store
            .positions()
            .await?
            .into_iter()
            .map(|p| ((p.topic, p.partition), p.next_offset))
            .collect();
        let mut backlog = Backlog { total: 0, left: 0 };
        for (partition, (low, high)) in ends {
            let next = done.get(partition).copied().unwrap_or(*low).max(*low);
            backlog.total += u64::try_from(high - low).unwrap_or(0);
            backlog.left += u64::try_from(high - next).unwrap_or(0);
        }
        Ok(backlog)
    }
}

/// Waits until every message that is in the log now has its outcome in the store and its measures are up to date. Tells
/// `progress` how it goes.
///
/// # Errors
/// Kafka or ClickHouse did not answer, or a worker (whose end `worker_ended` reports) stopped.
pub async fn wait_until_worked_off(
    kafka: &KafkaSettings,
    store: &Store,
    catalogue: &Catalogue,
    mut progress: impl FnMut(Backlog),
) -> Result<(), Error> {
    let ends = ends(kafka, catalogue).await?;
    wait_until_stored(&ends, store, &mut progress).await?;
    let mut looks = tokio::time::interval(LOOK_EVERY);
    // What was in the log at the call: what comes meanwhile may make measures stale again. A refresh can leave something to the
    // next: one that another worker had prepared before, or definitions that changed on its way.
    loop {
        store.refresh_stale().await?;
        if is_reached(&ends, &store.shown().await?) {
            return Ok(());
        }
        looks.tick().await;
    }
}

/// Waits until the store has an outcome for every message of these partitions, each from its first offset to the one behind its last.
/// Tells `progress` how it goes.
///
/// # Errors
/// ClickHouse did not answer.
pub async fn wait_until_stored(
    ends: &BTreeMap<TopicPartition, (i64, i64)>,
    store: &Store,
    mut progress: impl FnMut(Backlog),
) -> Result<(), Error> {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    loop {
        looks.tick().await;
        let backlog = Backlog::of(ends, store).await?;
        progress(backlog);
        if backlog.left == 0 {
            return Ok(());
        }
    }
}

fn is_reached(ends: &BTreeMap<TopicPartition, (i64, i64)>, shown: &Shown) -> bool {
    // Nothing is there: nothing is waited for. Decisions are in no measure.
    ends.iter().all(|((topic, partition), (low, high))| {
        low == high || topic == decisions::TOPIC || shown.next(topic, *partition) >= *high
    })
}

/// First and next offset of every partition of the feeds' topics, and of the topic of decisions.
///
/// # Errors
/// Kafka did not answer.
pub async fn ends(
    kafka: &KafkaSettings,
    catalogue: &Catalogue,
) -> Result<BTreeMap<TopicPartition, (i64, i64)>, Error> {
    let (kafka, topics) = (
        kafka.clone(),
        catalogue
            .topics()
            .into_iter()
            .chain([decisions::TOPIC])
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    );
    let read = move || {
        let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
        Positions::new(&kafka, "quarterday-backlog")?.read(&topics)
    };
    let positions = tokio::task::spawn_blocking(read)
        .await
        .map_err(|_| Error::Ended("question for offsets"))??;
    Ok(positions
        .into_iter()
        .map(|(partition, p)| (partition, (p.low, p.high)))
        .collect())
}
