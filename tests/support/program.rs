//! The program itself, started as a user or a service manager does.
//!
//! What it prints goes to files, so that no full pipe can hold it up, and can be read while it runs. A started program ends
//! with its [`Running`], also when the test panics or is killed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use quarterday::bench::guarded::{Guarded, poll};
use serde_json::Value;
use tempfile::TempDir;

/// How long a command may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(180);
/// How long a started program may take to be ready or to stop.
const LIMIT: Duration = Duration::from_secs(90);
/// So many lines are shown of what a program said before a test failed.
const LAST_WORDS: usize = 60;
/// Exit code of a command whose result is not as it should be.
const DIFFERS: i32 = 1;
/// Exit code of a command that could not do its work.
const FAILED: i32 = 2;

/// The program with arguments, not started yet.
pub(crate) struct Program {
    command: Command,
}

/// A program that runs.
pub(crate) struct Running {
    process: Guarded,
    output: Output,
}

/// What a program has printed so far.
struct Output {
    directory: TempDir,
}

impl Program {
    /// The program with these arguments. Settings of the environment that tests were started in do not reach it.
    pub(crate) fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterday"));
        for name in ["QUARTERDAY_CONFIG", "QUARTERDAY_DATA_DIR", "QUARTERDAY_LOG"] {
            command.env_remove(name);
        }
        command.args(arguments);
        Program { command }
    }

    /// The program started by another, which gets these arguments and the program's name behind them.
    pub(crate) fn through<'a>(other: &str, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command = Command::new(other);
        command.args(arguments).arg(env!("CARGO_BIN_EXE_quarterday"));
        Program { command }
    }

    /// The program started by another: that gets `first`, then the program's name, then the program's own arguments.
    pub(crate) fn through_with<'a>(
        other: &str,
        first: impl IntoIterator<Item = &'a str>,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut program = Program::through(other, first);
        program.command.args(arguments);
        program
    }

    /// Runs it to its end, which must be good, and returns what it printed on stdout.
    #[track_caller]
    pub(crate) fn text(self) -> String {
        self.ends_with(0).read("stdout")
    }

    /// Runs it to its end, which must be good, and reads its stdout as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}):\n{text}"))
    }

    /// Runs it to its end, which must be that it could not do its work, and returns what it printed on stderr.
    #[track_caller]
    pub(crate) fn fails(self) -> String {
        self.ends_with(FAILED).read("stderr")
    }

    /// Runs it to its end, which must be that something is not as it should be, and returns what it printed on stdout.
    #[track_caller]
    pub(crate) fn differs(self) -> String {
        self.ends_with(DIFFERS).read("stdout")
    }

    /// Starts it and waits until it has printed this line on stdout.
    #[track_caller]
    pub(crate) fn start_until(self, line: &str) -> Running {
        let mut running = self.start();
        let said = poll(LIMIT, || {
            let said = running
                .output
                .read("stdout")
                .lines()
                .any(|printed| printed == line);
            let ended = running.process.ended()?;
            assert!(
                said || ended.is_none(),
                "ended ({ended:?}) before '{line}':\n{}",
                running.output.read("stderr")
            );
            Ok::<_, quarterday::bench::Error>(said)
        });
        assert!(
            matches!(said, Ok(true)),
            "no line '{line}' in {LIMIT:?}:\n{}",
            running.output.read("stderr")
        );
        running
    }

    #[track_caller]
    fn ends_with(self, code: i32) -> Output {
        let Running { mut process, output } = self.start();
        let status = process
            .wait(COMMAND_LIMIT, &output.path("stderr"))
            .expect("the program ends in time");
        let (out, err) = (output.read("stdout"), output.read("stderr"));
        assert_eq!(status.code(), Some(code), "stdout:\n{out}\nstderr:\n{err}");
        output
    }

    /// Starts it.
    pub(crate) fn start(mut self) -> Running {
        let output = Output {
            directory: tempfile::tempdir().expect("a temporary directory"),
        };
        self.command
            .stdin(Stdio::null())
            .stdout(output.create("stdout"))
            .stderr(output.create("stderr"));
        let process = Guarded::spawn(&mut self.command, "quarterday").expect("the program starts");
        Running { process, output }
    }
}

impl Running {
    /// Asks it to stop, as a service manager does (SIGTERM), and waits until it has, with exit code 0.
    #[track_caller]
    pub(crate) fn stop(mut self) {
        self.process.terminate().expect("a signal can be sent");
        let status = self
            .process
            .wait(LIMIT, &self.output.path("stderr"))
            .expect("the program stops in time");
        assert!(
            status.success(),
            "{status}; stderr:\n{}",
            self.output.read("stderr")
        );
    }

    /// The root of the file system, as it sees it.
    pub(crate) fn root(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.process.id()))
    }

    /// Sends it a signal, by its name without SIG.
    #[track_caller]
    pub(crate) fn signal(&mut self, name: &str) {
        self.process.signal(name).expect("a signal can be sent");
    }

    /// How much of it is in memory, bytes.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        kib.expect("Linux says how much") * 1024
    }

    /// Whether it has printed this on stderr so far.
    pub(crate) fn said(&self, text: &str) -> bool {
        self.output.read("stderr").contains(text)
    }

    /// Kills it as `kill -9` does; it is gone when this returns.
    pub(crate) fn kill_9(mut self) {
        self.process.kill();
    }
}

impl Output {
    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn create(&self, name: &str) -> File {
        File::create(self.path(name)).expect("a file for output")
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(name)).expect("output that was captured")).into_owned()
    }
}

impl Drop for Output {
    /// A test that fails shows what the program said last.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = self.read("stderr");
            let lines: Vec<&str> = said.lines().collect();
            let last = lines.iter().rev().take(LAST_WORDS).rev();
            last.for_each(|line| eprintln!("| {line}"));
        }
    }
}

#[test]
fn a_command_runs_to_its_end() {
    assert!(Program::new(["--version"]).text().starts_with("quarterday "));
    assert!(
        Program::new(["no-such-command"])
            .fails()
            .contains("no-such-command")
    );
}
