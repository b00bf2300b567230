//! Child processes that never outlive this one, however it ends.
//!
//! Dropping a [`Guarded`] kills its process, also while a test panics. Against an end without drops (kill -9, abort)
//! each process has a guard: a shell that waits on a pipe which only this process holds open, and kills the process
//! when the pipe closes. That needs neither `unsafe` nor a system of a certain kind, and unlike PR_SET_PDEATHSIG it does
//! not hang on the thread that did the spawning.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::Error;

/// Passes on the signals it is told by name; at the end of its input it kills.
const GUARD: &str = r#"while read -r signal; do kill -s "$signal" "$1"; done; kill -s KILL "$1""#;

/// How often a process that is waited for is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How much of a log an error shows, bytes.
const TAIL: usize = 2_000;

/// A process and its guard.
#[derive(Debug)]
pub struct Guarded {
    child: Child,
    guard: Child,
    commands: Option<ChildStdin>,
    what: String,
}

impl Guarded {
    /// Starts the command; `what` names it in errors. Its standard streams are as the command says.
    ///
    /// # Errors
    /// The program is not there, or the system starts no more processes.
    pub fn spawn(command: &mut Command, what: impl Into<String>) -> Result<Self, Error> {
        let what = what.into();
        let mut child = command.spawn().map_err(Error::io(format!("start {what}")))?;
        let guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .arg(child.id().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match guard {
            Ok(mut guard) => Ok(Self {
                commands: guard.stdin.take(),
                child,
                guard,
                what,
            }),
            Err(source) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(Error::io(format!("start the guard of {what}"))(source))
            }
        }
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its standard output, once, if the command pipes it.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Asks it to end (SIGTERM).
    ///
    /// # Errors
    /// Its guard is gone.
    pub fn terminate(&mut self) -> Result<(), Error> {
        self.signal("TERM")
    }

    /// Sends it a signal by its name without `SIG`.
    ///
    /// # Errors
    /// Its guard is gone.
    pub fn signal(&mut self, name: &str) -> Result<(), Error> {
        let told = self
            .commands
            .as_mut()
            .map_or(Ok(()), |commands| writeln!(commands, "{name}"));
        told.map_err(Error::io(format!("send {name} to {}", self.what)))
    }

    /// Its exit status, if it has ended.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child
            .try_wait()
            .map_err(Error::io(format!("ask how {} is", self.what)))
    }

    /// Waits until it has ended, at most so long. Blocks. `log` is where it writes, for the error.
    ///
    /// # Errors
    /// [`Error::TooSlow`].
    pub fn wait(&mut self, limit: Duration, log: &Path) -> Result<ExitStatus, Error> {
        let mut status = None;
        let ended = poll(limit, || {
            status = self.ended()?;
            Ok::<_, Error>(status.is_some())
        })?;
        match status.filter(|_| ended) {
            Some(status) => Ok(status),
            None => Err(Error::TooSlow {
                what: self.what.clone(),
                limit,
                tail: tail(log),
            }),
        }
    }

    /// Kills it (SIGKILL) and waits until it is gone.
    pub fn kill(&mut self) {
        // The guard first: it must not fire at an id that may be another process by then.
        let _ = self.guard.kill();
        let _ = self.guard.wait();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Looks at a condition again and again until it holds, at most so long; whether it did. Blocks.
///
/// # Errors
/// What the condition gives as an error.
pub fn poll<E>(limit: Duration, mut condition: impl FnMut() -> Result<bool, E>) -> Result<bool, E> {
    let began = Instant::now();
    loop {
        if condition()? {
            return Ok(true);
        }
        if began.elapsed() >= limit {
            return Ok(false);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The last lines of a log, for an error message.
#[must_use]
pub fn tail(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    tail_of(&bytes)
}

/// The last lines of an output, for an error message.
#[must_use]
pub fn tail_of(bytes: &[u8]) -> String {
    let start = bytes.len().saturating_sub(TAIL);
    let text = String::from_utf8_lossy(bytes.get(start..).unwrap_or_default())
        .trim()
        .to_owned();
    if text.is_empty() {
        "(nothing)".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
