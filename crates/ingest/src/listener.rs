//! Which partitions come and go, noted for the consuming loop.

use std::sync::{Mutex, PoisonError};

use quarterday_kafka::consumer::GroupListener;
use quarterday_kafka::positions::TopicPartition;

/// Partitions that came or went, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Owned now.
    Came(Vec<TopicPartition>),
    /// Not owned any more. Their rows that are under way are written all the same: that is harmless (I2).
    Went(Vec<TopicPartition>),
}

/// Told by the group; asked by the consuming loop.
#[derive(Default)]
pub(crate) struct Listener {
    changes: Mutex<Vec<Change>>,
}

impl Listener {
    /// What happened since the last call.
    pub(crate) fn take(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, change: Change) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.push(change);
    }
}

impl GroupListener for Listener {
    fn assigned(&self, partitions: &[TopicPartition]) {
        tracing::info!(partitions = partitions.len(), "partitions assigned");
        self.note(Change::Came(partitions.to_vec()));
    }

    fn revoked(&self, partitions: &[TopicPartition], lost: bool) {
        tracing::info!(partitions = partitions.len(), lost, "partitions revoked");
        self.note(Change::Went(partitions.to_vec()));
    }
}
