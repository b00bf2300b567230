//! The data directory: one process at a time, one layout version.
//!
//! `LOCK` is locked as long as the directory is in use (by the operating system, so a killed process leaves no stale
//! lock) and holds the process id for the message to the next one. `FORMAT` holds the number of the layout.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The layout that this program writes.
const FORMAT: u32 = 1;

const LOCK_FILE: &str = "LOCK";
const FORMAT_FILE: &str = "FORMAT";

/// How often to try for the lock while waiting.
const RETRY: Duration = Duration::from_millis(50);

/// Why the directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataDirError {
    /// It cannot be made, read or written.
    #[error("cannot use {path} as data directory; check that it is a directory and may be written")]
    Unusable {
        /// The file or directory concerned.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it.
    #[error("data directory {path} is held by process {pid}; stop that one, or choose another --data-dir")]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The process, or `unknown`.
        pid: String,
    },
    /// It was written by a newer version of the program.
    #[error(
        "data directory {path} has layout {found}, and this version of quarterday knows layouts up to {known}; use a newer quarterday"
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// Its layout.
        found: u32,
        /// The newest layout known here.
        known: u32,
    },
    /// The layout number cannot be read.
    #[error("{path} does not hold a layout number; is its directory a data directory of quarterday?")]
    Format {
        /// The file.
        path: PathBuf,
    },
}

/// A data directory that is this process's until dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the directory if it is missing, waits at most `patience` for another process to let it go, and checks its
    /// layout.
    pub async fn open(path: &Path, patience: Duration) -> Result<Self, DataDirError> {
        let unusable = |source| DataDirError::Unusable {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let path = path.canonicalize().map_err(unusable)?;
        let lock = lock(&path, patience).await?;
        check_format(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Whether a process holds this directory now.
    pub fn is_held(path: &Path) -> bool {
        let Ok(file) = File::open(path.join(LOCK_FILE)) else {
            return false;
        };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// The directory, absolute and without symbolic links.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

async fn lock(directory: &Path, patience: Duration) -> Result<File, DataDirError> {
    let path = directory.join(LOCK_FILE);
    let unusable = |source| DataDirError::Unusable {
        path: path.clone(),
        source,
    };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(unusable)?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
            Err(TryLockError::WouldBlock) if started.elapsed() >= patience => {
                return Err(DataDirError::InUse {
                    path: directory.to_owned(),
                    pid: holder(&mut file),
                });
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(RETRY).await,
        }
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(unusable)?;
    Ok(file)
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
    match text.trim().parse::<u32>() {
        Ok(pid) if read.is_ok() => pid.to_string(),
        _ => "unknown".to_owned(),
    }
}

fn check_format(directory: &Path) -> Result<(), DataDirError> {
    let path = directory.join(FORMAT_FILE);
    let found = match std::fs::read_to_string(&path) {
        Ok(text) => text
            .trim()
            .parse::<u32>()
            .map_err(|_| DataDirError::Format { path: path.clone() })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return write_format(&path),
        Err(source) => return Err(DataDirError::Unusable { path, source }),
    };
    if found > FORMAT {
        return Err(DataDirError::Newer {
            path: directory.to_owned(),
            found,
            known: FORMAT,
        });
    }
    Ok(())
}

/// All of the file or nothing: the process may be killed at any instant.
fn write_format(path: &Path) -> Result<(), DataDirError> {
    let unfinished = path.with_extension("new");
    std::fs::write(&unfinished, format!("{FORMAT}\n"))
        .and_then(|()| std::fs::rename(&unfinished, path))
        .map_err(|source| DataDirError::Unusable {
            path: path.to_owned(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    #[tokio::test]
    async fn a_missing_directory_is_made_and_can_be_used_again() {
        let parent = tempfile::tempdir().expect("directory");
        let path = parent.path().join("a/b");
        drop(DataDir::open(&path, AT_ONCE).await.expect("made"));
        let again = DataDir::open(&path, AT_ONCE).await.expect("used again");
        assert!(again.path().is_absolute());
    }

    #[tokio::test]
    async fn a_directory_in_use_names_its_holder() {
        let directory = tempfile::tempdir().expect("directory");
        assert!(!DataDir::is_held(directory.path()));
        let _held = DataDir::open(directory.path(), AT_ONCE).await.expect("free");
        assert!(DataDir::is_held(directory.path()));
        let error = DataDir::open(directory.path(), Duration::from_millis(120))
            .await
            .expect_err("in use");
        assert!(
            error.to_string().contains(&std::process::id().to_string()),
            "{error}"
        );
    }

    #[tokio::test]
    async fn waiting_ends_when_the_holder_lets_go() {
        let directory = tempfile::tempdir().expect("directory");
        let held = DataDir::open(directory.path(), AT_ONCE).await.expect("free");
        let waiting = DataDir::open(directory.path(), Duration::from_secs(30));
        let (second, ()) = tokio::join!(waiting, async { drop(held) });
        second.expect("let go");
    }

    #[tokio::test]
    async fn a_newer_or_unreadable_layout_is_refused() {
        let directory = tempfile::tempdir().expect("directory");
        std::fs::write(directory.path().join(FORMAT_FILE), "99\n").expect("written");
        let error = DataDir::open(directory.path(), AT_ONCE).await.expect_err("newer");
        assert!(
            error.to_string().contains("layout 99") && error.to_string().contains("newer quarterday"),
            "{error}"
        );
        std::fs::write(directory.path().join(FORMAT_FILE), "one").expect("written");
        assert!(matches!(
            DataDir::open(directory.path(), AT_ONCE).await,
            Err(DataDirError::Format { .. })
        ));
    }

    #[tokio::test]
    async fn what_is_no_writable_directory_is_a_plain_error() {
        let directory = tempfile::tempdir().expect("directory");
        let file = directory.path().join("file");
        std::fs::write(&file, "").expect("written");
        assert!(matches!(
            DataDir::open(&file, AT_ONCE).await,
            Err(DataDirError::Unusable { .. })
        ));
        assert!(matches!(
            DataDir::open(&file.join("below"), AT_ONCE).await,
            Err(DataDirError::Unusable { .. })
        ));
    }
}
