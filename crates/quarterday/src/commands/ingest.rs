//! `quarterday ingest`: a worker against a Kafka and a ClickHouse that run elsewhere.

use crate::builtin::InForce;
use crate::cli::Configured;
use crate::commands::DONE;
use crate::files_in_force;
use crate::keeper::Keeper;
use crate::monitoring::{Monitoring, Serving};
use crate::settings::Settings;
use crate::setup;
use crate::stopping::Signals;
use crate::system::System;
use anyhow::Result;

pub(super) async fn run(args: Configured) -> Result<u8> {
    let settings = Settings::read(&args.config, &args.set)?;
    let system = System::elsewhere(&settings, InForce::load(&settings.plan)?)?;
    settings.worker.check_feeds(&system.in_force.catalogue)?;
    let monitoring = Monitoring::where_set(&settings.metrics).await?;
    let mut signals = Signals::listen();
    let store = tokio::select! {
        store = files_in_force::store_of(&system) => store?,
        () = signals.received() => return Ok(DONE),
    };
    let system = System { store, ..system };
    setup::topics_and_schemas(&system).await?;
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
    work_until_stopped(worker, &system, signals).await
}

/// Runs a worker until a signal, until other files are put in force than it has, or until it ends by itself, which is an error.
async fn work_until_stopped(mut worker: Keeper, system: &System, mut signals: Signals) -> Result<u8> {
    let others = tokio::select! {
        ended = worker.ended() => return ended.map(|()| DONE),
        () = signals.received() => None,
        others = files_in_force::until_others(system) => Some(others),
    };
    if let Some(why) = &others {
        tracing::error!(%why, "stopping");
    }
    tracing::info!("stopping: writing the last batch");
    let stopped = worker.stop().await;
    if let Ok(counts) = &stopped {
        tracing::info!(accepted = counts.accepted, rejected = counts.rejected, "stopped");
    }
    others.map_or(stopped.map(|_| DONE), Err)
}
