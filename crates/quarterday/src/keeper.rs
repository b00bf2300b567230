//! Keeping a worker at work: when the store that it writes to is replaced by one that was derived again, a worker of that one
//! takes its place.

use std::time::Duration;

use anyhow::Result;
use quarterday_ingest::{Counts, Error, Health, Parts, Worker, WorkerSettings};
use quarterday_store::Store;
use tokio::sync::watch;

/// Between two questions whether ClickHouse is there.
const PAUSE: Duration = Duration::from_secs(1);

/// A worker that goes over to another store when that is put in force.
pub struct Keeper {
    parts: Parts,
    settings: WorkerSettings,
    worker: Worker,
    health: watch::Sender<Health>,
}

impl Keeper {
    /// Starts a worker.
    ///
    /// # Errors
    /// As [`Worker::start`].
    pub fn start(parts: Parts, settings: WorkerSettings) -> Result<Self> {
        let worker = Worker::start(parts.clone(), &settings)?;
        let health = watch::Sender::new(worker.health());
        Ok(Keeper {
            parts,
            settings,
            worker,
            health,
        })
    }

    /// How the worker is that is at work now.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Waits until the worker ends by itself, which it does only for an error; nothing is lost when the waiting is given up.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn ended(&mut self) -> Result<()> {
        loop {
            match self.worker.ended().await {
                Err(Error::Replaced) => self.go_over().await?,
                ended => return Ok(ended?),
            }
        }
    }

    /// Both are at work for a moment: the new one begins where its store is, whatever the old one still writes to its own.
    async fn go_over(&mut self) -> Result<()> {
        let store = store_in_force(&self.parts.store).await?;
        let parts = Parts {
            store,
            ..self.parts.clone()
        };
        let worker = Worker::start(parts.clone(), &self.settings)?;
        self.parts = parts;
        self.health.send_replace(worker.health());
        let old = std::mem::replace(&mut self.worker, worker);
        tokio::spawn(async move {
            if let Err(error) = old.stop().await {
                tracing::info!(%error, "the worker of the store that was replaced has ended");
            }
        });
        Ok(())
    }

    /// Stops the worker gracefully.
    ///
    /// # Errors
    /// As [`Worker::stop`].
    pub async fn stop(self) -> Result<Counts> {
        Ok(self.worker.stop().await?)
    }
}

/// The store that readers see, as soon as ClickHouse answers.
///
/// # Errors
/// ClickHouse refuses for good.
pub async fn store_in_force(store: &Store) -> Result<Store> {
    loop {
        match store.in_force().await {
            Ok(store) => return Ok(store),
            Err(error) if error.is_retryable() => tracing::warn!(%error, "waiting for ClickHouse"),
            Err(error) => return Err(error.into()),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
