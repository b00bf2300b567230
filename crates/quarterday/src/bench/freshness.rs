//! `quarterday bench --freshness`: the time from the push of a record until the measures have it, with every feed and every measure
//! of the plan, and what the system costs when nothing comes.
//!
//! Most of the synthetic returns are there before. Then records are pushed one by one, each to the next feed in turn; a push counts
//! as arrived when the watermark that stands beside the measures of its record type is past it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};
use serde::{Deserialize, Serialize};

use super::ReportFormat;
use super::machine::Machine;
use super::topic::float;
use super::usage;
use crate::embedded::{self, Running};
use crate::produce::Producing;
use crate::progress::Progress;
use crate::synthetic::{self, Payload, Statement};

/// Pushes of each pace.
const PUSHES: usize = 120;
/// Between two pushes.
const PACES: [Duration; 2] = [Duration::from_millis(2000), Duration::from_millis(250)];
/// Seldom enough to cost little beside what is measured.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A push that takes longer is a defect.
const LIMIT: Duration = Duration::from_secs(60);
/// How long the idle system is watched.
const IDLE: Duration = Duration::from_secs(30);
const SEED: u64 = 2014;

/// What was measured.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    machine: Machine,
    feeds: usize,
    paces: Vec<Pace>,
    /// Of one core, in per cent, when nothing comes.
    idle_cpu_percent: Option<f64>,
}

/// Seconds from push to measure, with so much time between pushes.
#[derive(Debug, Serialize)]
struct Pace {
    every_seconds: f64,
    pushes: usize,
    median: f64,
    p95: f64,
    longest: f64,
}

/// Runs a system of its own and measures.
///
/// # Errors
/// The system could not be started, or a push did not arrive.
pub(super) async fn measure() -> Result<Report> {
    let progress = Progress::steps();
    let directory = tempfile::Builder::new().prefix("quarterday-bench-").tempdir()?;
    let step = progress.step("a system with the synthetic returns");
    let running = Running::start(directory.path(), embedded::free_ports()).await?;
    let producing = Producing::new(&running.system).await?;
    let (before, later) = parted(synthetic::review(SEED), PUSHES * PACES.len());
    producing.all(&before, |_| {}).await?;
    running.work_off(|_| {}).await?;
    step.done();
    let mut paces = Vec::new();
    for (every, statements) in PACES.iter().zip(later.chunks(PUSHES)) {
        let bar = progress.bar("pushing", statements.len());
        let seconds = push_all(&running, &producing, statements, *every).await?;
        paces.push(Pace::of(*every, seconds));
        bar.done();
    }
    let step = progress.step("watching it idle");
    let idle_cpu_percent = idle().await;
    step.done();
    let feeds = later
        .iter()
        .map(|statement| statement.feed)
        .collect::<BTreeSet<_>>()
        .len();
    running.stop().await?;
    Ok(Report {
        machine: Machine::here(),
        feeds,
        paces,
        idle_cpu_percent,
    })
}

/// So many good records for later, of each feed in turn; those that come last in their feed, so that none overtakes another.
fn parted(statements: Vec<Statement>, later: usize) -> (Vec<Statement>, Vec<Statement>) {
    let mut of_feed: BTreeMap<&str, Vec<Statement>> = BTreeMap::new();
    for statement in statements {
        of_feed.entry(statement.feed).or_default().push(statement);
    }
    let mut chosen = Vec::new();
    while chosen.len() < later {
        let had = chosen.len();
        for of_feed in of_feed.values_mut() {
            if chosen.len() < later && of_feed.len() > 1 {
                let good = of_feed
                    .iter()
                    .rposition(|s| matches!(s.payload, Payload::Record(_)));
                chosen.extend(good.map(|place| of_feed.remove(place)));
            }
        }
        if chosen.len() == had {
            break;
        }
    }
    (of_feed.into_values().flatten().collect(), chosen)
}

#[derive(Debug, Deserialize)]
struct Watermark {
    topic: String,
    messages: u64,
}

/// How many messages of each topic are in the measures.
async fn in_measures(running: &Running) -> Result<BTreeMap<String, u64>> {
    let store = &running.system.store;
    let sql = store.names().fill(include_str!("watermarks.sql"));
    let rows: Vec<Watermark> = store.rows("read watermarks", &sql, &[]).await?;
    Ok(rows.into_iter().map(|row| (row.topic, row.messages)).collect())
}

/// A push on its way.
struct Push {
    topic: String,
    /// Messages of the topic, this one included.
    messages: u64,
    at: Instant,
}

/// Pushes the statements one by one and returns how long each took until the measures had it, seconds.
async fn push_all(
    running: &Running,
    producing: &Producing,
    statements: &[Statement],
    every: Duration,
) -> Result<Vec<f64>> {
    let mut sent = in_measures(running).await?;
    let (mut under_way, mut seconds): (Vec<Push>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut next = tokio::time::interval(every);
    let mut looks = tokio::time::interval(LOOK_EVERY);
    let mut left = statements.iter();
    while seconds.len() < statements.len() {
        tokio::select! {
            _ = next.tick() => if let Some(statement) = left.next() {
                under_way.push(push(running, producing, statement, &mut sent).await?);
            },
            _ = looks.tick() => {
                let there = in_measures(running).await?;
                under_way.retain(|push| {
                    let has_arrived = there.get(&push.topic).is_some_and(|messages| *messages >= push.messages);
                    if has_arrived {
                        seconds.push(push.at.elapsed().as_secs_f64());
                    }
                    !has_arrived
                });
                if under_way.iter().any(|push| push.at.elapsed() > LIMIT) {
                    bail!("a push did not reach the measures");
                }
            }
        }
    }
    Ok(seconds)
}

async fn push(
    running: &Running,
    producing: &Producing,
    statement: &Statement,
    sent: &mut BTreeMap<String, u64>,
) -> Result<Push> {
    let mut feeds = running.system.in_force.catalogue.feeds().iter();
    let feed = feeds
        .find(|feed| feed.feed.name == statement.feed)
        .context("an unknown feed")?;
    let topic = feed.feed.topic.clone();
    let at = Instant::now();
    producing.all(std::slice::from_ref(statement), |_| {}).await?;
    let messages = sent.entry(topic.clone()).or_default();
    *messages += 1;
    Ok(Push {
        topic,
        messages: *messages,
        at,
    })
}

async fn idle() -> Option<f64> {
    let own = [std::process::id()];
    let before = usage::of(&own)?;
    tokio::time::sleep(IDLE).await;
    let after = usage::of(&own)?;
    Some((after.cpu - before.cpu).as_secs_f64() / IDLE.as_secs_f64() * 100.0)
}

impl Pace {
    fn of(every: Duration, mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            seconds
                .get((seconds.len() * percent).div_ceil(100).saturating_sub(1))
                .copied()
        };
        Pace {
            every_seconds: every.as_secs_f64(),
            pushes: seconds.len(),
            median: at(50).unwrap_or_default(),
            p95: at(95).unwrap_or_default(),
            longest: at(100).unwrap_or_default(),
        }
    }
}

/// Prints the report on stdout.
///
/// # Errors
/// stdout cannot be written.
pub(super) fn print(report: &Report, format: ReportFormat) -> Result<()> {
    let text = match format {
        ReportFormat::Table => report.table(),
        ReportFormat::Json => serde_json::to_string_pretty(report)? + "\n",
    };
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

impl Report {
    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        table.set_header(["a push every", "pushes", "median", "p95", "longest"]);
        for pace in &self.paces {
            let cells = [
                format!("{:.2} s", pace.every_seconds),
                pace.pushes.to_string(),
                format!("{:.2} s", pace.median),
                format!("{:.2} s", pace.p95),
                format!("{:.2} s", pace.longest),
            ];
            table.add_row(cells.map(|text| Cell::new(text).set_alignment(CellAlignment::Right)));
        }
        let idle = self.idle_cpu_percent.map_or(String::new(), |percent| {
            format!(
                "Idle: {percent:.1} % of one core over {:.0} s.\n",
                float(IDLE.as_secs())
            )
        });
        format!(
            "From the push of a record until all measures have it, to {} feeds in turn, all measures live.\nOn {}.\n{table}\n{idle}",
            self.feeds,
            self.machine.describe()
        )
    }
}
