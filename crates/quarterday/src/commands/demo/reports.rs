//! The reports of the demo: what analysts and what everybody may read, as pages and as workbooks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use quarterday_plan::plan::Audience;
use quarterday_report::{html, xlsx};

use crate::commands::written;
use crate::embedded::Running;
use crate::freezing::{self, Eyes};
use crate::progress::Progress;

/// Where they lie in the data directory.
const DIRECTORY: &str = "reports";

/// Writes the reports of a snapshot, and says where they are.
pub(super) async fn write(running: &Running, id: &str, steps: &Progress) -> Result<()> {
    let directory = running.embedded().data_dir().join(DIRECTORY);
    let step = steps.step("writing reports");
    let mut files = Vec::new();
    for audience in [Audience::Restricted, Audience::Public] {
        files.extend(write_for(running, id, audience, &directory).await?);
    }
    step.done();
    for file in files {
        eprintln!("report: {}", file.display());
    }
    Ok(())
}

async fn write_for(
    running: &Running,
    id: &str,
    audience: Audience,
    directory: &Path,
) -> Result<[PathBuf; 2]> {
    let system = &running.system;
    let journal = freezing::journal(system).await?;
    let snapshot = journal.get(&id.parse()?);
    let snapshot = snapshot.context("the snapshot of the reports is not there")?;
    let eyes = Eyes::of(system, &journal, audience).await?;
    let report = freezing::report(system, &journal, &eyes, snapshot).await?;
    let name = format!("{}-{}", id.replace('/', "-"), audience.name());
    let [page, workbook] = ["html", "xlsx"].map(|ending| directory.join(format!("{name}.{ending}")));
    fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    written::write(&page, html::page(&report).as_bytes(), audience)?;
    written::write(&workbook, &xlsx::workbook(&report)?, audience)?;
    Ok([page, workbook])
}
