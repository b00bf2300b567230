//! `quarterday snapshot ...`

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use quarterday_plan::period::Period;
use quarterday_plan::plan;
use quarterday_snapshot::{Id, IdError};

use super::{Format, Target};

/// `quarterday snapshot`
#[derive(Debug, Subcommand)]
pub enum Snapshot {
    /// Freeze every measure of a period: once, however often it is asked for
    #[command(
        after_help = "A snapshot never changes: what comes late shows in the next revision. The same command gives the same snapshot, also \
                            when two give it at once.\n\n\
                            Examples:\n  quarterday snapshot take --period 2015-16/Q1\n  \
                            quarterday snapshot take --period 2015-16/Q1 --revise --reason 'late returns of the shelter'"
    )]
    Take(SnapshotTake),
    /// Freeze whatever is due: the quarters and years of the plans whose freeze day is over
    #[command(
        after_help = "Safe to run at any time, and any number of times: for a scheduler. The freeze day is so many working days after the end \
                            of a period ([returns] of the feeds file).\n\n\
                            Example:\n  quarterday snapshot due --role scheduler"
    )]
    Due(SnapshotDue),
    /// What was frozen, the newest first
    #[command(after_help = "Example:\n  quarterday snapshot list --format json")]
    List(SnapshotList),
    /// Print one snapshot
    #[command(
        after_help = "The plan file says what partners and the public see of each measure. Where small numbers of people are hidden, none \
                            from 1 to 4 is shown, nor what would give one away: <5 stands there, or suppressed.\n\n\
                            Examples:\n  quarterday snapshot show 2015-16/Q1/r1\n  \
                            quarterday snapshot show 2015-16/Q1/r1 --audience public --format html --output q1.html\n  \
                            quarterday snapshot show 2015-16/Q1/r1 --format xlsx --output q1.xlsx"
    )]
    Show(SnapshotShow),
    /// Derive a snapshot again and compare it byte for byte
    #[command(
        after_help = "From the version logs, exactly up to the offsets that it names, with the plan, feeds and code lists of then.\n\n\
                            Example:\n  quarterday snapshot verify 2015-16/Q1/r1\n\n\
                            Exit code 1 when it is not proved."
    )]
    Verify(SnapshotVerify),
    /// Explain what is different from one snapshot to a later one of the same period, or to what is known now
    #[command(
        after_help = "Each change in parts that add up to it: late, amended, withdrawn, put through again from quarantine, definition \
                            changed, reference data changed; with the records behind each.\n\n\
                            Examples:\n  quarterday snapshot diff 2015-16/Q1/r1 2015-16/Q1/r2\n  \
                            quarterday snapshot diff 2015-16/Q1/r1 now --format json"
    )]
    Diff(SnapshotDiff),
}

/// `quarterday snapshot take`
#[derive(Debug, Args)]
pub struct SnapshotTake {
    /// Period: a quarter, half or year, or dates FROM..TO, of a plan in force
    #[arg(long)]
    pub period: Period,
    /// Although the period has not ended, or not all that has come is in the measures: none of its numbers is final
    #[arg(long)]
    pub provisional: bool,
    /// Another revision, if numbers are others now
    #[arg(long, requires = "reason")]
    pub revise: bool,
    /// Why there is another revision: reports say so, no names
    #[arg(long, requires = "revise")]
    pub reason: Option<String>,
    /// Take a reason that has words like names: no person is meant
    #[arg(long)]
    pub names_checked: bool,
    /// Which role takes it, as a short code
    #[arg(long, default_value = "operator", env = "QUARTERDAY_ROLE", value_parser = role)]
    pub role: String,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday snapshot due`
#[derive(Debug, Args)]
pub struct SnapshotDue {
    /// Only print what is due
    #[arg(long)]
    pub dry_run: bool,
    /// Which role takes it, as a short code
    #[arg(long, default_value = crate::freezing::schedule::ROLE, env = "QUARTERDAY_ROLE", value_parser = role)]
    pub role: String,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday snapshot list`
#[derive(Debug, Args)]
pub struct SnapshotList {
    /// Only those of this period
    #[arg(long)]
    pub period: Option<Period>,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How they are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Who reads a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Audience {
    /// The partnership's analysts: everything
    #[default]
    Restricted,
    /// The partners that return data
    Partners,
    /// Everybody
    Public,
}

impl From<Audience> for plan::Audience {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Restricted => plan::Audience::Restricted,
            Audience::Partners => plan::Audience::Partners,
            Audience::Public => plan::Audience::Public,
        }
    }
}

/// `quarterday snapshot show`
#[derive(Debug, Args)]
pub struct SnapshotShow {
    /// Period and revision, such as 2015-16/Q1/r1
    pub id: Id,
    /// Who is to read it
    #[arg(long, value_enum, default_value_t)]
    pub audience: Audience,
    /// Write it into this file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ShowFormat,
}

/// How a snapshot is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ShowFormat {
    /// Lines up in columns
    #[default]
    Table,
    /// One JSON array
    Json,
    /// Comma-separated values with a header
    Csv,
    /// The report, as one page for browsers and printers
    Html,
    /// The report, as a workbook
    Xlsx,
}

/// `quarterday snapshot verify`
#[derive(Debug, Args)]
pub struct SnapshotVerify {
    /// Period and revision, such as 2015-16/Q1/r1
    pub id: Id,
    /// Derive the version logs again from the topics before, which takes as long as a rebuild
    #[arg(long)]
    pub from_kafka: bool,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How the differences are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday snapshot diff`
#[derive(Debug, Args)]
pub struct SnapshotDiff {
    /// The earlier one
    pub from: Id,
    /// The later one, or 'now'
    #[arg(default_value = "now")]
    pub to: Later,
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What a snapshot is compared with.
#[derive(Debug, Clone)]
pub enum Later {
    /// What is known now.
    Now,
    /// Another snapshot.
    Snapshot(Id),
}

impl FromStr for Later {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "now" => Ok(Later::Now),
            id => id.parse().map(Later::Snapshot),
        }
    }
}

/// It stands in every report: a word or two, no name.
pub(super) fn role(text: &str) -> Result<String, String> {
    let is_code = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.is_empty() || text.len() > 40 || !text.chars().all(is_code) {
        return Err("a role is a short code: letters, digits, '-', '_' and '.'".to_owned());
    }
    Ok(text.to_owned())
}
