//! Keeps measures up to date: soon after a batch was written, and now and then in case another worker was killed between
//! its insert and its refresh.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_kafka::consumer::GroupConsumer;
use quarterday_store::Store;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::listener::Listener;
use crate::metrics::Metrics;
use crate::signs::{Part, Signs};
use crate::{WorkerSettings, causes, retry};

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
    metrics: Metrics,
    signs: Arc<Signs>,
    /// Tells of every refresh.
    refreshed: watch::Sender<()>,
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
        observing: (Metrics, Arc<Signs>),
    ) -> Self {
        let (metrics, signs) = observing;
        Refresher {
            store,
            consumer: Arc::clone(consumer),
            written: Arc::clone(written),
            metrics,
            signs,
            refreshed: watch::Sender::default(),
            at_most_every: Duration::from_millis(settings.refresh_ms),
            backlog: u64::try_from(settings.batch_events).unwrap_or(u64::MAX),
        }
    }

    /// Changes with every refresh.
    pub(crate) fn refreshed(&self) -> watch::Receiver<()> {
        self.refreshed.subscribe()
    }

    /// Refreshes until told to stop. A failure is logged and tried again at the next occasion: measures lag, nothing is lost.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let _alive = self.signs.alive(Part::Refreshing);
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.refresh_for_ever() => {}
        }
    }

    async fn refresh_for_ever(&self) {
        loop {
            let began = Instant::now();
            self.refresh_until_done().await;
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

    /// Somebody waits for numbers: what failed is tried again soon.
    async fn refresh_until_done(&self) {
        let mut pauses = retry::pauses();
        while !self.refresh().await {
            sleep(pauses.next().unwrap_or(BACKSTOP)).await;
        }
    }

    /// `false`: it failed.
    async fn refresh(&self) -> bool {
        let asked = Instant::now();
        match self.refresh_unless_held().await {
            Ok(None) => {
                tracing::debug!("a rebuild has refreshes wait for a moment");
                true
            }
            Ok(Some(refreshed)) => {
                tracing::debug!(refreshed, "measures are up to date");
                self.leave_signs(asked, refreshed);
                true
            }
            Err(error) => {
                self.metrics.refresh_failed();
                tracing::warn!(
                    error = %error,
                    cause = causes::of(&error),
                    "measures could not be refreshed, trying again"
                );
                false
            }
        }
    }

    /// How many record types were refreshed. None while a rebuild holds refreshes: what is stale may have been left so, and comes soon.
    async fn refresh_unless_held(&self) -> Result<Option<usize>, quarterday_store::Error> {
        let was_held = self.store.is_held().await?;
        let refreshed = self.store.refresh_stale().await?;
        let is_held = was_held || self.store.is_held().await?;
        Ok((!is_held).then_some(refreshed))
    }

    /// `refreshed`: how many record types were. What was stored when it was asked is in the measures then.
    fn leave_signs(&self, asked: Instant, refreshed: usize) {
        self.signs.up_to_date(asked);
        if refreshed > 0 {
            self.metrics.refreshed(asked.elapsed());
        }
        self.refreshed.send_replace(());
    }

    /// Not knowing yet, in the first second, is taken for a backlog: there often is one at the start.
    fn is_behind(&self) -> bool {
        self.consumer.behind().is_none_or(|behind| behind > self.backlog)
    }
}
