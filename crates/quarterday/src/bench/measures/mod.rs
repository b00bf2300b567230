//! `quarterday bench --measures`: how long it takes to bring the measures of a quarter up to date, over histories of several sizes.
//!
//! A history is filled by SQL into the version logs: quarters of 250,000 records each, back from the receiving quarter. Then 1,000
//! new versions come for the receiving quarter (5 % of them amendments of other records, into it and out of it), and the same steps
//! run that a worker runs: the time until every measure that they can have changed is right, and until `measures` answers.
//! Events and people, stocks and look-backs are measured apart. Each size has a process and a directory of its own.

mod history;
mod measured;
mod report;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

pub(super) use report::print;

use super::run;
use crate::progress::Progress;
use report::{Report, Size};

/// The largest history takes the most of an hour to fill.
const LIMIT: Duration = Duration::from_secs(2 * 3600);

/// What the process that measures one size must know.
#[derive(Debug, Args)]
pub struct SizeArgs {
    /// Directory of the engine's data
    #[arg(long)]
    pub directory: PathBuf,
    /// Records of the history
    #[arg(long)]
    pub records: u64,
}

/// Measures each size in a process of its own. `millions`: records of the histories.
///
/// # Errors
/// A process could not be started, or failed.
pub(super) async fn compare(millions: &[u64]) -> Result<Report> {
    let progress = Progress::steps();
    let mut sizes = Vec::new();
    for millions in millions {
        let step = progress.step(&format!("{millions} million records"));
        let records = millions.saturating_mul(1_000_000);
        let size = tokio::task::spawn_blocking(move || in_a_process(records)).await??;
        sizes.push(size);
        step.done();
    }
    Ok(Report::new(sizes))
}

fn in_a_process(records: u64) -> Result<Size> {
    let directory = tempfile::Builder::new().prefix("quarterday-bench-").tempdir()?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["bench", "measured", "--directory"])
        .arg(directory.path())
        .args(["--records", &records.to_string()]);
    let printed = run::run(&mut command, "the process that measures", LIMIT)?;
    let line = printed.lines().last().unwrap_or_default();
    serde_json::from_str(line).context("the process that measures printed something else")
}

/// Fills a history and measures, in this process.
///
/// # Errors
/// The engine cannot be started or refuses.
pub(super) async fn work(args: SizeArgs) -> Result<()> {
    let size = measured::size(&args).await?;
    let line = serde_json::to_string(&size)? + "\n";
    Ok(std::io::stdout().lock().write_all(line.as_bytes())?)
}
