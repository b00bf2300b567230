//! `quarterday comment`

use clap::Args;
use quarterday_plan::period::Period;

use super::{Format, Target};

/// `quarterday comment`
#[derive(Debug, Args)]
pub struct Comment {
    /// Measure or figure; without it, what was said of all
    #[arg(required_unless_present = "period", requires = "period")]
    pub measure: Option<String>,
    /// Period that the number is of, as snapshots name it
    #[arg(long)]
    pub period: Option<Period>,
    /// What is to be said: one line of 300 characters at most, no names
    #[arg(long, requires = "measure")]
    pub text: Option<String>,
    /// Take back what was said
    #[arg(long, requires = "measure", conflicts_with = "text")]
    pub withdraw: bool,
    /// Take a text that has words like names: no person is meant
    #[arg(long, requires = "text")]
    pub names_checked: bool,
    /// Which role says it, as a short code
    #[arg(long, default_value = "lead", env = "QUARTERDAY_ROLE", value_parser = super::snapshot::role)]
    pub role: String,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
