//! The parts that the benchmark gives to processes of its own: the same program, started again with these arguments.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::kafka_engine::{self, Written};
use super::measures::{self, SizeArgs};
use super::{local_engine, ours, soak};

/// What a process started by the benchmark is to be.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// The worker, with the engine in the same process.
    #[command(hide = true)]
    Ours(RoleArgs),
    /// The worker of `--soak`, with all feeds, and the engine in the same process.
    #[command(hide = true)]
    Soaked(RoleArgs),
    /// ClickHouse's Kafka engine.
    #[command(hide = true)]
    KafkaEngine {
        /// What it must know
        #[command(flatten)]
        args: RoleArgs,
        /// Types in the Kafka table
        #[arg(long, value_enum)]
        written: Written,
    },
    /// One size of the histories of `--measures`.
    #[command(hide = true)]
    Measured(SizeArgs),
    /// An engine alone, for a peer that inserts from outside.
    #[command(hide = true)]
    Engine {
        /// Directory of its data
        #[arg(long)]
        directory: PathBuf,
    },
}

/// What a contender must know.
#[derive(Debug, Args)]
pub struct RoleArgs {
    /// Directory of the engine's data
    #[arg(long)]
    pub directory: PathBuf,
    /// Bootstrap brokers
    #[arg(long)]
    pub kafka: String,
    /// Address of the schema registry
    #[arg(long)]
    pub registry: String,
    /// Consumer group, a fresh one
    #[arg(long)]
    pub group: String,
    /// Messages on the topic
    #[arg(long)]
    pub rows: u64,
}

impl Role {
    pub(super) async fn play(self) -> Result<()> {
        match self {
            Self::Ours(args) => ours::work(args).await,
            Self::Soaked(args) => soak::work(args).await,
            Self::KafkaEngine { args, written } => kafka_engine::work(args, written).await,
            Self::Measured(args) => measures::work(args).await,
            Self::Engine { directory } => local_engine::serve(&directory).await,
        }
    }
}

impl RoleArgs {
    /// The arguments that give another process this role.
    pub(super) fn to_command_line(&self, role: &str) -> Vec<std::ffi::OsString> {
        let rows = self.rows.to_string();
        let words = [
            ["--kafka", self.kafka.as_str()],
            ["--registry", self.registry.as_str()],
            ["--group", self.group.as_str()],
            ["--rows", rows.as_str()],
        ];
        let mut line: Vec<std::ffi::OsString> = vec!["bench".into(), role.into(), "--directory".into()];
        line.push(self.directory.clone().into());
        line.extend(words.into_iter().flatten().map(Into::into));
        line
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    #[test]
    fn a_role_survives_the_command_line() {
        let args = RoleArgs {
            directory: "/tmp/a b".into(),
            kafka: "127.0.0.1:1".to_owned(),
            registry: "http://127.0.0.1:2".to_owned(),
            group: "bench-1".to_owned(),
            rows: 7,
        };
        let line = ["quarterday".into()]
            .into_iter()
            .chain(args.to_command_line("ours"));
        let Command::Bench(parsed) = Cli::try_parse_from(line).unwrap().command else {
            panic!("another command")
        };
        let Some(Role::Ours(parsed)) = parsed.role else {
            panic!("another role")
        };
        assert_eq!(format!("{parsed:?}"), format!("{args:?}"));
    }

    #[test]
    fn roles_are_no_part_of_the_help() {
        let mut command = <Cli as clap::CommandFactory>::command();
        let bench = command.find_subcommand_mut("bench").unwrap();
        let help = bench.render_long_help().to_string();
        assert!(
            help.contains("--runs") && !help.contains("kafka-engine"),
            "{help}"
        );
    }
}
