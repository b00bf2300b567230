//! One file per command. A command returns an exit code: 0 done, 1 the result is not as it should be, 2 it could not be
//! done.

mod comment;
mod demo;
mod ingest;
mod measures;
mod migrate;
mod plan;
mod push;
mod rebuild;
mod reconcile;
mod rejected;
mod returns;
mod snapshot;
mod trace;
mod up;
mod warnings;
mod written;

use anyhow::Result;

use crate::cli::{Cli, Command};
use crate::{bench, logging};

/// Exit code of a command that has done its work.
pub const DONE: u8 = 0;
/// Exit code of a command that could not do its work.
const FAILED: u8 = 2;

/// Runs the command; gives the exit code.
#[must_use]
pub fn run(cli: Cli) -> u8 {
    // Services log what they do; commands for people only what goes wrong.
    let level = if matches!(cli.command, Command::Up(_) | Command::Ingest(_)) {
        "info"
    } else {
        "warn"
    };
    logging::start(level);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let result = runtime.block_on(route(cli));
    // Threads that wait in a library (a poll, a connection attempt) must not hold up the end.
    runtime.shutdown_background();
    result.unwrap_or_else(|error| failed(&error))
}

async fn route(cli: Cli) -> Result<u8> {
    match cli.command {
        Command::Comment(args) => comment::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Up(args) => up::run(args).await,
        Command::Ingest(args) => ingest::run(args).await,
        Command::Migrate(args) => migrate::run(args).await,
        Command::Push(args) => push::run(args).await,
        Command::Measures(args) => measures::run(args).await,
        Command::Trace(args) => trace::run(args).await,
        Command::Plan(args) => plan::run(args),
        Command::Rebuild(args) => rebuild::run(args).await,
        Command::Reconcile(args) => reconcile::run(args).await,
        Command::Rejected(args) => rejected::run(args).await,
        Command::Returns(args) => returns::run(args).await,
        Command::Snapshot(args) => snapshot::run(args).await,
        Command::Warnings(args) => warnings::run(args).await,
        Command::Bench(args) => bench::run(args).await,
    }
}

/// Prints an error with its causes, one a line.
fn failed(error: &anyhow::Error) -> u8 {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because {cause}");
    }
    FAILED
}
