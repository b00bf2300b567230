//! What became of the messages that were written: duplicates, conflicts and orphans. They are derived from the log by SQL, which
//! costs more than writing them where the log is long; so at most a thousand messages a minute are looked up, the newest ones of
//! each partition. Of a small partnership those are all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quarterday_kafka::positions::TopicPartition;
use quarterday_store::{Store, Stretch};
use tokio_util::sync::CancellationToken;

use crate::Catalogue;
use crate::batch::Taken;
use crate::metrics::Metrics;
use crate::probe;

/// How often messages are looked up.
const EVERY: Duration = Duration::from_secs(60);
/// How many messages are looked up at a time, over all partitions.
const AT_MOST: u64 = 1000;

/// By topic and partition, first and next offset of what was written since the last look.
type Written = BTreeMap<TopicPartition, (i64, i64)>;

/// Looks up what became of what was written; clones share what was noted.
#[derive(Clone)]
pub(crate) struct Examiner {
    catalogue: Arc<Catalogue>,
    store: Store,
    metrics: Metrics,
    written: Arc<Mutex<Written>>,
}

impl Examiner {
    pub(crate) fn new(catalogue: &Arc<Catalogue>, store: &Store, metrics: &Metrics) -> Self {
        Examiner {
            catalogue: Arc::clone(catalogue),
            store: store.clone(),
            metrics: metrics.clone(),
            written: Arc::default(),
        }
    }

    /// So much was written. The probe's messages are no statements about anything: nobody asks what became of them.
    pub(crate) fn note(&self, taken: &[Taken]) {
        if !self.metrics.are_kept() {
            return;
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for taken in taken.iter().filter(|taken| taken.topic != probe::TOPIC) {
            let place = (taken.topic.clone(), taken.partition);
            let stretch = written.entry(place).or_insert((taken.first, taken.next));
            *stretch = (stretch.0.min(taken.first), stretch.1.max(taken.next));
        }
    }

    /// Looks up once a minute until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut looks = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = looks.tick() => {
                    self.metrics.settle();
                    self.examine().await;
                }
            }
        }
    }

    /// Looks up once. A failure is no matter: the next minute has other messages.
    async fn examine(&self) {
        let written = std::mem::take(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner));
        for (record_type, stretches) in self.by_record_type(newest(written)) {
            let Some(record_type) = self.catalogue.record_types().get(&record_type) else {
                continue;
            };
            match self.store.examine(record_type, &stretches).await {
                Ok(examined) => {
                    for of_topic in examined {
                        self.metrics.examined(&of_topic.topic, &of_topic.outcomes);
                    }
                }
                Err(error) => tracing::debug!(%error, "what became of messages was not looked up"),
            }
        }
    }

    fn by_record_type(&self, stretches: Vec<Stretch>) -> BTreeMap<String, Vec<Stretch>> {
        let mut by_record_type: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
        for stretch in stretches {
            let feed = self
                .catalogue
                .feeds()
                .iter()
                .find(|f| f.feed.topic == stretch.topic);
            if let Some(feed) = feed {
                by_record_type
                    .entry(feed.feed.record_type.clone())
                    .or_default()
                    .push(stretch);
            }
        }
        by_record_type
    }
}

/// The newest messages of each partition, each with its part of what may be looked up.
fn newest(written: Written) -> Vec<Stretch> {
    let partitions = u64::try_from(written.len()).unwrap_or(u64::MAX).max(1);
    let each = i64::try_from(AT_MOST / partitions).unwrap_or(1).max(1);
    let stretch = |((topic, partition), (first, next)): (TopicPartition, (i64, i64))| Stretch {
        topic,
        partition,
        first: first.max(next.saturating_sub(each)),
        next,
    };
    written.into_iter().map(stretch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_messages_of_each_partition_are_looked_up() {
        let written = BTreeMap::from([(("a".to_owned(), 0), (5, 8)), (("a".to_owned(), 1), (0, 100_000))]);
        let stretches = newest(written);
        let bounds: Vec<(i64, i64)> = stretches.iter().map(|s| (s.first, s.next)).collect();
        assert_eq!(bounds, [(5, 8), (99_500, 100_000)]);
        assert!(newest(BTreeMap::new()).is_empty());
    }
}
