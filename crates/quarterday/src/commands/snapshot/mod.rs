//! `quarterday snapshot`: periods frozen, in a form that can be proved.

pub(super) mod diff;
mod due;
mod list;
mod row;
mod show;
mod take;
mod verify;

use anyhow::{Context, Result};
use quarterday_snapshot::{Id, Journal, Snapshot as Frozen};

use crate::cli::snapshot::Snapshot;

/// Runs one of them.
///
/// # Errors
/// As its command.
pub(super) async fn run(args: Snapshot) -> Result<u8> {
    match args {
        Snapshot::Take(args) => take::run(args).await,
        Snapshot::Due(args) => due::run(args).await,
        Snapshot::List(args) => list::run(args).await,
        Snapshot::Show(args) => show::run(args).await,
        Snapshot::Verify(args) => verify::run(args).await,
        Snapshot::Diff(args) => diff::run(args).await,
    }
}

/// The snapshot of that name.
fn find<'j>(journal: &'j Journal, id: &Id) -> Result<&'j Frozen> {
    journal.get(id).with_context(|| {
        format!("there is no snapshot {id}; 'quarterday snapshot list' shows those that were taken")
    })
}
