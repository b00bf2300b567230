//! Reports as files: all of one or nothing, so that a report that is there is not lost to one that cannot be written; and readable by
//! others only where it is for others.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use quarterday_plan::plan::Audience;

/// Writes a report for an audience.
///
/// # Errors
/// It cannot be written.
pub(super) fn write(file: &Path, bytes: &[u8], audience: Audience) -> Result<()> {
    let parent = file
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty());
    let directory = parent.unwrap_or(Path::new("."));
    let written = unfinished(directory, audience).and_then(|mut unfinished| {
        unfinished.write_all(bytes)?;
        Ok(unfinished.persist(file)?)
    });
    written.with_context(|| format!("cannot write {}", file.display()))?;
    Ok(())
}

#[cfg(unix)]
fn unfinished(directory: &Path, audience: Audience) -> std::io::Result<tempfile::NamedTempFile> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    // What the user's mask allows of it.
    let mode = if audience == Audience::Restricted {
        0o600
    } else {
        0o666
    };
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(directory)
}

#[cfg(not(unix))]
fn unfinished(directory: &Path, _audience: Audience) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(directory)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_for_analysts_is_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        for (audience, others_may) in [(Audience::Restricted, false), (Audience::Public, true)] {
            let file = directory.path().join("report.html");
            write(&file, audience.name().as_bytes(), audience).unwrap();
            assert_eq!(fs::read(&file).unwrap(), audience.name().as_bytes());
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o044 != 0, others_may, "{mode:o}");
        }
    }
}
