//! Which partitions come and go, noted for the consuming loop. Before partitions go to others, what was taken from them is written:
//! two workers may have different lists, and a message has one outcome (I1). What cannot be written in time is given up. Only what is on
//! its way to a ClickHouse or Kafka that takes longer than that to answer, or was sent by a member that does not know yet that it was thrown
//! out, can still arrive afterwards: rows of the same lists collapse then; two outcomes by different lists `reconcile` tells, and a rebuild
//! leaves the one that is in Kafka.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quarterday_kafka::consumer::GroupListener;
use quarterday_kafka::positions::TopicPartition;
use tokio_util::sync::CancellationToken;

use crate::under_way::UnderWay;

/// How long others wait for partitions while this worker writes what it has taken from them.
const WRITE_LIMIT: Duration = Duration::from_secs(5);
/// And how long then for the one step that is under way: what was sent cannot be called back.
const STEP_LIMIT: Duration = Duration::from_secs(20);

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

    /// Ends the term when the writer is done with it, or the first of these limits is reached; then waits for the step that is under way.
    fn end_term(&self, [all, step]: [Duration; 2]) {
        self.under_way.wait(all);
        let next = self.give_up.child_token();
        std::mem::replace(&mut *self.lock_term(), next).cancel();
        self.under_way.wait(step);
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
        // What is lost is somebody else's already.
        let limits = if lost {
            [Duration::ZERO; 2]
        } else {
            [WRITE_LIMIT, STEP_LIMIT]
        };
        self.end_term(limits);
        self.note(Change::Went(partitions.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    const SOON: Duration = Duration::from_millis(50);
    const LIMIT: Duration = Duration::from_secs(60);

    #[test]
    fn what_was_taken_from_partitions_that_are_lost_is_given_up_at_once() {
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
        let listener = Arc::new(Listener::new(CancellationToken::new()));
        let (term, on_its_way) = (listener.term(), listener.under_way().begin());
        let (done, is_done) = mpsc::channel();
        let going = std::thread::spawn({
            let listener = Arc::clone(&listener);
            move || {
                listener.revoked(&[("t".to_owned(), 0)], false);
                done.send(()).unwrap();
            }
        });
        assert!(is_done.recv_timeout(SOON).is_err(), "partitions went too early");
        assert!(!term.is_cancelled(), "the writer was interrupted");
        drop(on_its_way);
        is_done.recv_timeout(LIMIT).unwrap();
        assert!(term.is_cancelled());
        going.join().unwrap();
    }

    #[test]
    fn what_takes_too_long_is_given_up() {
        let listener = Listener::new(CancellationToken::new());
        let (term, on_its_way) = (listener.term(), listener.under_way().begin());
        listener.end_term([SOON; 2]);
        assert!(term.is_cancelled());
        drop(on_its_way);
    }
}
