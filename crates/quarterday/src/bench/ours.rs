//! Quarterday's own worker, with the engine in the same process.

use std::process::Command;

use anyhow::{Context, Result, bail};
use quarterday_ingest::{Worker, WorkerSettings};
use serde::Deserialize;

use super::arena::{Arena, endpoints};
use super::contest::{Event, Measured, Talking, say};
use super::local_engine::LocalEngine;
use super::role::RoleArgs;
use super::topic::FEED;
use crate::builtin::InForce;
use crate::progress::Step;
use crate::setup;
use crate::system::System;

/// Runs the worker in a process of its own.
pub(super) async fn race(arena: &Arena, step: &Step) -> Result<Measured> {
    let contest = arena.contest()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(contest.args.to_command_line("ours"));
    Talking::start(command, "the worker")?.measure(&[], step).await
}

/// What that process does: engine and worker, until every message has its row and can be queried.
pub(super) async fn work(args: RoleArgs) -> Result<()> {
    let (_engine, system) = engine_and_store(&args).await?;
    let settings = WorkerSettings {
        group: args.group.clone(),
        // Its peers subscribe to this one topic too.
        feeds: vec![FEED.to_owned()],
        ..WorkerSettings::default()
    };
    say(&Event::Started)?;
    let mut worker = Worker::start(system.parts(), &settings)?;
    let mut counts = worker.counts();
    loop {
        tokio::select! {
            changed = counts.changed() => changed.context("the worker stopped")?,
            ended = worker.ended() => return ended.context("the worker stopped"),
        }
        let counts = *counts.borrow_and_update();
        if counts.rejected > 0 {
            bail!("the worker rejected {} messages", counts.rejected);
        }
        say(&Event::Progress {
            rows: counts.accepted,
        })?;
        if counts.accepted >= args.rows {
            break;
        }
    }
    say(&Event::Inserted)?;
    say(&Event::Done {
        rows: rows(&system).await?,
    })?;
    std::future::pending().await
}

/// An engine in this process, with the tables and views of a store.
pub(super) async fn engine_and_store(args: &RoleArgs) -> Result<(LocalEngine, System)> {
    let engine = LocalEngine::start(&args.directory).await?;
    let system = System::at(
        &endpoints(&args.kafka, &args.registry, engine.url()),
        InForce::builtin()?,
    )?;
    setup::store(&system).await?;
    Ok((engine, system))
}

/// Rows in the version log.
async fn rows(system: &System) -> Result<u64> {
    #[derive(Deserialize)]
    struct Counted {
        log: u64,
    }
    let feed = system
        .in_force
        .catalogue
        .feed(FEED)
        .with_context(|| format!("there is no feed {FEED}"))?;
    let log = system.store.names().log(&feed.feed.record_type);
    let sql = format!("SELECT count() AS log FROM {log} FINAL");
    let counted: Vec<Counted> = system.store.rows("count the rows", &sql, &[]).await?;
    let counted = counted.first().context("no answer to a count")?;
    Ok(counted.log)
}
