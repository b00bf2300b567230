//! The end of the demo: the half-year is frozen and proved; then returns come late, which no published figure counts, and the next
//! revision is explained.

use anyhow::{Context, Result, bail};
use quarterday_plan::period::Period;
use quarterday_snapshot::Snapshot;

use super::{produce, reports};
use crate::cli::{Demo, Format};
use crate::commands::snapshot::diff;
use crate::embedded::Running;
use crate::freezing::{self, Explained, Source, Taken, Wanted};
use crate::progress::Progress;
use crate::synthetic;

/// The period of most published figures.
const PERIOD: &str = "2014-15/H1";
/// Its quarters, which a report sets beside it.
const QUARTERS: [&str; 2] = ["2014-15/Q1", "2014-15/Q2"];
const ROLE: &str = "demo";

pub(super) async fn show(running: &Running, args: &Demo, steps: &Progress) -> Result<()> {
    let system = &running.system;
    let step = steps.step("freezing 2014-15/H1 and its quarters");
    for period in QUARTERS.iter().chain([&PERIOD]) {
        freezing::take(system, &wanted(period, None)?).await?;
    }
    step.done();
    let journal = freezing::journal(system).await?;
    let first = journal.get(&format!("{PERIOD}/r1").parse()?);
    let first = first.context("the snapshot that was taken is not there")?;
    let proof = freezing::prove(system, first, Source::Logs).await?;
    if !proof.proved {
        bail!("{} is not proved: {:?}", proof.id, proof.differences);
    }
    eprintln!(
        "{} is frozen and proved: {} numbers, derived again from the logs, are the same byte for byte",
        proof.id, proof.compared
    );
    let late = synthetic::late(args.seed);
    produce(
        running,
        "demo-late-returns",
        (args.seed, &late),
        (steps, "late returns"),
    )
    .await?;
    running.work_off(|_| ()).await?;
    let revised = freezing::take(system, &wanted(PERIOD, Some("late returns"))?).await?;
    if let Taken::New(snapshot) = &revised {
        eprintln!(
            "{} late returns later {} is frozen beside it",
            late.len(),
            snapshot.header.id
        );
    }
    reports::write(running, &revised.snapshot().header.id, steps).await?;
    match args.format {
        // stdout has the figures, as one array.
        Format::Json | Format::Csv => Ok(()),
        Format::Table => diff::print(&ledger(first, revised.snapshot()), args.format),
    }
}

fn wanted(period: &str, revise: Option<&str>) -> Result<Wanted> {
    let period: Period = period.parse().context("the period of the demo is none")?;
    Ok(Wanted {
        period,
        provisional: false,
        revise: revise.map(str::to_owned),
        by: ROLE.to_owned(),
    })
}

/// What the later one has kept of its difference from the first.
fn ledger(first: &Snapshot, later: &Snapshot) -> Explained {
    Explained {
        from: first.header.id.clone(),
        to: later.header.id.clone(),
        changes: later.ledger.clone(),
    }
}
