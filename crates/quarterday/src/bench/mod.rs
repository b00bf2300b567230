//! `quarterday bench`: the worker beside its peers, in one run, on one topic of one Apache Kafka broker.
//!
//! Every contender reads the whole topic of CCTV incidents from its start, in a process of its own:
//!
//! | contender | what it does with each message |
//! | --- | --- |
//! | [`ours`] | Quarterday's worker: decode, check, normalise; into the version log |
//! | [`kafka_engine`] | ClickHouse's own Kafka engine with AvroConfluent, written as its documentation does, into one plain table |
//! | the same, tuned | with a consumer for each core, large blocks, and plain strings in the Kafka table: the best we found |
//! | [`python_loop`] | confluent-kafka, fastavro and clickhouse-connect in a loop, into one plain table |
//!
//! All use the same ClickHouse engine. Time and processor time run from the first poll until all rows can be
//! queried. Each contender has the topic, the schema id and the partitions in common, a fresh consumer group and a fresh
//! data directory. The broker's own cost is nobody's, and the same for all; it has been read through once before.
//!
//! `--measures` ([`measures`]) and `--freshness` ([`freshness`]) measure the way from stored versions and from a push to the measures.
//!
//! [`soak`] puts a day of a large county through and watches memory.
//!
//! [`apache_kafka`], [`python`], [`guarded`] and [`skip`] serve the integration tests too.

pub mod apache_kafka;
mod arena;
mod cache;
mod contest;
mod error;
mod freshness;
pub mod guarded;
mod kafka_engine;
mod local_engine;
mod machine;
mod measures;
mod ours;
mod ports;
pub mod python;
mod python_loop;
mod report;
mod role;
mod run;
mod skip;
mod soak;
mod topic;
pub mod usage;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

pub use error::Error;
pub use role::Role;
pub use skip::{or_skip, skip};

use crate::commands::DONE;
use crate::progress::{Progress, Step};
use crate::stopping::Signals;
use arena::Arena;
use contest::Measured;
use kafka_engine::Written;
use report::Report;

/// `quarterday bench`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BenchArgs {
    /// Messages on the topic
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub rows: u64,
    /// How often each contender runs; the medians are printed
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub runs: u32,
    /// Instead: how long a refresh of the measures takes over histories of several sizes
    #[arg(long, conflicts_with_all = ["rows", "runs"])]
    pub measures: bool,
    /// Sizes of these histories, in millions of records
    #[arg(long, value_delimiter = ',', default_value = "1,10,100", requires = "measures", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub millions: Vec<u64>,
    /// Instead: how long it takes from a push until the measures have it, with all feeds and measures, and what an idle system costs
    #[arg(long, conflicts_with_all = ["rows", "runs", "measures"])]
    pub freshness: bool,
    /// Instead: a day of a large county in minutes, over all feeds, while memory, threads, open files and parts are watched
    #[arg(long, conflicts_with_all = ["rows", "runs", "measures", "freshness"])]
    pub soak: bool,
    /// Messages of that day, one in a hundred of them bad
    #[arg(long, default_value_t = 2_000_000, requires = "soak", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub messages: u64,
    /// How long producing them takes
    #[arg(long, default_value_t = 10, requires = "soak", value_parser = clap::value_parser!(u64).range(1..=1440))]
    pub minutes: u64,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// What this process is to be when the benchmark starts it
    #[command(subcommand)]
    pub role: Option<Role>,
}

/// How the benchmark's result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// A table and the ratios in words.
    #[default]
    Table,
    /// One JSON object.
    Json,
}

/// Exit code when a bound was not kept.
const BROKEN: u8 = 1;

/// One who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contender {
    Ours,
    KafkaEngine,
    TunedKafkaEngine,
    PythonLoop,
}

/// Runs the benchmark, or plays the part in it that another process gave this one.
///
/// # Errors
/// A part could not be started, or a contender did not insert every row exactly once.
///
/// Exit code 1: the soak did not keep a bound.
pub async fn run(args: BenchArgs) -> Result<u8> {
    if let Some(role) = args.role {
        role.play().await?;
        return Ok(DONE);
    }
    if cfg!(debug_assertions) {
        eprintln!("This is a debug build: its figures mean little. Better: cargo run --release -- bench");
    }
    let mut signals = Signals::listen();
    // Dropping what is under way ends its processes and removes its files.
    tokio::select! {
        done = measure(&args) => done,
        () = signals.received() => bail!("the benchmark was stopped"),
    }
}

async fn measure(args: &BenchArgs) -> Result<u8> {
    if args.soak {
        let report = soak::soak(args.messages, args.minutes).await?;
        soak::print(&report, args.format)?;
        return Ok(if report.holds() { DONE } else { BROKEN });
    }
    measure_speed(args).await?;
    Ok(DONE)
}

async fn measure_speed(args: &BenchArgs) -> Result<()> {
    if args.measures {
        measures::print(&measures::compare(&args.millions).await?, args.format)
    } else if args.freshness {
        freshness::print(&freshness::measure().await?, args.format)
    } else {
        report::print(&compete(args).await?, args.format)
    }
}

async fn compete(args: &BenchArgs) -> Result<Report> {
    let progress = Progress::steps();
    let arena = Arena::open(args.rows, &progress).await?;
    let mut report = Report::new(&arena, args.runs);
    for run in 1..=args.runs {
        for contender in arena.contenders() {
            let step = progress.bar(
                &format!("{} ({run}/{})", contender.title(), args.runs),
                usize::try_from(args.rows)?,
            );
            let measured = race(contender, &arena, &step).await?;
            if measured.rows != args.rows {
                bail!(
                    "{} took {} rows of {}",
                    contender.title(),
                    measured.rows,
                    args.rows
                );
            }
            report.add(contender, measured);
            step.done();
        }
    }
    arena.close().await;
    Ok(report)
}

async fn race(contender: Contender, arena: &Arena, step: &Step) -> Result<Measured> {
    match contender {
        Contender::Ours => ours::race(arena, step).await,
        Contender::KafkaEngine => kafka_engine::race(arena, Written::AsDocumented, step).await,
        Contender::TunedKafkaEngine => kafka_engine::race(arena, Written::Tuned, step).await,
        Contender::PythonLoop => python_loop::race(arena, step).await,
    }
}

impl Contender {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Ours => "Quarterday worker",
            Self::KafkaEngine => "ClickHouse Kafka engine",
            Self::TunedKafkaEngine => "ClickHouse Kafka engine, tuned",
            Self::PythonLoop => "Python loop",
        }
    }

    /// Its name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "quarterday",
            Self::KafkaEngine => "kafka_engine",
            Self::TunedKafkaEngine => "tuned_kafka_engine",
            Self::PythonLoop => "python_loop",
        }
    }
}
