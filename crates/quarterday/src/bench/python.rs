//! A throw-away Python environment with pinned packages, for tests of Python clients and for the benchmark.
//!
//! Made once per set of packages (`tests/clients/requirements.txt`) and Python version, in the cache directory. When
//! Python is missing, [`Error::is_missing_tool`] says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::run::run;
use super::{Error, cache};

const REQUIREMENTS: &str = include_str!("../../../../tests/clients/requirements.txt");

/// Prints its version if it is new enough for the packages and can make environments.
const CHECK: &str = "import sys, venv, ensurepip\nassert sys.version_info >= (3, 10)\nprint(sys.version)";

/// How long fetching the packages may take, some 40 MB.
const FETCH_LIMIT: Duration = Duration::from_secs(900);
/// How long a script may take.
const SCRIPT_LIMIT: Duration = Duration::from_secs(180);

/// An interpreter that has the packages.
#[derive(Clone, Debug)]
pub struct Python {
    interpreter: PathBuf,
}

impl Python {
    /// Finds Python 3 and makes its environment if need be. Blocks; the first time for a download.
    ///
    /// # Errors
    /// Python is missing ([`Error::is_missing_tool`]), or the packages cannot be had.
    pub fn ready() -> Result<Self, Error> {
        let directory = cache::provide("python", &key(&version()?), make)?;
        Ok(Self {
            interpreter: interpreter(&directory),
        })
    }

    /// A command that runs the text of a script with these arguments.
    #[must_use]
    pub fn command(&self, script: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.interpreter);
        // -I: neither the user's packages nor PYTHONPATH get in; -u: output is seen as soon as it is written.
        command.args(["-I", "-u", "-c", script]).args(arguments);
        command
    }

    /// Runs the text of a script to its end and returns what it printed. Blocks.
    ///
    /// # Errors
    /// The script failed, with the end of its output, or took too long.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Result<String, Error> {
        run(
            &mut self.command(script, arguments),
            "a Python script",
            SCRIPT_LIMIT,
        )
    }
}

/// The version of `python3`.
fn version() -> Result<String, Error> {
    let reason = match run(
        Command::new("python3").args(["-I", "-c", CHECK]),
        "python3",
        SCRIPT_LIMIT,
    ) {
        Err(error) if error.is_not_found() => "'python3' is not on the PATH; install Python 3.10 or newer",
        Err(Error::Failed { .. }) => {
            "'python3' is older than 3.10 or cannot make environments; install a newer one, or the package 'python3-venv'"
        }
        version => return version,
    };
    Err(Error::Missing {
        tool: "Python",
        reason: reason.to_owned(),
    })
}

/// Makes the environment. It is moved afterwards, so its scripts are not for use; its interpreter does not mind.
fn make(directory: &Path) -> Result<(), Error> {
    tracing::info!("fetching Python packages, once");
    let mut venv = Command::new("python3");
    run(
        venv.args(["-m", "venv"]).arg(directory),
        "making a Python environment",
        FETCH_LIMIT,
    )?;
    let requirements = directory.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).map_err(Error::file("write", &requirements))?;
    let mut pip = Command::new(interpreter(directory));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ])
    .arg(requirements);
    run(&mut pip, "fetching Python packages", FETCH_LIMIT).map(drop)
}

fn interpreter(directory: &Path) -> PathBuf {
    directory.join("bin").join("python")
}

fn key(version: &str) -> String {
    let digest = Sha256::digest([REQUIREMENTS, version].join("\n"));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::or_skip;

    #[test]
    fn packages_are_pinned() {
        assert!(
            REQUIREMENTS.lines().all(|line| line.contains("==")),
            "{REQUIREMENTS}"
        );
    }

    #[test]
    fn each_python_gets_an_environment_of_its_own() {
        assert_ne!(key("3.11.7"), key("3.12.0"));
        assert_eq!(key("3.11.7").len(), 16);
    }

    #[test]
    fn scripts_run_with_the_packages() {
        let Some(python) = or_skip("Python clients", Python::ready()) else {
            return;
        };
        let script = "import sys, confluent_kafka, fastavro, clickhouse_connect; print(sys.argv[1])";
        assert_eq!(python.run(script, &["done"]).unwrap(), "done\n");
        let error = python.run("raise SystemExit('no such feed')", &[]).unwrap_err();
        assert!(error.to_string().contains("no such feed"), "{error}");
    }
}
