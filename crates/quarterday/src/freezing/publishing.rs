//! What audiences see of snapshots, for their BI tools.

use anyhow::Result;
use quarterday_plan::plan::Audience;
use quarterday_snapshot::{Concealments, Journal, Snapshot};
use quarterday_store::ShownTo;

use super::rows;
use crate::system::System;

/// Adds what is decided and not yet in the tables of audiences.
pub(super) async fn publish(system: &System, journal: &Journal, concealments: &Concealments) -> Result<()> {
    let there = system.store.shown_to().await?;
    for (snapshot, audience) in missing(journal, &there) {
        let concealment = concealments.of(snapshot);
        let Some(hidden) = concealment.and_then(|it| it.hidden_from(audience)) else {
            continue;
        };
        let lines = snapshot.lines(hidden);
        let rows = rows::shown(snapshot, audience, &lines)?;
        if !rows.is_empty() {
            system.store.keep_shown(&rows).await?;
        }
    }
    Ok(())
}

/// Whether an audience could see more than its tables have.
pub(super) fn is_missing(journal: &Journal, there: &[ShownTo]) -> bool {
    let mut missing = missing(journal, there);
    missing.any(|(snapshot, _)| !snapshot.values.is_empty())
}

fn missing<'j>(journal: &'j Journal, there: &[ShownTo]) -> impl Iterator<Item = (&'j Snapshot, Audience)> {
    let snapshots = journal.in_order();
    let all = snapshots.flat_map(|snapshot| Audience::GUARDED.map(|audience| (snapshot, audience)));
    all.filter(|(snapshot, audience)| {
        !there
            .iter()
            .any(|shown| shown.audience == audience.name() && shown.snapshot == snapshot.header.id)
    })
}
