//! `quarterday plan`: checking, showing and comparing plan files. Nothing of it needs a running system.

mod check;
mod diff;
mod show;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::plan::Plan;

pub(super) fn run(command: Plan) -> Result<u8> {
    match command {
        Plan::Check(args) => check::run(&args),
        Plan::Show(args) => show::run(&args),
        Plan::Diff(args) => diff::run(&args),
    }
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
