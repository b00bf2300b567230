//! The `quarterday` program: only routes.

use std::process::ExitCode;

use clap::Parser;
use quarterday::cli::Cli;
use quarterday::commands;

fn main() -> ExitCode {
    commands::run(Cli::parse())
}
