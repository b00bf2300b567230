//! One rebuild at a time: of two, each would drop or put in force what the other derives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use quarterday_store::Store;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::progress::Progress;

/// A rebuild that was killed is over after so long.
const SECONDS: u32 = 10;
const RENEW_EVERY: Duration = Duration::from_secs(2);
const CONFIRM_AFTER: Duration = Duration::from_millis(300);
/// For so long it is waited whether another one was killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// The right to derive a store, renewed until it is given back or dropped.
pub(super) struct Lease {
    store: Store,
    holder: String,
    renewing: JoinHandle<()>,
    lost: Arc<Notify>,
}

impl Lease {
    /// # Errors
    /// Another rebuild is under way. ClickHouse refuses or is away.
    pub(super) async fn take(store: &Store, progress: &Progress) -> Result<Self> {
        store.make_lists().await?;
        let holder = format!("{:016x}", rand::random::<u64>());
        let began = Instant::now();
        let mut step = None;
        loop {
            let Some(first) = others(store, &holder).await? else {
                // One who asked at the same moment may be seen only now.
                tokio::time::sleep(CONFIRM_AFTER).await;
                if others(store, &holder).await?.is_none() {
                    break;
                }
                continue;
            };
            if began.elapsed() > PATIENCE {
                store.lease(&holder, 0).await?;
                bail!(
                    "another rebuild is under way, since {} UTC: wait for it, or end it and try again",
                    first.since
                );
            }
            step.get_or_insert_with(|| progress.step("waiting whether another rebuild goes on"));
            tokio::time::sleep(RENEW_EVERY).await;
        }
        if let Some(step) = step {
            step.done();
        }
        let lost = Arc::new(Notify::new());
        Ok(Lease {
            renewing: tokio::spawn(renew(store.clone(), holder.clone(), lost.clone())),
            store: store.clone(),
            holder,
            lost,
        })
    }

    /// Ends when another rebuild has it: ClickHouse was away until it had run out.
    pub(super) async fn lost(&self) {
        self.lost.notified().await;
    }

    /// The next one need not wait until it runs out, which it does if this fails.
    pub(super) async fn give_back(self) {
        self.renewing.abort();
        if let Err(error) = self.store.lease(&self.holder, 0).await {
            tracing::warn!(%error, "the lease of this rebuild was not given back: the next waits for a moment");
        }
    }
}

/// Asks, or renews; gives the lease of somebody else who asked before.
async fn others(store: &Store, holder: &str) -> Result<Option<quarterday_store::Lease>> {
    let first = store.lease(holder, SECONDS).await?;
    Ok(first.filter(|first| first.holder != holder))
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

/// Of two who both went on, because ClickHouse was away for longer than a lease, the first has it.
async fn renew(store: Store, holder: String, lost: Arc<Notify>) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        match others(&store, &holder).await {
            Ok(None) => {}
            Ok(Some(_)) => return lost.notify_one(),
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "the lease of this rebuild was not renewed, trying again"
                );
            }
        }
    }
}
