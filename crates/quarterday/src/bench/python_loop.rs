//! The loop that one writes in Python: confluent-kafka, fastavro, clickhouse-connect. The engine it inserts into runs in
//! another process; what both cost is counted.

use std::process::Command;

use anyhow::{Context, Result, bail};
use quarterday_store::{Settings, Store};

use super::arena::Arena;
use super::contest::{Event, Measured, Talking};
use super::kafka_engine::{make_target, rows};
use super::topic::TOPIC;
use crate::progress::Step;

const SCRIPT: &str = include_str!("../../../../tests/clients/bench_peer.py");

/// Runs the loop.
pub(super) async fn race(arena: &Arena, step: &Step) -> Result<Measured> {
    let contest = arena.contest()?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["bench", "engine", "--directory"])
        .arg(&contest.args.directory);
    let mut engine = Talking::start(command, "the engine")?;
    let Event::Listening { clickhouse } = engine.next().await? else {
        bail!("the engine gave no address")
    };
    let store = Store::new(&Settings::loopback(&clickhouse));
    make_target(&store).await?;

    let python = arena.python().context("the Python loop runs without Python")?;
    let (kafka, registry, group) = (&contest.args.kafka, &contest.args.registry, &contest.args.group);
    let all = arena.filled().rows.to_string();
    let command = python.command(SCRIPT, &[kafka, registry, group, TOPIC, &clickhouse, &all]);
    let measured = Talking::start(command, "the Python loop")?
        .measure(&[engine.id()], step)
        .await?;
    Ok(Measured {
        rows: rows(&store).await?,
        ..measured
    })
}
