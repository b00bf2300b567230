//! Working messages off into a store that nobody reads yet.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use quarterday_ingest::{Parts, Worker, WorkerSettings, wait_until_stored};
use quarterday_kafka::positions::TopicPartition;

use crate::progress::Step;

/// First and last of each partition that is worked off: from here, and up to the one before.
pub(crate) type Ends = BTreeMap<TopicPartition, (i64, i64)>;

/// The offsets that nothing is taken from on.
pub(crate) fn until(ends: &Ends) -> BTreeMap<TopicPartition, i64> {
    let each = ends.iter().map(|(place, (_, end))| (place.clone(), *end));
    each.collect()
}

/// Works off what lies between these offsets, by a worker of a group of its own. Returns how many messages that were.
///
/// # Errors
/// The worker stopped, or could not be followed.
pub(crate) async fn work_off(parts: Parts, ends: &Ends, step: &Step) -> Result<u64> {
    let store = parts.store.clone();
    let settings = WorkerSettings {
        group: format!("{}-rebuild", store.names().store()),
        ..WorkerSettings::default()
    };
    let mut total = 0;
    let mut worker = Worker::start(parts, &settings)?;
    let stored = wait_until_stored(ends, &store, |backlog| {
        total = backlog.total;
        step.at_of(backlog.total - backlog.left, backlog.total);
    });
    tokio::select! {
        ended = worker.ended() => ended.context("the worker stopped")?,
        stored = stored => stored.context("could not follow the worker")?,
    }
    worker.stop().await?;
    Ok(total)
}
