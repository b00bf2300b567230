//! The version logs derived again from the topics, exactly as far as a snapshot reaches: the long way of a proof.

use std::sync::Arc;

use anyhow::Result;
use quarterday_ingest::{Observed, Parts, Task, ends};
use quarterday_snapshot::Header;
use quarterday_store::Store;

use crate::builtin::InForce;
use crate::progress::Progress;
use crate::rebuilding::working::{self, Ends};
use crate::system::System;

/// A store whose logs are worked off from Kafka, up to the watermarks of a snapshot. To be dropped with [`Store::drop_proof`].
///
/// # Errors
/// Kafka, ClickHouse or the registry refuses or is away.
pub(super) async fn derive(system: &System, in_force: &InForce, header: &Header) -> Result<Store> {
    let store = system.store.proof_of_nothing(&in_force.declared()).await?;
    let derived = work_off(system, in_force, header, &store).await;
    if derived.is_err() {
        store.drop_proof().await?;
    }
    derived.map(|()| store)
}

async fn work_off(system: &System, in_force: &InForce, header: &Header, store: &Store) -> Result<()> {
    let mut ends = ends(&system.kafka, &in_force.catalogue).await?;
    bound(&mut ends, header);
    let parts = Parts {
        catalogue: Arc::clone(&in_force.catalogue),
        store: store.clone(),
        observed: Observed::unread(&in_force.catalogue),
        task: Task::Rebuild(Some(Arc::new(working::until(&ends)))),
        ..system.parts()
    };
    let progress = Progress::steps();
    let step = progress.bar("the topics, up to the watermarks", 0);
    working::work_off(parts, &ends, &step).await?;
    step.done();
    Ok(())
}

/// No partition is taken beyond what is in the snapshot; of topics that are not in it nothing is.
fn bound(ends: &mut Ends, header: &Header) {
    for ((topic, partition), (low, end)) in ends {
        let place = format!("{topic}/{partition}");
        let reached = header
            .watermark
            .values()
            .filter_map(|offsets| offsets.get(&place))
            .max();
        let reached = reached.and_then(|next| i64::try_from(*next).ok()).unwrap_or(0);
        *end = reached.clamp(*low, (*end).max(*low));
    }
}
