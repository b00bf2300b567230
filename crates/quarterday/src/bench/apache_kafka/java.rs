//! Starting Java programs of Apache Kafka, without its shell scripts.

use std::ffi::OsString;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::jars;
use crate::bench::Error;
use crate::bench::guarded::Guarded;

/// The oldest Java that runs the brokers.
const OLDEST: u32 = 17;

/// Enough for a test's or the benchmark's topics. On few cores the serial collector is the thriftiest, and a broker that
/// lives for minutes starts in two thirds of the processor time without the optimising compiler.
const VIRTUAL_MACHINE: [&str; 6] = [
    "-Xms128m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
];

/// Java and the class path of Apache Kafka.
#[derive(Clone)]
pub(super) struct Launcher {
    java: PathBuf,
    class_path: OsString,
}

impl Launcher {
    /// Finds Java (JAVA_HOME, else the PATH) and Apache Kafka's jars. Blocks.
    pub(super) fn ready() -> Result<Self, Error> {
        let java = std::env::var_os("JAVA_HOME")
            .filter(|home| !home.is_empty())
            .map_or_else(
                || PathBuf::from("java"),
                |home| Path::new(&home).join("bin").join("java"),
            );
        check_version(&java)?;
        Ok(Self {
            java,
            class_path: jars::class_path()?,
        })
    }

    /// Starts a main class; what it prints goes to the file `output`, its log where `logging` says.
    pub(super) fn start(
        &self,
        class: &str,
        arguments: &[OsString],
        logging: &Path,
        output: &Path,
    ) -> Result<Guarded, Error> {
        let stdout = File::create(output).map_err(Error::file("write", output))?;
        let stderr = stdout.try_clone().map_err(Error::file("write", output))?;
        let mut logging_option = OsString::from("-Dlog4j2.configurationFile=");
        logging_option.push(logging);
        let mut command = Command::new(&self.java);
        command
            .args(VIRTUAL_MACHINE)
            .arg(logging_option)
            .arg("-cp")
            .arg(&self.class_path)
            .arg(class)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr);
        Guarded::spawn(&mut command, format!("java {class}"))
    }
}

fn check_version(java: &Path) -> Result<(), Error> {
    let missing = |found: String| Error::Missing {
        tool: "Java",
        reason: format!(
            "{found}; Apache Kafka {} needs Java {OLDEST} or newer",
            jars::version()
        ),
    };
    let output = match Command::new(java).arg("-version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(missing(format!("there is no '{}'", java.display())));
        }
        output => output.map_err(Error::io(format!("run {}", java.display())))?,
    };
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    match release(&text) {
        Some(release) if release >= OLDEST => Ok(()),
        Some(release) => Err(missing(format!("'{}' is Java {release}", java.display()))),
        // A stub that only says how to install Java, as macOS has one.
        None => Err(missing(format!("'{} -version' names no version", java.display()))),
    }
}

/// The release that `java -version` names: 17 for `"17.0.15"`, 8 for `"1.8.0_392"`.
fn release(text: &str) -> Option<u32> {
    let (_, quoted) = text.split_once('"')?;
    let mut numbers = quoted.split(['.', '"', '-', '_']);
    match numbers.next()?.parse().ok()? {
        1 => numbers.next()?.parse().ok(),
        release => Some(release),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_from_all_that_java_prints() {
        assert_eq!(
            release("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK ..."),
            Some(17)
        );
        assert_eq!(release("java version \"1.8.0_392\"\n"), Some(8));
        assert_eq!(release("openjdk version \"25-ea\" 2025-09-16"), Some(25));
        assert_eq!(release("No Java runtime present"), None);
        assert_eq!(release("\""), None);
    }

    #[test]
    fn java_that_is_not_there_is_a_missing_tool() {
        let error = check_version(Path::new("/nonexistent/java")).unwrap_err();
        assert!(error.is_missing_tool());
        assert!(error.to_string().contains("needs Java 17"), "{error}");
    }
}
