//! `quarterday snapshot take`

use anyhow::Result;

use super::list::Listed;
use crate::cli::snapshot::SnapshotTake;
use crate::commands::DONE;
use crate::freezing::{self, Taken, Wanted};
use crate::output;
use crate::target::Opened;
use crate::texts;

async fn take(opened: &Opened, args: &SnapshotTake) -> Result<Taken> {
    let system = &opened.system;
    let checked = |reason: &String| texts::checked(system, reason, texts::LONGEST_REASON, args.names_checked);
    let wanted = Wanted {
        period: args.period,
        provisional: args.provisional,
        revise: args.reason.as_ref().map(checked).transpose()?,
        by: args.role.clone(),
    };
    opened.work_off().await?;
    freezing::take(system, &wanted).await
}

pub(super) async fn run(args: SnapshotTake) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let taken = take(&opened, &args).await;
    opened.close().await?;
    let (snapshot, said) = match taken? {
        Taken::New(snapshot) => (snapshot, "frozen"),
        Taken::There(snapshot) => (snapshot, "was frozen before, and stays as it is"),
        Taken::Same(snapshot) => (
            snapshot,
            "still has the numbers of now: there is nothing to revise",
        ),
    };
    eprintln!("{} {said}", snapshot.header.id);
    output::print(&[Listed::from(&snapshot)], args.format)?;
    Ok(DONE)
}
