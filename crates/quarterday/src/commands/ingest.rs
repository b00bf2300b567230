//! `quarterday ingest`: a worker against a Kafka and a ClickHouse that run elsewhere.

use std::time::Duration;

use crate::builtin::InForce;
use crate::cli::Configured;
use crate::commands::DONE;
use crate::keeper::Keeper;
use crate::monitoring::{Monitoring, Serving};
use crate::settings::Settings;
use crate::system::System;
use crate::{setup, stopping};
use anyhow::Result;

/// Between two questions whether ClickHouse is there.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn run(args: Configured) -> Result<u8> {
    let settings = Settings::read(&args.config, &args.set)?;
    let system = System::elsewhere(&settings, InForce::load(&settings.plan)?)?;
    settings.worker.check_feeds(&system.in_force.catalogue)?;
    let monitoring = Monitoring::where_set(&settings.metrics).await?;
    setup::topics_and_schemas(&system).await?;
    let Some(system) = find_store(system).await? else {
        return Ok(DONE);
    };
    let mut parts = system.parts();
    if let Some(monitoring) = &monitoring {
        parts.observed = monitoring.observed(&system.in_force.catalogue)?;
    }
    let worker = Keeper::start(parts, settings.worker)?;
    let serving = monitoring.map(|monitoring| monitoring.serve(worker.health()));
    tracing::info!(
        feeds = system.in_force.catalogue.returned().count(),
        metrics = serving.as_ref().map(Serving::url),
        "worker started"
    );
    work_until_stopped(worker).await
}

/// The system with the store that readers see, as soon as ClickHouse answers; none when a signal came first.
async fn find_store(system: System) -> Result<Option<System>> {
    loop {
        match system.store.in_force().await {
            Ok(store) => return Ok(Some(System { store, ..system })),
            Err(error) if error.is_retryable() => tracing::warn!(%error, "waiting for ClickHouse"),
            Err(error) => return Err(error.into()),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stopping::signal_received() => return Ok(None),
        }
    }
}

/// Runs a worker until a signal or until it ends by itself, which is an error.
pub(super) async fn work_until_stopped(mut worker: Keeper) -> Result<u8> {
    tokio::select! {
        ended = worker.ended() => ended?,
        () = stopping::signal_received() => {
            tracing::info!("stopping: writing the last batch");
            let counts = worker.stop().await?;
            tracing::info!(accepted = counts.accepted, rejected = counts.rejected, "stopped");
        }
    }
    Ok(DONE)
}
