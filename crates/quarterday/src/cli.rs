//! The command line. What each command does lives in `commands`.

pub mod comment;
pub mod plan;
pub mod rejected;
pub mod snapshot;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::settings::Override;

/// Partner returns become the measures of a community safety partnership's plan: live, traceable, provable.
#[derive(Debug, Parser)]
#[command(name = "quarterday", version, about, long_about = None, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the system is that a command works on.
#[derive(Debug, Clone, Default, Args)]
pub struct Target {
    /// Configuration of a Kafka, a schema registry and a ClickHouse that run elsewhere; else of QUARTERDAY_CONFIG
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    pub config: Option<PathBuf>,
    /// Directory of an embedded system, else of QUARTERDAY_DATA_DIR, else ./quarterday-data; one that an 'up' process owns is
    /// reached through that process
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// A setting of the configuration, over file and environment; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<Override>,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Lines up in columns.
    #[default]
    Table,
    /// One JSON array.
    Json,
    /// Comma-separated values with a header.
    Csv,
}

/// What results a command can break measures down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// One line per ward in which something counted; records of no known ward are in the total only.
    Ward,
    /// One line per partner.
    Partner,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Replay the Review of 2014/15 and print each published figure beside the computed one
    #[command(
        after_help = "Examples:\n  quarterday demo\n  quarterday demo --data-dir /tmp/demo --format json\n\n\
                            Exit code 1 when a computed figure differs from the printed one."
    )]
    Demo(Demo),
    /// Run the whole system in one process until stopped: broker, registry, ClickHouse and worker
    #[command(
        after_help = "Prints 'ready' when everything answers. Addresses: DIR/endpoints.json.\n\n\
                            Example:\n  quarterday up --data-dir /var/lib/quarterday"
    )]
    Up(Up),
    /// Run a worker against the configured Kafka and ClickHouse until stopped
    #[command(
        after_help = "Several share feeds and partitions by their group. Its files must be those of the last 'quarterday migrate'; it ends \
                            when others are put in force.\n\n\
                            Example:\n  quarterday ingest --config /etc/quarterday/quarterday.toml"
    )]
    Ingest(Configured),
    /// Create or upgrade topics, schemas and the ClickHouse schema for the plan
    #[command(
        after_help = "Safe to repeat. Needed before the first 'quarterday ingest', and after every change of plan, feeds, code lists, \
                            schemas or software.\n\n\
                            Example:\n  quarterday migrate --config /etc/quarterday/quarterday.toml"
    )]
    Migrate(Configured),
    /// Push a file of records as a partner would
    #[command(
        after_help = "Formats by ending: .json .ndjson .jsonl .csv .avro; for recorded-crimes and \
                            police-incidents also street files of data.police.uk.\n\n\
                            Examples:\n  quarterday push cctv-incidents june.csv\n  \
                            quarterday push police-incidents 2014-06-kent-street.csv --data-dir /tmp/demo\n\n\
                            Exit code 1 when some rows could not be read or are in quarantine; the others are taken."
    )]
    Push(Push),
    /// Print the measures of a period
    #[command(
        after_help = "Periods: 2015-16/Q1, 2014-15/H1, 2015-16, 2013-10-01..2014-09-30 (inclusive).\n\n\
                            Examples:\n  quarterday measures --period 2014-15/H1\n  \
                            quarterday measures --period 2014-15/H1 --measure R50 --by ward --format json"
    )]
    Measures(Measures),
    /// Print the records behind a number
    #[command(
        after_help = "One line per record and count, with its version and its place in Kafka; their sum, count or number of \
                            different people is the measure.\n\n\
                            Example:\n  quarterday trace P3.02 --period 2015-16/Q1\n\n\
                            Exit code 1 when they do not add up to the measure."
    )]
    Trace(Trace),
    /// What has to be looked at: messages in quarantine, and accepted ones that do not count
    #[command(subcommand)]
    Rejected(rejected::Rejected),
    /// Check that every message has exactly one outcome and every measure is what its records add up to
    #[command(
        after_help = "Per topic and partition: offsets worked off = version rows + quarantined + gaps that Kafka left, or that \
                            retention or erasure took, or in damaged record batches; version rows = live + superseded + withdrawn + duplicate + conflict + orphan.\n\
                            Per record type: the records that numbers are made of are those that count by the version log.\n\n\
                            Examples:\n  quarterday reconcile\n  quarterday reconcile --feed cctv-incidents --period 2015-16/Q1\n\n\
                            Exit code 1 when a sum does not hold."
    )]
    Reconcile(Reconcile),
    /// Derive the whole store again from Kafka, compare every measure, and switch readers over
    #[command(
        after_help = "The new store is made beside the one that readers see, which they see whole until they see the new one whole. \
                            When it is cut off, run it again: it goes on. Workers need not be stopped.\n\n\
                            Example:\n  quarterday rebuild --config /etc/quarterday.toml\n\n\
                            Exit code 1 when numbers differ, and readers were not switched over."
    )]
    Rebuild(Rebuild),
    /// The return board: what each partner owes of a period, what came, and when
    #[command(
        after_help = "One line for each feed and quarter. NR: nothing was returned; nil: said to be none; n/a: does not apply; 0: returned, and \
                            none counts.\n\n\
                            Examples:\n  quarterday returns --period 2015-16/Q1\n  quarterday returns --period 2015-16 --open"
    )]
    Returns(Returns),
    /// Say something of a measure's number of a period, for reports; or read what was said
    #[command(
        after_help = "By the lead of the measure. A later comment takes the place of an earlier one; a snapshot freezes those that hold when it \
                            is taken. Comments name nobody.\n\n\
                            Examples:\n  quarterday comment P1.06 --period 2015-16/Q1 --text 'The shop moved in May.'\n  \
                            quarterday comment P1.06 --period 2015-16/Q1\n  quarterday comment --period 2015-16/Q1"
    )]
    Comment(comment::Comment),
    /// Freeze the measures of a period, and look at what was frozen
    #[command(subcommand)]
    Snapshot(snapshot::Snapshot),
    /// What the checks remark on: warnings, counted, or the records that have them
    #[command(
        after_help = "Records with warnings count like others. A later version that mends the record takes its warning away.\n\n\
                            Examples:\n  quarterday warnings\n  quarterday warnings --feed cctv-incidents --records"
    )]
    Warnings(Warnings),
    /// Plan files: check one, print what is in force, compare two
    #[command(subcommand)]
    Plan(plan::Plan),
    /// Measure the worker beside its peers, or how soon measures are right
    #[command(
        after_help = "Examples:\n  quarterday bench\n  quarterday bench --freshness\n  quarterday bench --measures --millions 10\n  quarterday bench --soak"
    )]
    Bench(crate::bench::BenchArgs),
}

/// `quarterday rebuild`
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Which system
    #[command(flatten)]
    pub target: Target,
    /// Go on although the log has lost messages, at its beginning or in its middle: what is missing is noted by range, and is not in the numbers
    #[arg(long)]
    pub attest_missing: bool,
    /// Switch readers over even if numbers differ
    #[arg(long)]
    pub accept_differences: bool,
    /// How the differences are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Keep the data here; without it a directory is made and kept
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Seed of the synthetic returns
    #[arg(long, default_value_t = 2014)]
    pub seed: u64,
}

/// `quarterday up`
#[derive(Debug, Args)]
pub struct Up {
    /// Where the data lies
    #[arg(long, value_name = "DIR", default_value = crate::target::DEFAULT_DATA_DIR, env = "QUARTERDAY_DATA_DIR")]
    pub data_dir: PathBuf,
    /// Kafka port; 9092, or a free one when that is taken
    #[arg(long, value_name = "PORT")]
    pub kafka_port: Option<u16>,
    /// ClickHouse HTTP port; 8123, or a free one when that is taken
    #[arg(long, value_name = "PORT")]
    pub clickhouse_port: Option<u16>,
    /// Schema registry port; 8081, or a free one when that is taken
    #[arg(long, value_name = "PORT")]
    pub registry_port: Option<u16>,
}

/// Commands that need a configuration.
#[derive(Debug, Args)]
pub struct Configured {
    /// Configuration of the Kafka, the schema registry and the ClickHouse
    #[arg(long, value_name = "FILE", env = "QUARTERDAY_CONFIG")]
    pub config: PathBuf,
    /// A setting, over file and environment; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<Override>,
}

/// `quarterday push`
#[derive(Debug, Args)]
pub struct Push {
    /// Feed, e.g. cctv-incidents
    pub feed: String,
    /// File of records
    pub file: PathBuf,
    /// Where to push
    #[command(flatten)]
    pub target: Target,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday measures`
#[derive(Debug, Args)]
pub struct Measures {
    /// Period: a quarter, half or year, or dates FROM..TO
    #[arg(long)]
    pub period: quarterday_plan::period::Period,
    /// Only this measure, figure or companion
    #[arg(long, value_name = "ID")]
    pub measure: Option<String>,
    /// Break the numbers down
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// As the numbers were shown at an instant: 2026-10-14T09:30:00Z, '2026-10-14 10:30' (London), or a day, which is its end
    #[arg(long, value_name = "T")]
    pub as_known_at: Option<crate::instant::Instant>,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday trace`
#[derive(Debug, Args)]
pub struct Trace {
    /// Measure, figure or companion
    pub measure: String,
    /// Period: a quarter, half or year, or dates FROM..TO
    #[arg(long)]
    pub period: quarterday_plan::period::Period,
    /// The records that were behind the number at an instant: 2026-10-14T09:30:00Z, '2026-10-14 10:30' (London), or a day, which is its end
    #[arg(long, value_name = "T")]
    pub as_known_at: Option<crate::instant::Instant>,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday returns`
#[derive(Debug, Args)]
pub struct Returns {
    /// Period: a quarter, half or year, or dates FROM..TO, whose quarters are meant
    #[arg(long)]
    pub period: quarterday_plan::period::Period,
    /// Only this partner
    #[arg(long, value_name = "CODE")]
    pub partner: Option<String>,
    /// Only what somebody has to do something about: not returned, promised, incomplete or contradictory
    #[arg(long)]
    pub open: bool,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday reconcile`
#[derive(Debug, Args)]
pub struct Reconcile {
    /// Only the partitions of this feed
    #[arg(long)]
    pub feed: Option<String>,
    /// Measures of this period; else of all periods of the plans
    #[arg(long)]
    pub period: Option<quarterday_plan::period::Period>,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday warnings`
#[derive(Debug, Args)]
pub struct Warnings {
    /// Only this feed
    #[arg(long)]
    pub feed: Option<String>,
    /// Only this check
    #[arg(long, value_name = "ID")]
    pub check: Option<String>,
    /// One line per record and warning, newest first
    #[arg(long)]
    pub records: bool,
    /// At most so many records
    #[arg(long, default_value_t = 1000, requires = "records")]
    pub limit: u32,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
