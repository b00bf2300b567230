//! What can go wrong with the engine: [`Error`] before it runs, [`Failure`] for a statement that it refused.

use std::{io, path::PathBuf};

/// The engine could not be found, fetched, loaded or started, or takes no more work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No library is pinned for this operating system and processor.
    #[error(
        "no checked ClickHouse engine library is known for {os} on {arch}; point the environment variable \
         QUARTERDAY_CHDB (or the config) at a libchdb of version {version}, or use a ClickHouse server"
    )]
    Unsupported {
        /// Operating system.
        os: &'static str,
        /// Processor architecture.
        arch: &'static str,
        /// The version this program was tried with.
        version: &'static str,
    },
    /// The path that config or environment names holds no library.
    #[error("{origin} names {path}, but there is no ClickHouse engine library (libchdb.so)")]
    NotThere {
        /// Which setting named the path.
        origin: &'static str,
        /// The path as given.
        path: PathBuf,
    },
    /// Neither XDG_CACHE_HOME nor HOME is set.
    #[error("no cache directory: set HOME, XDG_CACHE_HOME or QUARTERDAY_CHDB")]
    NoCacheDirectory,
    /// npm is not installed.
    #[error(
        "the ClickHouse engine library has to be fetched once with `npm pack {package}`, but npm is not installed; \
         install Node.js with npm, or set QUARTERDAY_CHDB to a libchdb.so"
    )]
    NpmMissing {
        /// Package with its version.
        package: String,
    },
    /// npm could not fetch the package.
    #[error("`npm pack {package}` failed; is the network up? npm said: {detail}")]
    Npm {
        /// Package with its version.
        package: String,
        /// The end of npm's own output.
        detail: String,
    },
    /// The package is not the one this program was tried with.
    #[error("{package} has the SHA-256 {found}, expected {expected}; it was thrown away")]
    Checksum {
        /// Package with its version.
        package: String,
        /// Pinned digest in hex.
        expected: &'static str,
        /// Digest of what came, in hex.
        found: String,
    },
    /// The package holds no library.
    #[error("{package} holds no libchdb.so")]
    NoLibraryInPackage {
        /// Package with its version.
        package: String,
    },
    /// The file system is full.
    #[error(
        "no room for the ClickHouse engine library under {path}: it needs about 800 MB while it is unpacked"
    )]
    DiskFull {
        /// Where it was to be put.
        path: PathBuf,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {path}")]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The library could not be loaded.
    #[error("cannot load the ClickHouse engine library {path}")]
    Load {
        /// The library.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: libloading::Error,
    },
    /// The library is another version.
    #[error("the ClickHouse engine library {path} has no {symbol}: it must be version 26.7 or later")]
    Symbol {
        /// The library.
        path: PathBuf,
        /// The function it should have.
        symbol: &'static str,
        /// Why it failed.
        #[source]
        source: libloading::Error,
    },
    /// The process already has an engine.
    #[error("this process already runs a ClickHouse engine on {path}; there can be one only")]
    AlreadyRunning {
        /// Data path of that engine.
        path: PathBuf,
    },
    /// The engine did not open its data.
    #[error(
        "the ClickHouse engine could not open {path} (its own message stands above on stderr, if it gave one); \
         is another process using it, or was it written by a newer version?"
    )]
    Open {
        /// Data path.
        path: PathBuf,
    },
    /// A database name that cannot stand in the grants.
    #[error("{name:?} cannot be the name of a database to read: use letters, digits and underscores")]
    DatabaseName {
        /// The name as given.
        name: String,
    },
    /// A statement of the start-up failed.
    #[error("the ClickHouse engine does not answer")]
    Silent(#[source] Failure),
    /// Too many requests are waiting already.
    #[error("the ClickHouse engine is busy: {waiting} requests are waiting already")]
    Busy {
        /// Requests in the queue.
        waiting: usize,
    },
    /// A thread could not be started.
    #[error("cannot start a thread for the ClickHouse engine")]
    Thread(#[source] io::Error),
    /// The engine was stopped.
    #[error("the ClickHouse engine has been stopped")]
    Stopped,
}

impl Error {
    /// A file error with its coordinates; a full disk is told apart.
    pub(super) fn file(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        if source.kind() == io::ErrorKind::StorageFull {
            return Self::DiskFull { path };
        }
        Self::File { action, path, source }
    }
}

/// A statement that failed, as ClickHouse words it: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// ClickHouse's error code.
    pub code: u32,
    /// The whole message, code and name included.
    pub message: String,
}

impl Failure {
    const UNKNOWN_EXCEPTION: u32 = 1002;

    /// A failure that is raised here and not by the engine, worded like the engine's own.
    pub fn new(code: u32, name: &str, text: impl AsRef<str>) -> Self {
        let message = format!("Code: {code}. DB::Exception: {}. ({name})", text.as_ref());
        Self { code, message }
    }

    /// Reads the engine's message.
    pub(super) fn parse(message: &str) -> Self {
        let code = message
            .strip_prefix("Code: ")
            .and_then(|rest| rest.split('.').next())
            .and_then(|digits| digits.trim().parse().ok())
            .unwrap_or(Self::UNKNOWN_EXCEPTION);
        Self {
            code,
            message: message.trim_end().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn the_code_is_read_from_the_message() {
        assert_eq!(
            Failure::parse("Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)\n").code,
            62
        );
        assert_eq!(Failure::parse("something else").code, 1002);
        assert_eq!(Failure::parse("Code: x. y").code, 1002);
    }

    #[test]
    fn own_failures_read_like_the_engine_s() {
        let failure = Failure::new(115, "UNKNOWN_SETTING", "Unknown setting 'x'");
        assert_eq!(
            failure.message,
            "Code: 115. DB::Exception: Unknown setting 'x'. (UNKNOWN_SETTING)"
        );
        assert_eq!(Failure::parse(&failure.message), failure);
    }
}
