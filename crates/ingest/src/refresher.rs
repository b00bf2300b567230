//! Keeps measures up to date: soon after a batch was written, and now and then in case another worker was killed between
//! its insert and its refresh.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_kafka::consumer::GroupConsumer;
use quarterday_store::Store;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::WorkerSettings;
use crate::listener::Listener;

/// How often staleness is asked for without being told of a batch: for rows of a worker that was killed.
const BACKSTOP: Duration = Duration::from_secs(30);

/// A backlog does not hold a refresh up for longer.
const BACKLOG_LIMIT: Duration = Duration::from_secs(10);

/// A refresh is followed by a pause, its own duration divided by this: under load, inserting goes on beside it.
const REFRESH_PER_PAUSE: u32 = 4;

/// The refreshing task of one worker.
pub(crate) struct Refresher {
    store: Store,
    consumer: Arc<GroupConsumer<Listener>>,
    /// Told of every batch written.
    written: Arc<Notify>,
    at_most_every: Duration,
    /// More messages than these waiting are a backlog: numbers that are out of date at once are not worth a refresh.
    backlog: u64,
}

impl Refresher {
    pub(crate) fn new(
        store: Store,
        consumer: &Arc<GroupConsumer<Listener>>,
        written: &Arc<Notify>,
        settings: &WorkerSettings,
    ) -> Self {
        Refresher {
            store,
            consumer: Arc::clone(consumer),
            written: Arc::clone(written),
            at_most_every: Duration::from_millis(settings.refresh_ms),
            backlog: u64::try_from(settings.batch_events).unwrap_or(u64::MAX),
        }
    }

    /// Refreshes until told to stop. A failure is logged and tried again at the next occasion: measures lag, nothing is lost.
    pub(crate) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.refresh_for_ever() => {}
        }
    }

    async fn refresh_for_ever(&self) {
        loop {
            let began = Instant::now();
            self.refresh().await;
            sleep(
                self.at_most_every
                    .max((began.elapsed() / REFRESH_PER_PAUSE).min(BACKLOG_LIMIT)),
            )
            .await;
            let next = async {
                self.written.notified().await;
                let behind = async {
                    while self.is_behind() {
                        sleep(self.at_most_every).await;
                    }
                };
                // A backlog that goes on is not waited for.
                let _ = tokio::time::timeout(BACKLOG_LIMIT, behind).await;
            };
            // An elapsed limit is an occasion like another.
            let _ = tokio::time::timeout(BACKSTOP, next).await;
        }
    }

    async fn refresh(&self) {
        match self.store.refresh_stale().await {
            Ok(0) => {}
            Ok(refreshed) => tracing::debug!(refreshed, "measures are up to date"),
            Err(error) => tracing::warn!(
                error = %error,
                cause = std::error::Error::source(&error).map(tracing::field::display),
                "measures could not be refreshed, trying again"
            ),
        }
    }

    /// Not knowing yet, in the first second, is taken for a backlog: there often is one at the start.
    fn is_behind(&self) -> bool {
        self.consumer.behind().is_none_or(|behind| behind > self.backlog)
    }
}
