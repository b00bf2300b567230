//! How the worker batches.

use std::time::Duration;

use serde::Deserialize;

use crate::{Catalogue, Error, probe};

/// The `[worker]` section of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkerSettings {
    /// Consumer group; workers of one group share the partitions. Default `quarterday`.
    pub group: String,
    /// Names of the feeds that this worker takes; all of them if there are none. Default none.
    pub feeds: Vec<String>,
    /// When ClickHouse or the registry keeps the worker waiting for so many milliseconds, it pauses its partitions and only
    /// keeps its place in the group. Default 30,000; less than `max.poll.interval.ms`.
    pub pause_after_ms: u64,
    /// A batch is written at the latest when it holds so many events. Default 65,536.
    pub batch_events: usize,
    /// A batch is written at the latest so many milliseconds after its first event. Default 1,000.
    pub batch_ms: u64,
    /// A batch is written at the latest when its messages have so many bytes. Default 64 MiB.
    pub batch_bytes: usize,
    /// A longer message is quarantined without being decoded. Default 1 MiB.
    pub max_event_bytes: usize,
    /// Measures are refreshed at most every so many milliseconds. Default 500.
    pub refresh_ms: u64,
    /// Messages fetched ahead of the batch, KiB. Default 16 MiB.
    pub fetch_ahead_kib: u32,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        WorkerSettings {
            group: "quarterday".to_owned(),
            feeds: Vec::new(),
            pause_after_ms: 30_000,
            batch_events: 65_536,
            batch_ms: 1_000,
            batch_bytes: 64 << 20,
            max_event_bytes: 1 << 20,
            refresh_ms: 500,
            fetch_ahead_kib: 16 << 10,
        }
    }
}

impl WorkerSettings {
    /// The age at which a batch is written.
    #[must_use]
    pub fn batch_age(&self) -> Duration {
        Duration::from_millis(self.batch_ms)
    }

    /// The topics of the feeds that the worker takes, and that of the probes: whoever sends one has it worked off.
    pub(crate) fn topics(&self, catalogue: &Catalogue) -> Result<Vec<String>, Error> {
        if self.feeds.is_empty() {
            return Ok(catalogue.topics().into_iter().map(str::to_owned).collect());
        }
        let topic = |name: &String| {
            let feed = catalogue.feed(name).ok_or_else(|| Error::NoFeed {
                feed: name.clone(),
                known: catalogue.feed_names().join(", "),
            })?;
            Ok(feed.feed.topic.clone())
        };
        let of_feeds = self.feeds.iter().map(topic);
        of_feeds.chain([Ok(probe::TOPIC.to_owned())]).collect()
    }

    /// Whether every feed that is named exists; to be asked before anything connects.
    ///
    /// # Errors
    /// [`Error::NoFeed`]
    pub fn check_feeds(&self, catalogue: &Catalogue) -> Result<(), Error> {
        self.topics(catalogue).map(drop)
    }

    pub(crate) fn patience(&self) -> Duration {
        Duration::from_millis(self.pause_after_ms)
    }

    /// What is wrong with the settings, with the key; nothing if they are usable.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let at_least_one = [
            ("worker.batch_events", self.batch_events),
            ("worker.batch_bytes", self.batch_bytes),
            ("worker.max_event_bytes", self.max_event_bytes),
            (
                "worker.refresh_ms",
                usize::try_from(self.refresh_ms).unwrap_or(usize::MAX),
            ),
        ];
        if let Some((key, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            return Some(format!("{key} must be at least 1"));
        }
        if self.group.trim().is_empty() {
            return Some("worker.group must not be empty".to_owned());
        }
        None
    }
}
