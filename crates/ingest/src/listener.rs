//! Which partitions come and go, noted for the consuming loop. Before partitions go to others, what was taken from them is written,
//! or it never is: two workers may have different lists, and a message has one outcome (I1).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quarterday_kafka::consumer::GroupListener;
use quarterday_kafka::positions::TopicPartition;
use tokio_util::sync::CancellationToken;

use crate::under_way::UnderWay;

/// How long others wait for partitions while this worker writes what it has taken from them.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// Partitions that came or went, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Owned now.
    Came(Vec<TopicPartition>),
    /// Not owned any more: the term is over.
    Went(Vec<TopicPartition>),
}

/// Told by the group; asked by the consuming loop.
pub(crate) struct Listener {
    changes: Mutex<Vec<Change>>,
    /// Batches that the writer has not finished.
    under_way: UnderWay,
    /// Cancelled when the writer is to give up.
    give_up: CancellationToken,
    /// From one loss of partitions to the next; cancelled when it is over: what was taken in it and is not written has to be taken anew.
    term: Mutex<CancellationToken>,
}

impl Listener {
    /// Of a worker whose writer gives up when this is cancelled.
    pub(crate) fn new(give_up: CancellationToken) -> Self {
        Listener {
            changes: Mutex::default(),
            under_way: UnderWay::default(),
            term: Mutex::new(give_up.child_token()),
            give_up,
        }
    }

    /// What happened since the last call.
    pub(crate) fn take(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The term that began last.
    pub(crate) fn term(&self) -> CancellationToken {
        self.lock_term().clone()
    }

    /// Batches that the writer has not finished.
    pub(crate) fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    fn lock_term(&self) -> MutexGuard<'_, CancellationToken> {
        self.term.lock().unwrap_or_else(PoisonError::into_inner)
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
        if !lost {
            self.under_way.wait(WRITE_LIMIT);
        }
        let next = self.give_up.child_token();
        std::mem::replace(&mut *self.lock_term(), next).cancel();
        self.note(Change::Went(partitions.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_when_partitions_go_is_not_written_at_all() {
        let give_up = CancellationToken::new();
        let listener = Listener::new(give_up.clone());
        let place = vec![("t".to_owned(), 0)];
        listener.assigned(&place);
        let first = listener.term();
        assert!(!first.is_cancelled());
        listener.revoked(&place, true);
        assert!(first.is_cancelled() && !give_up.is_cancelled());
        let second = listener.term();
        assert!(!second.is_cancelled());
        assert_eq!(
            listener.take(),
            [Change::Came(place.clone()), Change::Went(place)]
        );
        give_up.cancel();
        assert!(second.is_cancelled());
    }

    #[test]
    fn partitions_go_when_what_was_taken_from_them_is_written() {
        let listener = Listener::new(CancellationToken::new());
        let (term, on_its_way) = (listener.term(), listener.under_way().begin());
        let writing = std::thread::spawn(move || {
            let is_in_force = !term.is_cancelled();
            drop(on_its_way);
            is_in_force
        });
        listener.revoked(&[("t".to_owned(), 0)], false);
        assert!(writing.join().unwrap(), "the writer was interrupted");
    }
}
