//! The batches that were handed to the writer and have not reached the store: whoever gives partitions up waits for them, and
//! whoever goes on from the store's position does.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// How many they are; clones are of the same count.
#[derive(Clone, Default)]
pub(crate) struct UnderWay(Arc<Shared>);

#[derive(Default)]
struct Shared {
    count: Mutex<usize>,
    /// For those who wait on a thread.
    fewer: Condvar,
    /// For those who wait in a task.
    none: Notify,
}

/// One of them, until it is dropped.
pub(crate) struct OnItsWay(UnderWay);

impl UnderWay {
    /// One more.
    pub(crate) fn begin(&self) -> OnItsWay {
        *self.count() += 1;
        OnItsWay(self.clone())
    }

    /// Blocks until there are none, at most for so long.
    pub(crate) fn wait(&self, limit: Duration) {
        let waited = self
            .0
            .fewer
            .wait_timeout_while(self.count(), limit, |count| *count > 0);
        drop(waited);
    }

    /// Ends when there are none.
    pub(crate) async fn none(&self) {
        loop {
            let mut fewer = std::pin::pin!(self.0.none.notified());
            // From here on nothing is missed.
            fewer.as_mut().enable();
            if *self.count() == 0 {
                return;
            }
            fewer.await;
        }
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.0.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let mut count = self.0.count();
        *count = count.saturating_sub(1);
        drop(count);
        self.0.0.fewer.notify_all();
        self.0.0.none.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SOON: Duration = Duration::from_millis(50);
    const LIMIT: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn whoever_waits_is_told_when_the_last_has_arrived() {
        let under_way = UnderWay::default();
        under_way.none().await;
        let (first, second) = (under_way.begin(), under_way.begin());
        let mut waiting = std::pin::pin!(under_way.none());
        let (done, is_done) = mpsc::channel();
        let on_a_thread = std::thread::spawn({
            let under_way = under_way.clone();
            move || {
                under_way.wait(10 * LIMIT);
                done.send(()).unwrap();
            }
        });
        drop(first);
        assert!(tokio::time::timeout(SOON, waiting.as_mut()).await.is_err());
        assert!(is_done.recv_timeout(SOON).is_err(), "one is under way still");
        drop(second);
        tokio::time::timeout(LIMIT, waiting).await.unwrap();
        is_done.recv_timeout(LIMIT).unwrap();
        on_a_thread.join().unwrap();
    }
}
