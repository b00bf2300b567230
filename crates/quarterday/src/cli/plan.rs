//! `quarterday plan ...`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Format, Target};

/// `quarterday plan`
#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Check a plan file against feeds, schemas and code lists: every problem at once, with line and column
    #[command(
        after_help = "Exit code 1 when the file cannot be used. What is only doubtful is a warning.\n\n\
                            Example:\n  quarterday plan check schemas/plans/tunbridge-wells-2015-16.toml"
    )]
    Check(PlanCheck),
    /// Print the definitions in force: all of them, or one with its SQL
    #[command(
        after_help = "Examples:\n  quarterday plan show\n  quarterday plan show P3.02\n  quarterday plan show --format json"
    )]
    Show(PlanShow),
    /// Say what changed from one plan file to another
    #[command(
        after_help = "Exit code 1 when they differ.\n\nExample:\n  quarterday plan diff plan-2014-15.toml plan-2015-16.toml"
    )]
    Diff(PlanDiff),
}

/// `quarterday plan check`
#[derive(Debug, Args)]
pub struct PlanCheck {
    /// Plan file
    pub file: PathBuf,
    /// Whose feeds, schemas and code lists
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday plan show`
#[derive(Debug, Args)]
pub struct PlanShow {
    /// Only this measure, figure or companion, with all that is known of it
    pub id: Option<String>,
    /// Whose plan files
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday plan diff`
#[derive(Debug, Args)]
pub struct PlanDiff {
    /// The older plan file
    pub a: PathBuf,
    /// The newer plan file
    pub b: PathBuf,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
