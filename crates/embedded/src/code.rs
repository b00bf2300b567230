//! Giving back the pages of the engine's code that nobody needs.

use std::fs;

use crate::engine::LIBRARY_FILE;

/// Has the system take the pages of the engine's code out of this process; those that are used come back from its file cache, at a
/// microsecond each. The library has some 700 MiB, of which the engine at work needs 40, and loading it and rare statements touch 150, which
/// would stay.
pub(crate) fn give_back() {
    let Ok(maps) = fs::read_to_string("/proc/self/maps") else {
        return;
    };
    for (start, length) in maps.lines().filter_map(code) {
        // SAFETY: code is mapped read-only and private and never written to, so its pages are those of the file, which they are read from
        // again when they are touched.
        unsafe {
            libc::madvise(
                std::ptr::with_exposed_provenance_mut(start),
                length,
                libc::MADV_DONTNEED,
            )
        };
    }
}

/// Address and length of a mapping of the engine's code.
fn code(line: &str) -> Option<(usize, usize)> {
    let mut words = line.split_ascii_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    let is_library = line.rsplit('/').next() == Some(LIBRARY_FILE);
    let (start, end) = range.split_once('-')?;
    let start = usize::from_str_radix(start, 16).ok()?;
    let end = usize::from_str_radix(end, 16).ok()?;
    (rights == "r-xp" && is_library && start < end).then_some((start, end - start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_code_of_the_library_is_given_back() {
        let line = |rights: &str, file: &str| format!("7f10-7f30 {rights} 00000000 fe:00 123   {file}");
        assert_eq!(code(&line("r-xp", "/cache/libchdb.so")), Some((0x7f10, 0x20)));
        // Relocated data is read-only too, and not what is in the file.
        assert_eq!(code(&line("r--p", "/cache/libchdb.so")), None);
        assert_eq!(code(&line("r-xp", "/usr/lib/libc.so.6")), None);
        assert_eq!(code("7f10-7f30 rw-p 00000000 00:00 0"), None);
    }
}
