//! How a contender's process tells the benchmark where it is, and how it is measured.
//!
//! A contender prints one JSON object a line. At `started` and at `inserted` (or else `done`) the benchmark reads the
//! clock and the cost of all processes that belong to the contender; after `done` the contender waits to be killed.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::ChildStdout;

use super::guarded::Guarded;
use super::usage;
use crate::progress::Step;

/// How long a contender may say nothing.
const SILENCE_LIMIT: Duration = Duration::from_secs(300);

/// What a contender says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    /// An engine answers at this address.
    Listening {
        /// Its HTTP interface.
        clickhouse: String,
    },
    /// The first poll comes next.
    Started,
    /// So many rows are inserted.
    Progress {
        /// Rows so far.
        rows: u64,
    },
    /// All rows can be queried. Reading them again to check them comes after the measured time.
    Inserted,
    /// So many rows were counted.
    Done {
        /// Rows in the table.
        rows: u64,
    },
}

/// What one run of a contender took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) rows: u64,
    pub(super) elapsed: Duration,
    /// Not known on systems without `/proc`.
    pub(super) cpu: Option<Duration>,
    pub(super) peak_bytes: Option<u64>,
}

/// A process that speaks in events.
pub(super) struct Talking {
    process: Guarded,
    lines: Lines<BufReader<ChildStdout>>,
    what: &'static str,
}

/// Says something to the benchmark; for contenders.
pub(super) fn say(event: &Event) -> Result<()> {
    let mut line = serde_json::to_string(event)?;
    line.push('\n');
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    Ok(stdout.flush()?)
}

impl Talking {
    /// Starts a process; its stderr is this one's.
    pub(super) fn start(mut command: Command, what: &'static str) -> Result<Self> {
        let mut process = Guarded::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()), what)?;
        let stdout = process.stdout().context("a started process has no output")?;
        let lines = BufReader::new(ChildStdout::from_std(stdout)?).lines();
        Ok(Self { process, lines, what })
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(super) async fn next(&mut self) -> Result<Event> {
        let Ok(line) = tokio::time::timeout(SILENCE_LIMIT, self.lines.next_line()).await else {
            bail!("{} has said nothing for {} s", self.what, SILENCE_LIMIT.as_secs());
        };
        let Some(line) = line? else {
            bail!("{} ended before it was done", self.what)
        };
        serde_json::from_str(&line).with_context(|| format!("{} said '{line}'", self.what))
    }

    /// Follows a contender from `started` to `done`. `helpers` are further processes that belong to it.
    pub(super) async fn measure(mut self, helpers: &[u32], step: &Step) -> Result<Measured> {
        let processes: Vec<u32> = helpers.iter().copied().chain([self.id()]).collect();
        let now = || (Instant::now(), usage::of(&processes));
        let (mut began, mut inserted) = (None, None);
        loop {
            match (self.next().await?, began) {
                (Event::Started, _) => began = Some(now()),
                (Event::Progress { rows }, _) => step.at(usize::try_from(rows).unwrap_or(usize::MAX)),
                (Event::Inserted, Some(_)) => inserted = Some(now()),
                (Event::Done { rows }, Some((began, before))) => {
                    let (ended, after) = inserted.unwrap_or_else(now);
                    let cpu = before
                        .zip(after)
                        .map(|(before, after)| after.cpu.saturating_sub(before.cpu));
                    return Ok(Measured {
                        rows,
                        elapsed: ended.saturating_duration_since(began),
                        cpu,
                        peak_bytes: usage::of(&processes).map(|after| after.peak_bytes),
                    });
                }
                (event, _) => bail!("{} said {event:?} out of turn", self.what),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Progress;

    fn shell(script: &str) -> Talking {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Talking::start(command, "a contender").unwrap()
    }

    async fn measure(script: &str) -> Result<Measured> {
        shell(script).measure(&[], &Progress::steps().step("test")).await
    }

    #[tokio::test]
    async fn a_contender_is_measured_from_started_to_done() {
        let script = r#"echo '{"event":"started"}'; echo '{"event":"progress","rows":2}'
            echo '{"event":"done","rows":3}'; exec sleep 1000"#;
        let measured = measure(script).await.unwrap();
        assert_eq!(measured.rows, 3);
        assert_eq!(measured.cpu.is_some(), cfg!(target_os = "linux"));
    }

    #[tokio::test]
    async fn a_contender_that_dies_or_babbles_is_an_error() {
        let error = measure(r#"echo '{"event":"started"}'"#).await.unwrap_err();
        assert_eq!(error.to_string(), "a contender ended before it was done");
        let error = measure("echo hello; exec sleep 1000").await.unwrap_err();
        assert_eq!(error.to_string(), "a contender said 'hello'");
        let error = measure(r#"echo '{"event":"done","rows":3}'; exec sleep 1000"#)
            .await
            .unwrap_err();
        assert!(error.to_string().ends_with("out of turn"), "{error}");
    }
}
