//! What earlier workers have left of partitions that are new to this one: how far the store is, and the outcomes beyond that
//! of a worker that was cut off. The store's position is where consuming begins, not the group's offset: a store that was put
//! back to an older state is brought up again, and what it has is not consumed again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use quarterday_kafka::positions::{Position, Positions, TopicPartition};
use quarterday_kafka::quarantine::{self, PutAside, Since};
use quarterday_store::Reached;

use crate::partitions::Outcomes;
use crate::{Error, Parts};

/// So many of the messages that lie in a partition of the quarantine topic before the newest that was noted are looked through as
/// well: a clock may have been set back.
const LOOK_BACK: i64 = 2_000;

/// Clocks of brokers, workers and ClickHouse may differ by so many milliseconds.
const CLOCKS_DIFFER_MS: i64 = 15 * 60 * 1000;

/// The outcomes of these partitions, as they stand now.
pub(crate) async fn load(
    parts: &Parts,
    group: &str,
    partitions: &[TopicPartition],
) -> Result<Vec<(TopicPartition, Outcomes)>, Error> {
    let reached: BTreeMap<TopicPartition, Reached> = parts
        .store
        .reached()
        .await?
        .into_iter()
        .map(|reached| ((reached.topic.clone(), reached.partition), reached))
        .collect();
    let ends = ends_beyond(parts, group, partitions, &reached).await?;
    let mut loaded: Vec<(TopicPartition, Outcomes)> = partitions
        .iter()
        .map(|place| {
            let next = reached.get(place).map_or(0, |reached| reached.next_offset);
            let outcomes = Outcomes {
                next,
                committed: ends.get(place).and_then(|end| end.committed),
                until: parts.task.until(place),
                ..Outcomes::default()
            };
            (place.clone(), outcomes)
        })
        .collect();
    let is_behind = |(place, outcomes): &(TopicPartition, Outcomes)| {
        ends.get(place).is_some_and(|end| outcomes.next < end.high)
    };
    if loaded.iter().any(is_behind) {
        let since = loaded.iter().filter(|each| is_behind(each));
        // What a worker put aside and did not note came after the last position that was noted.
        let since = since.map(|(place, _)| Some(reached.get(place)?.written_at_ms - CLOCKS_DIFFER_MS));
        // Positions of a store that is derived again are younger than what was put aside long ago.
        let since = since.min().flatten().filter(|_| parts.task.sends());
        let since = since_then(parts, since).await?;
        for (place, outcomes) in loaded.iter_mut().filter(|each| is_behind(each)) {
            outcomes.accepted = accepted(parts, place, outcomes.next).await?;
        }
        take_rejected(&mut loaded, put_aside(parts, since).await?);
    }
    Ok(loaded)
}

/// How long a broker that has just become leader may not know yet how far its log goes.
const SETTLE_LIMIT: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Where partitions end, which is not before what the store has of them.
async fn ends_beyond(
    parts: &Parts,
    group: &str,
    partitions: &[TopicPartition],
    reached: &BTreeMap<TopicPartition, Reached>,
) -> Result<BTreeMap<TopicPartition, Position>, Error> {
    let began = Instant::now();
    loop {
        let ends = ends(parts, group, partitions).await?;
        let shorter = ends.iter().find_map(|(place, end)| {
            let next = reached.get(place)?.next_offset;
            (end.high < next).then(|| (place.clone(), next, end.high))
        });
        let Some(((topic, partition), next, high)) = shorter else {
            return Ok(ends);
        };
        if began.elapsed() >= SETTLE_LIMIT {
            return Err(Error::Shorter {
                topic,
                partition,
                next,
                high,
            });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn ends(
    parts: &Parts,
    group: &str,
    partitions: &[TopicPartition],
) -> Result<BTreeMap<TopicPartition, Position>, Error> {
    let (kafka, group) = (parts.kafka.clone(), group.to_owned());
    let mut topics: Vec<String> = partitions.iter().map(|(topic, _)| topic.clone()).collect();
    topics.dedup();
    let read = move || {
        let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
        Positions::new(&kafka, &group)?.read(&topics)
    };
    let ends = tokio::task::spawn_blocking(read).await;
    Ok(ends.map_err(|_| Error::Ended("question for offsets"))??)
}

async fn accepted(
    parts: &Parts,
    (topic, partition): &TopicPartition,
    next: i64,
) -> Result<BTreeSet<i64>, Error> {
    let feeds = parts.catalogue.feeds().iter();
    let Some(feed) = feeds.clone().find(|feed| feed.feed.topic == *topic) else {
        return Ok(BTreeSet::new());
    };
    let place = (topic.as_str(), *partition);
    Ok(parts
        .store
        .accepted_beyond(&feed.feed.record_type, place, next)
        .await?)
}

/// What lies in the quarantine topic since then, by where it came from.
type ByOrigin = BTreeMap<(String, i32, i64), PutAside>;

/// Beyond a time, and beyond what is noted.
async fn since_then(parts: &Parts, time_ms: Option<i64>) -> Result<Option<Since>, Error> {
    let Some(time_ms) = time_ms else {
        return Ok(None);
    };
    let noted = parts.store.newest_rejected().await?;
    let offsets = noted.into_iter();
    Ok(Some(Since {
        time_ms,
        offsets: offsets
            .map(|newest| (newest.partition, (newest.offset - LOOK_BACK).max(0)))
            .collect(),
    }))
}

async fn put_aside(parts: &Parts, since: Option<Since>) -> Result<ByOrigin, Error> {
    let kafka = parts.kafka.clone();
    let found = tokio::task::spawn_blocking(move || quarantine::by_origin(&kafka, since.as_ref())).await;
    Ok(found.map_err(|_| Error::Ended("reading of the quarantine topic"))??)
}

fn take_rejected(loaded: &mut [(TopicPartition, Outcomes)], put_aside: ByOrigin) {
    for ((topic, partition, offset), earlier) in put_aside {
        let mut owned = loaded.iter_mut();
        let found = owned.find(|((t, p), _)| *t == topic && *p == partition);
        if let Some((_, outcomes)) = found.filter(|(_, outcomes)| offset >= outcomes.next) {
            outcomes.rejected.insert(offset, earlier);
        }
    }
}
