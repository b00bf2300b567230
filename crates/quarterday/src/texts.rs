//! Texts that people write into reports, checked against the files in force.

use anyhow::{Context, Result};
use quarterday_snapshot::wording;

use crate::system::System;

/// The longest reason of a revision, in characters.
pub(crate) const LONGEST_REASON: usize = 200;

/// The text, if it may stand in a report.
///
/// # Errors
/// It is too long, or names somebody.
pub(crate) fn checked(system: &System, text: &str, most: usize, names_checked: bool) -> Result<String> {
    let declared = system.in_force.declared();
    let files = declared.contents.files().iter().map(|(_, text)| text.as_str());
    let known = wording::vocabulary(files);
    wording::checked(text, most, &known, names_checked).context("that text cannot stand in a report")
}
