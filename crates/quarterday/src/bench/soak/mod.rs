//! `quarterday bench --soak`: a day of a large county in ten minutes. Two million messages over all feeds, one in a hundred of them bad,
//! go through one Apache Kafka broker to a worker with the engine in its process, while memory, threads, open files and parts are
//! watched. In the end the books must balance.

mod load;
mod report;
mod samples;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use quarterday_ingest::{Worker, WorkerSettings, wait_until_worked_off};

use super::arena::{Arena, endpoints};
use super::contest::{Event, Talking, say};
use super::ours::engine_and_store;
use super::role::RoleArgs;
use crate::builtin::InForce;
use crate::certificate::{Certificate, Wanted};
use crate::produce::Producing;
use crate::progress::Progress;
use crate::system::System;
use load::Load;
pub(super) use report::{Report, print};
use samples::Watch;

/// One stretch of messages; also how often the process is looked at.
const STRETCH: Duration = Duration::from_secs(1);
/// What may be left to do when the last message is there.
const REST_LIMIT: Duration = Duration::from_secs(900);

/// Runs it.
///
/// # Errors
/// A part could not be started, or ended.
pub(super) async fn soak(messages: u64, minutes: u64) -> Result<Report> {
    let progress = Progress::steps();
    let arena = Arena::bare(&progress).await?;
    let contest = arena.contest()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(contest.args.to_command_line("soaked"));
    let mut process = Talking::start(command, "the worker")?;
    let Event::Listening { clickhouse } = process.next().await? else {
        bail!("the worker did not say where its engine is");
    };
    let kafka = &contest.args.kafka;
    let system = System::at(
        &endpoints(kafka, &contest.args.registry, &clickhouse),
        InForce::builtin()?,
    )?;
    let bar = progress.bar("messages", usize::try_from(messages)?);
    let began = Instant::now();
    let mut watch = Watch::of(process.id(), &system);
    let mut load = Load::new(messages);
    let producing = Producing::new(&system).await?;
    let mut seconds = tokio::time::interval(STRETCH);
    let per_second = messages.div_ceil(minutes * 60).max(1);
    while let Some(stretch) = load.next(usize::try_from(per_second)?) {
        seconds.tick().await;
        producing.all(&stretch, |_| {}).await?;
        bar.at_of(load.sent(), messages);
        watch.look(began.elapsed(), load.sent()).await?;
    }
    let produced = began.elapsed();
    bar.done();
    let step = progress.step("working off the rest");
    let rest = rest(&system, &mut watch, began, messages);
    tokio::time::timeout(REST_LIMIT, rest)
        .await
        .context("the worker did not work off the rest in time")??;
    let worked_off = began.elapsed();
    step.done();
    let step = progress.step("drawing up the books");
    let certificate = Certificate::draw_up(&system, &Wanted::new(&system, None, None)?).await?;
    step.done();
    let report = Report::new(
        arena.broker(),
        (messages, load.bad()),
        (produced, worked_off),
        watch.into_samples(),
        &certificate,
    );
    drop(process);
    arena.close().await;
    Ok(report)
}

/// Watches until everything is in the measures.
async fn rest(system: &System, watch: &mut Watch<'_>, began: Instant, sent: u64) -> Result<()> {
    let mut done = std::pin::pin!(wait_until_worked_off(
        &system.kafka,
        &system.store,
        &system.in_force.catalogue,
        |_| ()
    ));
    let mut seconds = tokio::time::interval(STRETCH);
    loop {
        tokio::select! {
            done = done.as_mut() => return Ok(done?),
            _ = seconds.tick() => watch.look(began.elapsed(), sent).await?,
        }
    }
}

/// What the watched process does: engine and worker, until it is ended.
pub(super) async fn work(args: RoleArgs) -> Result<()> {
    let (engine, system) = engine_and_store(&args).await?;
    let settings = WorkerSettings {
        group: args.group.clone(),
        ..WorkerSettings::default()
    };
    let mut worker = Worker::start(system.parts(), &settings)?;
    say(&Event::Listening {
        clickhouse: engine.url().to_owned(),
    })?;
    worker.ended().await.context("the worker stopped")
}
