//! `quarterday snapshot due`

use anyhow::{Result, bail};
use quarterday_plan::period::Period;
use serde::Serialize;

use super::list::Listed;
use crate::cli::snapshot::SnapshotDue;
use crate::commands::DONE;
use crate::freezing::{self, Taken};
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

pub(super) async fn run(args: SnapshotDue) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let done = if args.dry_run {
        tell(&opened, &args).await
    } else {
        take(&opened, &args).await
    };
    opened.close().await?;
    done?;
    Ok(DONE)
}

async fn take(opened: &Opened, args: &SnapshotDue) -> Result<()> {
    opened.work_off().await?;
    let due = freezing::take_due(&opened.system, &args.role).await?;
    let rows: Vec<Listed> = due
        .taken
        .iter()
        .map(|taken| Listed::from(taken.snapshot()))
        .collect();
    output::print(&rows, args.format)?;
    let new = due.taken.iter().filter(|taken| matches!(taken, Taken::New(_)));
    eprintln!("{} frozen", new.count());
    for (period, error) in &due.failed {
        eprintln!("{period} is due and was not frozen: {error:#}");
    }
    if !due.failed.is_empty() {
        bail!("{} periods are due and were not frozen", due.failed.len());
    }
    Ok(())
}

async fn tell(opened: &Opened, args: &SnapshotDue) -> Result<()> {
    let due = freezing::due_now(&opened.system).await?;
    let rows: Vec<Due> = due.iter().map(|period| Due { period: *period }).collect();
    output::print(&rows, args.format)
}

/// A period that is due.
#[derive(Serialize)]
struct Due {
    period: Period,
}

impl Rows for Due {
    fn nothing() -> &'static str {
        "nothing is due"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 1] = [Heading::words("period")];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![self.period.id()]
    }
}
