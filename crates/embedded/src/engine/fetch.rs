//! Fetches the engine's library once: `npm pack`, digest check, unpacking, one rename into the cache.
//!
//! Contract: the library appears in the cache whole or not at all. Two processes at once do not disturb each other: a
//! file lock lets one fetch and the other wait, and a process that dies leaves only a temporary directory behind.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use flate2::read::GzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};

use super::{
    Error,
    package::{LIBRARY, Package, VERSION},
};

const CHUNK: usize = 1 << 20;

/// npm's cache within a temporary directory.
const NPM_CACHE: &str = "npm-cache";

/// How often the bar is brought up to date.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Beginning of the names of temporary directories.
const SCRATCH: &str = ".fetch-";

/// Fetches `package` into `cache` and gives back the library's path.
pub(super) fn fetch(package: Package, cache: &Path) -> Result<PathBuf, Error> {
    fs::create_dir_all(cache).map_err(|source| Error::file("make the cache directory", cache, source))?;
    let _lock = lock(&cache.join(format!("{VERSION}.lock")))?;
    let library = cache.join(VERSION).join(LIBRARY);
    if library.is_file() {
        return Ok(library);
    }
    remove_leftovers(cache);
    let scratch = tempfile::Builder::new()
        .prefix(SCRATCH)
        .tempdir_in(cache)
        .map_err(|source| Error::file("make a directory in", cache, source))?;
    let packed = pack(package, scratch.path())?;
    check_digest(package, &packed)?;
    let unpacked = unpack(package, &packed, scratch.path())?;
    move_into_place(&unpacked, &library)?;
    tracing::info!(library = %library.display(), "the ClickHouse engine library is in the cache");
    Ok(library)
}

/// Takes the cache's lock, waiting for another process that is fetching.
fn lock(path: &Path) -> Result<File, Error> {
    let failed = |source| Error::file("lock", path, source);
    let file = File::create(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let spinner = spinner("waiting for another process that fetches the ClickHouse engine library");
            file.lock().map_err(failed)?;
            spinner.finish_and_clear();
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    Ok(file)
}

/// Removes what a process left that died while it fetched. The lock is held, so nobody is using it.
fn remove_leftovers(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(SCRATCH)
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!(path = %entry.path().display(), %error, "an unfinished download could not be removed");
        }
    }
}

fn pack(package: Package, into: &Path) -> Result<PathBuf, Error> {
    let spec = package.spec();
    tracing::info!(
        package = spec,
        "fetching the ClickHouse engine library (178 MB, once)"
    );
    let output = download(package, into);
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::NpmMissing { package: spec });
        }
        Err(source) => return Err(Error::file("run npm in", into, source)),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("ENOSPC") {
            return Err(Error::DiskFull {
                path: into.to_path_buf(),
            });
        }
        return Err(Error::Npm {
            package: spec,
            detail: first_lines(&said),
        });
    }
    packed_file(into)?.ok_or(Error::NoLibraryInPackage { package: spec })
}

/// Runs npm in the scratch directory, so that no package.json or .npmrc of the caller's directory has a say, and with a cache
/// there, whose growth is the progress.
fn download(package: Package, into: &Path) -> io::Result<Output> {
    let npm = Command::new("npm")
        .args(["pack", &package.spec(), "--ignore-scripts", "--loglevel=error"])
        .args(["--pack-destination", ".", "--cache", NPM_CACHE])
        .current_dir(into)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let bar = ProgressBar::new(package.packed_bytes).with_style(bar_style());
    bar.set_message("fetching the ClickHouse engine library with npm, once");
    let waiting = thread::spawn(move || npm.wait_with_output());
    while !waiting.is_finished() {
        bar.set_position(size_of(&into.join(NPM_CACHE)).min(package.packed_bytes));
        thread::sleep(LOOK_EVERY);
    }
    bar.finish_and_clear();
    waiting
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the thread that waits for npm panicked")))
}

/// Bytes of all files below a directory, as far as it can be read.
fn size_of(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size_of(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}

fn packed_file(directory: &Path) -> Result<Option<PathBuf>, Error> {
    let failed = |source| Error::file("list", directory, source);
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "tgz") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// The gist of npm's complaint, without its own call stack.
fn first_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim().trim_start_matches("npm error").trim())
        .filter(|line| !line.is_empty() && !line.starts_with("at "))
        .take(5)
        .collect();
    if lines.is_empty() {
        "nothing".to_owned()
    } else {
        lines.join("; ")
    }
}

fn check_digest(package: Package, packed: &Path) -> Result<(), Error> {
    let mut file = open(packed)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = file
            .read(&mut chunk)
            .map_err(|source| Error::file("read", packed, source))?;
        if count == 0 {
            break;
        }
        hasher.update(chunk.get(..count).unwrap_or_default());
    }
    let found = format!("{:x}", hasher.finalize());
    if found == package.sha256 {
        return Ok(());
    }
    Err(Error::Checksum {
        package: package.spec(),
        expected: package.sha256,
        found,
    })
}

/// Unpacks the library alone; the bar counts packed bytes.
fn unpack(package: Package, packed: &Path, into: &Path) -> Result<PathBuf, Error> {
    let failed = |source| Error::file("unpack", packed, source);
    let file = open(packed)?;
    let bar = ProgressBar::new(file.metadata().map_err(failed)?.len()).with_style(bar_style());
    bar.set_message("unpacking the ClickHouse engine library");
    let mut archive = tar::Archive::new(GzDecoder::new(BufReader::with_capacity(
        CHUNK,
        bar.wrap_read(file),
    )));
    for entry in archive.entries().map_err(failed)? {
        let mut entry = entry.map_err(failed)?;
        let wanted = entry
            .path()
            .map_err(failed)?
            .file_name()
            .is_some_and(|name| name == LIBRARY);
        if !wanted {
            continue;
        }
        let target = into.join(LIBRARY);
        write_synced(&mut entry, &target)?;
        bar.finish_and_clear();
        return Ok(target);
    }
    Err(Error::NoLibraryInPackage {
        package: package.spec(),
    })
}

fn write_synced(source: &mut impl Read, target: &Path) -> Result<(), Error> {
    let failed = |error| Error::file("write", target, error);
    let mut file = File::create(target).map_err(failed)?;
    io::copy(source, &mut file).map_err(failed)?;
    file.flush().map_err(failed)?;
    file.sync_all().map_err(failed)
}

fn move_into_place(unpacked: &Path, library: &Path) -> Result<(), Error> {
    let directory = library.parent().unwrap_or(Path::new("."));
    let failed = |source| Error::file("put the library into", directory, source);
    fs::create_dir_all(directory).map_err(failed)?;
    fs::rename(unpacked, library).map_err(failed)?;
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(failed)
}

fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|source| Error::file("open", path, source))
}

/// indicatif draws on stderr, and only if that is a terminal.
fn spinner(message: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(message);
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
