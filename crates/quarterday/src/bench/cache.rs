//! Files that are fetched once and kept in the user's cache directory: Apache Kafka's jars, Python's packages.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::Error;

/// The directory `quarterday/<kind>/<key>` below the user's cache, made by `fill` if it is not there yet. Blocks.
///
/// `fill` works in a directory beside it, which then gets its name: nobody ever sees half of it. Of several processes
/// at once one fills and the others wait. What a killed process left behind is removed by the next that fills.
pub(super) fn provide(
    kind: &str,
    key: &str,
    fill: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<PathBuf, Error> {
    let root = user_cache(
        std::env::var_os("XDG_CACHE_HOME").as_deref(),
        std::env::var_os("HOME").as_deref(),
    )?;
    provide_in(&root.join("quarterday").join(kind), key, fill)
}

fn provide_in(
    parent: &Path,
    key: &str,
    fill: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<PathBuf, Error> {
    let wanted = parent.join(key);
    if wanted.is_dir() {
        return Ok(wanted);
    }
    fs::create_dir_all(parent).map_err(Error::file("make the directory", parent))?;
    let _lock = lock(&parent.join(format!("{key}.lock")))?;
    if wanted.is_dir() {
        return Ok(wanted);
    }
    let unfinished = parent.join(format!("{key}.unfinished"));
    remove(&unfinished)?;
    fs::create_dir(&unfinished).map_err(Error::file("make the directory", &unfinished))?;
    if let Err(error) = fill(&unfinished) {
        remove(&unfinished)?;
        return Err(error);
    }
    fs::rename(&unfinished, &wanted).map_err(Error::file("move into place", &wanted))?;
    Ok(wanted)
}

/// Held until the file is dropped, and given up by the system when this process dies.
fn lock(path: &Path) -> Result<File, Error> {
    let file = File::create(path).map_err(Error::file("make the lock", path))?;
    file.lock().map_err(Error::file("lock", path))?;
    Ok(file)
}

fn remove(directory: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("remove", directory)(error))
        }
        _ => Ok(()),
    }
}

/// A relative XDG_CACHE_HOME is ignored, as its standard asks.
fn user_cache(xdg: Option<&OsStr>, home: Option<&OsStr>) -> Result<PathBuf, Error> {
    let xdg = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
    let home = home
        .filter(|path| !path.is_empty())
        .map(|path| Path::new(path).join(".cache"));
    xdg.or(home).ok_or(Error::NoCacheDirectory)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn write(directory: &Path) -> Result<(), Error> {
        fs::write(directory.join("x"), "x").map_err(Error::file("write", directory))
    }

    #[test]
    fn is_filled_once_even_by_several_at_once() {
        let parent = tempfile::tempdir().unwrap();
        let fills = AtomicUsize::new(0);
        let fill = |directory: &Path| {
            fills.fetch_add(1, Ordering::SeqCst);
            write(directory)
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert!(provide_in(parent.path(), "k", fill).unwrap().join("x").is_file()));
            }
        });
        assert_eq!(fills.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_failure_leaves_nothing_and_can_be_tried_again() {
        let parent = tempfile::tempdir().unwrap();
        let fail = |directory: &Path| {
            write(directory)?;
            Err(Error::NoCacheDirectory)
        };
        assert!(provide_in(parent.path(), "k", fail).is_err());
        assert!(!parent.path().join("k").exists());
        assert!(provide_in(parent.path(), "k", write).is_ok());
    }

    #[test]
    fn leftovers_of_a_killed_process_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("k.unfinished")).unwrap();
        fs::write(parent.path().join("k.unfinished/half"), "").unwrap();
        let made = provide_in(parent.path(), "k", write).unwrap();
        assert!(!made.join("half").exists());
    }

    #[test]
    fn the_cache_follows_the_environment() {
        let cache = |xdg, home| user_cache(Option::map(xdg, OsStr::new), Option::map(home, OsStr::new));
        assert_eq!(cache(Some("/c"), Some("/h")).unwrap(), Path::new("/c"));
        assert_eq!(cache(Some("c"), Some("/h")).unwrap(), Path::new("/h/.cache"));
        assert!(matches!(cache(None, None), Err(Error::NoCacheDirectory)));
    }
}
