//! Running a helper program (Maven, pip, a Python script) to its end.

use std::fs;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Error;
use super::guarded::{Guarded, tail_of};

/// Runs the command to its end, at most so long, and returns what it printed on stdout. Blocks.
///
/// # Errors
/// [`Error::Io`] when it cannot be started, [`Error::TooSlow`], and [`Error::Failed`] with the end of its output.
pub(super) fn run(command: &mut Command, what: &str, limit: Duration) -> Result<String, Error> {
    let directory = tempfile::tempdir().map_err(Error::io("make a temporary directory"))?;
    // Files: a full pipe would hold it up.
    let (stdout, stderr) = (directory.path().join("stdout"), directory.path().join("stderr"));
    let create = |path| File::create(path).map_err(Error::file("write", path));
    command
        .stdin(Stdio::null())
        .stdout(create(&stdout)?)
        .stderr(create(&stderr)?);
    let status = Guarded::spawn(command, what)?.wait(limit, &stderr)?;
    let printed = fs::read(&stdout).map_err(Error::file("read", &stdout))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&printed).into_owned());
    }
    let complaint = fs::read(&stderr).map_err(Error::file("read", &stderr))?;
    Err(Error::Failed {
        what: what.to_owned(),
        status: status.to_string(),
        tail: tail_of(&[printed, complaint].concat()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<String, Error> {
        run(
            Command::new("sh").args(["-c", script]),
            "a script",
            Duration::from_secs(20),
        )
    }

    #[test]
    fn gives_what_was_printed_or_what_was_complained() {
        assert_eq!(shell("echo yes; echo no >&2").unwrap(), "yes\n");
        let error = shell("echo no >&2; exit 3").unwrap_err().to_string();
        assert_eq!(error, "a script failed (exit status: 3); it said last:\nno");
    }

    #[test]
    fn a_missing_program_can_be_told_apart() {
        let error = run(&mut Command::new("/nonexistent"), "it", Duration::from_secs(1)).unwrap_err();
        assert!(error.is_not_found());
    }
}
