//! What a worker is there for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use quarterday_kafka::positions::TopicPartition;
use quarterday_store::Store;
use tokio_util::sync::CancellationToken;

/// How often it is asked whether the store is still in force.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What a worker is there for.
#[derive(Clone, Default)]
pub enum Task {
    /// To keep the store that readers see, and its measures, up to date, for as long as that is in force.
    #[default]
    Serve,
    /// To derive a store again beside, of which nothing is shown: up to these offsets, or as far as the log goes.
    Rebuild(Option<Arc<BTreeMap<TopicPartition, i64>>>),
    /// To derive version logs for a proof, up to these offsets. Nothing of it is left in any topic.
    Prove(Arc<BTreeMap<TopicPartition, i64>>),
}

impl Task {
    /// Whether what is rejected goes to the topic `quarantine` at once. What a store beside rejects would hold for all stores: it is held back
    /// until readers see that store.
    pub(crate) fn sends(&self) -> bool {
        matches!(self, Task::Serve)
    }

    /// Whether offsets are committed.
    pub(crate) fn commits(&self) -> bool {
        !matches!(self, Task::Prove(_))
    }

    /// The offset that a partition is not to be worked off beyond.
    pub(crate) fn until(&self, place: &TopicPartition) -> Option<i64> {
        match self {
            Task::Serve | Task::Rebuild(None) => None,
            Task::Rebuild(Some(until)) | Task::Prove(until) => until.get(place).copied(),
        }
    }
}

/// Tells when another store was put in force.
pub(crate) async fn follow(store: Store, replaced: CancellationToken, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        match store.in_force().await {
            Ok(in_force) if in_force.names() != store.names() => {
                tracing::info!(store = in_force.names().store(), "another store was put in force");
                replaced.cancel();
                return;
            }
            // Away: others say so.
            Ok(_) | Err(_) => {}
        }
    }
}
