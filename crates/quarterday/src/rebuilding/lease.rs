//! One rebuild at a time: of two, each would drop or put in force what the other derives.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use quarterday_store::Store;
use tokio::task::JoinHandle;

use crate::progress::Progress;

/// A rebuild that was killed is over after so long.
const SECONDS: u32 = 10;
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// For so long it is waited whether another one was killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// The right to derive a store, renewed until it is given back or dropped.
pub(super) struct Lease {
    store: Store,
    holder: String,
    renewing: JoinHandle<()>,
}

impl Lease {
    /// # Errors
    /// Another rebuild is under way. ClickHouse refuses or is away.
    pub(super) async fn take(store: &Store, progress: &Progress) -> Result<Self> {
        store.make_lists().await?;
        let holder = format!("{:016x}", rand::random::<u64>());
        let began = Instant::now();
        let mut step = None;
        while let Some(first) = store
            .lease(&holder, SECONDS)
            .await?
            .filter(|first| first.holder != holder)
        {
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
        Ok(Lease {
            renewing: tokio::spawn(renew(store.clone(), holder.clone())),
            store: store.clone(),
            holder,
        })
    }

    /// The next one need not wait until it runs out.
    pub(super) async fn give_back(self) -> Result<()> {
        self.renewing.abort();
        self.store.lease(&self.holder, 0).await?;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

async fn renew(store: Store, holder: String) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        if let Err(error) = store.lease(&holder, SECONDS).await {
            tracing::warn!(%error, "the lease of this rebuild was not renewed, trying again");
        }
    }
}
