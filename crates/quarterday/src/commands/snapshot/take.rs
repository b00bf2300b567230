//! `quarterday snapshot take`

use anyhow::Result;

use super::list::Listed;
use crate::cli::snapshot::SnapshotTake;
use crate::commands::DONE;
use crate::freezing::{self, Taken, Wanted};
use crate::output;

pub(super) async fn run(args: SnapshotTake) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let wanted = Wanted {
        period: args.period,
        provisional: args.provisional,
        revise: args.reason,
        by: args.role,
    };
    let taken = async {
        opened.work_off().await?;
        freezing::take(&opened.system, &wanted).await
    }
    .await;
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
