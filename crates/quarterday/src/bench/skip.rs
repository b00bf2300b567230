//! Skipping a test whose tool or data is missing, loudly.

use std::fmt::Display;
use std::io::Write as _;

use super::Error;

/// Set (to anything) where no tool may be missing, as in continuous integration.
const FORBIDDEN: &str = "QUARTERDAY_NO_SKIPS";

/// Says on stderr that this test is skipped, whatever the test runner captures; the test should return then. For what nobody
/// asked for, such as data that no variable names; a missing tool goes through [`or_skip`].
pub fn skip(what: &str, reason: impl Display) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // The macros are captured by the test runner; the stream is not.
    let _ = writeln!(std::io::stderr().lock(), "SKIPPED: {test}: {what}: {reason}");
}

/// The tool, or none when it is missing on this machine: then the test is skipped.
///
/// # Panics
/// For any other error, and where nothing may be skipped.
#[track_caller]
pub fn or_skip<T>(what: &str, tool: Result<T, Error>) -> Option<T> {
    match tool {
        Ok(tool) => Some(tool),
        Err(error) => {
            assert!(error.is_missing_tool(), "{what} cannot be had: {error:?}");
            let forbidden = std::env::var_os(FORBIDDEN).is_some();
            assert!(
                !forbidden,
                "{what} must not be skipped ({FORBIDDEN} is set): {error}"
            );
            skip(what, error);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_given_back() {
        assert_eq!(or_skip("a number", Ok(7)), Some(7));
    }

    #[test]
    #[should_panic(expected = "a cache cannot be had")]
    fn another_error_is_no_reason_to_skip() {
        or_skip::<()>("a cache", Err(Error::NoCacheDirectory));
    }
}
