//! The whole system in this process: broker, registry, ClickHouse engine and a worker.

use std::path::Path;

use anyhow::{Context, Result};
use quarterday_embedded::{Embedded, Options, PortChoice, Ports};
use quarterday_ingest::{Backlog, wait_until_worked_off};
use tokio::sync::Mutex;

use crate::builtin::InForce;
use crate::freezing::schedule::{self, SnapshotSettings};
use crate::keeper::Keeper;
use crate::monitoring::{Monitoring, Serving};
use crate::settings;
use crate::setup;
use crate::system::System;

/// A system that lives in this process.
pub struct Running {
    /// Handles to its parts.
    pub system: System,
    embedded: Embedded,
    serving: Option<Serving>,
    snapshots: SnapshotSettings,
    /// Behind a lock only because waiting for its end needs it exclusively.
    worker: Mutex<Keeper>,
}

/// Ports of a command that runs its own system for a moment.
#[must_use]
pub fn free_ports() -> Ports {
    Ports {
        kafka: PortChoice::Free,
        clickhouse: PortChoice::Free,
        registry: PortChoice::Free,
    }
}

impl Running {
    /// Starts the parts on this directory, migrates, and starts a worker.
    ///
    /// # Errors
    /// The directory cannot be used, a port is taken, the engine cannot be loaded, or a part fails.
    pub async fn start(directory: &Path, ports: Ports) -> Result<Self> {
        Self::from(directory, ports, settings::Embedded::of(directory)?, None).await
    }

    /// As [`Running::start`], and serves metrics and health.
    ///
    /// # Errors
    /// As [`Running::start`].
    pub async fn start_monitored(directory: &Path, ports: Ports) -> Result<Self> {
        let settings = settings::Embedded::of(directory)?;
        let monitoring = Monitoring::on_loopback(&settings.metrics).await?;
        Self::from(directory, ports, settings, monitoring).await
    }

    async fn from(
        directory: &Path,
        ports: Ports,
        settings: settings::Embedded,
        monitoring: Option<Monitoring>,
    ) -> Result<Self> {
        let in_force = InForce::load(&settings.plan)?;
        let mut options = Options::new(directory, ports);
        let settings::Engine {
            library,
            memory_bytes,
        } = settings.engine;
        options.engine_library = library;
        options.engine_memory = memory_bytes.or(options.engine_memory);
        let embedded = Embedded::start(options)
            .await
            .with_context(|| format!("could not start the embedded system in {}", directory.display()))?;
        let system = System::at(&embedded.endpoints(), in_force)?
            .with_store_in_force()
            .await?;
        setup::topics_and_schemas(&system).await?;
        setup::store(&system)
            .await
            .context("could not create the ClickHouse schema")?;
        let mut parts = system.parts();
        if let Some(monitoring) = &monitoring {
            parts.observed = monitoring.observed(&system.in_force.catalogue)?;
        }
        let worker = Keeper::start(parts, settings.worker)?;
        Ok(Running {
            snapshots: settings.snapshots,
            system,
            embedded,
            serving: monitoring.map(|monitoring| monitoring.serve(worker.health())),
            worker: Mutex::new(worker),
        })
    }

    /// The embedded parts.
    #[must_use]
    pub fn embedded(&self) -> &Embedded {
        &self.embedded
    }

    /// The URL in front of /metrics, /healthz and /readyz, if they are served.
    #[must_use]
    pub fn metrics(&self) -> Option<String> {
        self.serving.as_ref().map(Serving::url)
    }

    /// Waits until everything that is in the log now has its outcome in the store and measures are up to date.
    ///
    /// # Errors
    /// The worker stopped, or a part did not answer.
    pub async fn work_off(&self, progress: impl FnMut(Backlog)) -> Result<()> {
        let (system, mut worker) = (&self.system, self.worker.lock().await);
        let worked_off =
            wait_until_worked_off(&system.kafka, &system.store, &system.in_force.catalogue, progress);
        tokio::select! {
            ended = worker.ended() => ended.context("the worker stopped"),
            done = worked_off => done.context("could not follow the worker"),
        }
    }

    /// Freezes what is due, by the schedule of the data directory's settings; ends only with an error.
    ///
    /// # Errors
    /// The schedule is none.
    pub async fn freeze_by_schedule(&self) -> Result<()> {
        schedule::run(self.system.clone(), self.snapshots.clone()).await
    }

    /// Waits until the worker ends by itself, which is an error.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn worker_ended(&self) -> Result<()> {
        self.worker
            .lock()
            .await
            .ended()
            .await
            .context("the worker stopped")
    }

    /// Stops the worker gracefully, then the parts.
    ///
    /// # Errors
    /// The last batch could not be written, or a part did not stop.
    pub async fn stop(self) -> Result<()> {
        let stopped = self.worker.into_inner().stop().await;
        self.embedded.shutdown().await?;
        stopped?;
        Ok(())
    }
}
