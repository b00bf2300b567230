//! ClickHouse's own Kafka engine with AvroConfluent, feeding one plain table through a materialised view.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::ValueEnum;
use quarterday_store::{Settings, Store};
use serde::Deserialize;

use super::arena::Arena;
use super::contest::{Event, Measured, Talking, say};
use super::local_engine::LocalEngine;
use super::role::RoleArgs;
use super::topic::TOPIC;
use crate::progress::Step;

/// The plain table that both peers fill.
pub(super) const TARGET: &str = include_str!("target.sql");
const SOURCE: &str = include_str!("kafka_engine_source.sql");
const VIEW: &str = include_str!("kafka_engine_view.sql");

/// How often the rows are counted; a count of a plain table costs a millisecond or two.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How the Kafka table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Written {
    /// With the settings that it needs, and the types of the table that is filled: as its documentation does.
    AsDocumented,
    /// With a consumer for each core, large blocks, and plain strings, which the view converts: the best we found.
    Tuned,
}

/// Runs the Kafka engine in a process of its own.
pub(super) async fn race(arena: &Arena, written: Written, step: &Step) -> Result<Measured> {
    let contest = arena.contest()?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(contest.args.to_command_line("kafka-engine"))
        .args(written.to_command_line());
    Talking::start(command, "the Kafka engine")?
        .measure(&[], step)
        .await
}

/// What that process does. The engine starts polling when the view is made.
pub(super) async fn work(args: RoleArgs, written: Written) -> Result<()> {
    let engine = LocalEngine::start(&args.directory).await?;
    let store = Store::new(&Settings::loopback(engine.url()));
    make_target(&store).await?;
    store
        .execute("make the Kafka table", &source(&args, written))
        .await?;
    say(&Event::Started)?;
    store.execute("make the view", VIEW).await?;
    let mut looks = tokio::time::interval(LOOK_EVERY);
    loop {
        looks.tick().await;
        let rows = rows(&store).await?;
        if rows >= args.rows {
            say(&Event::Done { rows })?;
            return std::future::pending().await;
        }
        say(&Event::Progress { rows })?;
    }
}

/// Makes the peers' table.
pub(super) async fn make_target(store: &Store) -> Result<()> {
    store.execute("make a database", "CREATE DATABASE bench").await?;
    Ok(store.execute("make the table", TARGET).await?)
}

/// Rows in the peers' table.
pub(super) async fn rows(store: &Store) -> Result<u64> {
    #[derive(Deserialize)]
    struct Counted {
        rows: u64,
    }
    let sql = "SELECT count() AS rows FROM bench.incidents";
    let counted: Vec<Counted> = store.rows("count the rows", sql, &[]).await?;
    match counted.as_slice() {
        [counted] => Ok(counted.rows),
        _ => bail!("no answer to a count"),
    }
}

impl Written {
    fn to_command_line(self) -> [&'static str; 2] {
        let name = match self {
            Self::AsDocumented => "as-documented",
            Self::Tuned => "tuned",
        };
        ["--written", name]
    }
}

fn source(args: &RoleArgs, written: Written) -> String {
    let (coded, nullable, more) = match written {
        Written::AsDocumented => (
            "LowCardinality(String)",
            "LowCardinality(Nullable(String))",
            String::new(),
        ),
        Written::Tuned => ("String", "Nullable(String)", tuning()),
    };
    SOURCE
        .replace("{coded}", coded)
        .replace("{nullable}", nullable)
        .replace("{brokers}", &args.kafka)
        .replace("{topic}", TOPIC)
        .replace("{group}", &args.group)
        .replace("{registry}", &args.registry)
        .replace("{more}", &more)
}

/// One consumer a core, each with a thread of its own; more than there are partitions would idle.
fn tuning() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let consumers = cores.min(usize::try_from(super::topic::PARTITIONS).unwrap_or(1));
    format!(
        ",\n    kafka_num_consumers = {consumers},\n    kafka_thread_per_consumer = 1,\n    \
         kafka_max_block_size = 65536,\n    kafka_poll_max_batch_size = 65536"
    )
}
