//! Keeps measures up to date: soon after a batch was written, and now and then in case another worker was killed between
//! its insert and its refresh.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How often staleness is asked for without being told of a batch: for rows of a worker that was killed, and while a
/// backlog is worked off, whose full batches do not ask for a refresh.
const BACKSTOP: Duration = Duration::from_secs(10);

/// A refresh is followed by a pause of so many times its own duration: under load, inserting goes first.
const PAUSE_PER_REFRESH: u32 = 4;

/// Refreshes until told to stop. A failure is logged and tried again at the next occasion: measures lag, nothing is lost.
pub(crate) async fn run(
    store: Store,
    written: Arc<Notify>,
    at_most_every: Duration,
    stop: CancellationToken,
) {
    loop {
        let began = Instant::now();
        match store.refresh_stale().await {
            Ok(0) => {}
            Ok(refreshed) => tracing::debug!(refreshed, "measures are up to date"),
            Err(error) => tracing::warn!(
                error = %error,
                cause = std::error::Error::source(&error).map(tracing::field::display),
                "measures could not be refreshed, trying again"
            ),
        }
        let pause = at_most_every.max(began.elapsed() * PAUSE_PER_REFRESH);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = written.notified() => {}
            () = tokio::time::sleep(BACKSTOP) => {}
        }
    }
}
