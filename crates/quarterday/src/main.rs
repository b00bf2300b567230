//! The `quarterday` program: only routes.

use clap::Parser;
use quarterday::cli::Cli;
use quarterday::commands;

fn main() {
    quarterday_embedded::give_memory_back();
    quarterday_embedded::leave(commands::run(Cli::parse()))
}
