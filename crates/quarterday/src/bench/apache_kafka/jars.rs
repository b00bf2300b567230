//! Apache Kafka's jars: fetched once by Maven as `tests/apache-kafka/pom.xml` says, and kept in the cache directory.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::bench::run::run;
use crate::bench::{Error, cache};

const POM: &str = include_str!("../../../../../tests/apache-kafka/pom.xml");

/// How long Maven may take for some 45 MB.
const FETCH_LIMIT: Duration = Duration::from_secs(900);

/// The version of Apache Kafka that the pom names.
#[must_use]
pub fn version() -> &'static str {
    let after = POM.split_once("<kafka.version>").map_or("", |(_, after)| after);
    after.split_once('<').map_or("unknown", |(version, _)| version)
}

/// The class path of all jars. Blocks; the first time for their download.
pub(super) fn class_path() -> Result<OsString, Error> {
    let mut path = OsString::from(cache::provide("apache-kafka", version(), fetch)?);
    path.push("/*");
    Ok(path)
}

fn fetch(directory: &Path) -> Result<(), Error> {
    tracing::info!(version = version(), "fetching Apache Kafka by Maven, once");
    // Not beside the jars: Maven makes files beside a pom.
    let scratch = tempfile::tempdir().map_err(Error::io("make a temporary directory"))?;
    let pom = scratch.path().join("pom.xml");
    fs::write(&pom, POM).map_err(Error::file("write", &pom))?;
    let mut output = OsString::from("-DoutputDirectory=");
    output.push(directory);
    let mut maven = Command::new("mvn");
    maven
        .args([
            "--batch-mode",
            "--quiet",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            "--file",
        ])
        .args([pom.into_os_string(), output]);
    match run(&mut maven, "fetching Apache Kafka by Maven", FETCH_LIMIT) {
        Err(error) if error.is_not_found() => {
            let version = version();
            let reason =
                format!("'mvn' is not on the PATH; install Maven, which fetches Apache Kafka {version} once");
            Err(Error::Missing {
                tool: "Maven",
                reason,
            })
        }
        fetched => fetched.map(drop),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_pom_names_the_version() {
        let version = super::version();
        assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{version}");
        assert_eq!(version.split('.').count(), 3, "{version}");
    }
}
