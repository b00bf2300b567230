//! Finds the engine's library: config, environment, cache, else the package manager.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    Error, fetch,
    package::{LIBRARY, Package, VERSION},
};

/// Environment variable that names libchdb.so or the directory it is in.
const VARIABLE: &str = "QUARTERDAY_CHDB";

/// The library's path: `configured` if given, else the variable `QUARTERDAY_CHDB`, else the cache directory, else it
/// is fetched into the cache once (about 180 MB). Blocks; progress is shown on stderr if that is a terminal.
///
/// A path that was named but holds no library is an error: falling through to another one would hide a mistake.
pub fn locate(configured: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(path) = configured {
        return named(path, "the config");
    }
    if let Some(path) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        return named(Path::new(&path), VARIABLE);
    }
    let directory = cache_directory(
        env::var_os("XDG_CACHE_HOME").as_deref(),
        env::var_os("HOME").as_deref(),
    )?;
    let library = directory.join(VERSION).join(LIBRARY);
    if library.is_file() {
        return Ok(library);
    }
    fetch::fetch(Package::for_this_platform()?, &directory)
}

fn named(path: &Path, origin: &'static str) -> Result<PathBuf, Error> {
    let library = if path.is_dir() {
        path.join(LIBRARY)
    } else {
        path.to_path_buf()
    };
    if library.is_file() {
        Ok(library)
    } else {
        Err(Error::NotThere {
            origin,
            path: path.to_path_buf(),
        })
    }
}

/// `quarterday/chdb` below the user's cache directory. A relative XDG_CACHE_HOME is ignored, as its standard asks.
fn cache_directory(xdg: Option<&std::ffi::OsStr>, home: Option<&std::ffi::OsStr>) -> Result<PathBuf, Error> {
    let xdg = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
    let home = home
        .filter(|path| !path.is_empty())
        .map(|path| Path::new(path).join(".cache"));
    let base = xdg.or(home).ok_or(Error::NoCacheDirectory)?;
    Ok(base.join("quarterday").join("chdb"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn a_named_path_may_be_the_file_or_its_directory() {
        let directory = tempfile::tempdir().unwrap();
        let library = directory.path().join(LIBRARY);
        assert!(matches!(
            named(directory.path(), "the config"),
            Err(Error::NotThere { .. })
        ));
        std::fs::write(&library, b"").unwrap();
        assert_eq!(named(directory.path(), "the config").unwrap(), library);
        assert_eq!(named(&library, "the config").unwrap(), library);
    }

    #[test]
    fn the_cache_follows_the_environment() {
        let directory =
            |xdg, home| cache_directory(Option::map(xdg, OsStr::new), Option::map(home, OsStr::new));
        assert_eq!(
            directory(Some("/c"), Some("/h")).unwrap(),
            Path::new("/c/quarterday/chdb")
        );
        assert_eq!(
            directory(Some("c"), Some("/h")).unwrap(),
            Path::new("/h/.cache/quarterday/chdb")
        );
        assert_eq!(
            directory(None, Some("/h")).unwrap(),
            Path::new("/h/.cache/quarterday/chdb")
        );
        assert!(matches!(directory(None, None), Err(Error::NoCacheDirectory)));
    }
}
