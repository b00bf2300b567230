//! Why Apache Kafka, Python or a contender of the benchmark could not be started or came to a bad end.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What can go wrong with the programs that tests and benchmark start. [`Error::is_missing_tool`] sets a tool that is not
/// there apart from all else.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tool that must be installed beforehand is missing or too old. A test is then skipped, and says so.
    #[error("{tool} is missing: {reason}")]
    Missing {
        /// The tool.
        tool: &'static str,
        /// What was found, and what to install.
        reason: String,
    },
    /// A file, directory, port or process could not be had.
    #[error("cannot {doing}")]
    Io {
        /// What was tried, with its path or program.
        doing: String,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// There is no place for files that are fetched once.
    #[error("cannot tell where to keep fetched files; set HOME or XDG_CACHE_HOME")]
    NoCacheDirectory,
    /// A program ended with an error.
    #[error("{what} failed ({status}); it said last:\n{tail}")]
    Failed {
        /// The program and what it was to do.
        what: String,
        /// Its exit status.
        status: String,
        /// The end of its output or log.
        tail: String,
    },
    /// A program did not do in time what it should.
    #[error("{what} took longer than {limit:?}; it said last:\n{tail}")]
    TooSlow {
        /// The program and what was awaited.
        what: String,
        /// How long it was given.
        limit: Duration,
        /// The end of its output or log.
        tail: String,
    },
    /// Apache Kafka runs and gives no answers.
    #[error("Apache Kafka at {address} does not answer")]
    Silent {
        /// Where it listens.
        address: String,
        /// What a client saw.
        #[source]
        source: quarterday_kafka::Error,
    },
    /// There is no broker of this number.
    #[error("there are {brokers} brokers, numbered from 0: none is number {index}")]
    NoBroker {
        /// The number asked for.
        index: usize,
        /// How many there are.
        brokers: usize,
    },
}

impl Error {
    /// Whether a tool is missing on this machine, which is no fault of what was to be tested.
    #[must_use]
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }

    /// Whether a program could not be started because it is not there.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    pub(crate) fn file(verb: &str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        Self::io(format!("{verb} {}", path.into().display()))
    }
}
