//! The version logs derived again from the topics, exactly as far as a snapshot reaches: the long way of a proof.

use std::sync::Arc;

use anyhow::Result;
use quarterday_ingest::{Observed, Parts, Task, ends};
use quarterday_snapshot::Header;
use quarterday_store::{Lost, Store};

use crate::builtin::InForce;
use crate::progress::Progress;
use crate::rebuilding::working::{self, Ends};
use crate::system::System;

/// A store whose logs are worked off from Kafka, up to the watermarks of a snapshot, and what the topics have lost. To be dropped with [`Store::drop_proof`].
///
/// # Errors
/// Kafka, ClickHouse or the registry refuses or is away.
pub(super) async fn derive(
    system: &System,
    in_force: &InForce,
    header: &Header,
) -> Result<(Store, Vec<Lost>)> {
    let mut ends = ends(&system.kafka, &in_force.catalogue).await?;
    let gone = bound(&mut ends, header);
    let store = system.store.proof_of_nothing(&in_force.declared()).await?;
    match work_off(system, in_force, ends, &store).await {
        Ok(()) => Ok((store, gone)),
        Err(error) => {
            store.drop_proof().await?;
            Err(error)
        }
    }
}

async fn work_off(system: &System, in_force: &InForce, ends: Ends, store: &Store) -> Result<()> {
    let parts = Parts {
        catalogue: Arc::clone(&in_force.catalogue),
        store: store.clone(),
        observed: Observed::unread(&in_force.catalogue),
        task: Task::Prove(Arc::new(working::until(&ends))),
        ..system.parts()
    };
    let progress = Progress::steps();
    let step = progress.bar("the topics, up to the watermarks", 0);
    working::work_off(parts, &ends, &step).await?;
    step.done();
    Ok(())
}

/// No partition is taken beyond what is in the snapshot; of topics that are not in it nothing is. Returns what is gone from their beginnings.
fn bound(ends: &mut Ends, header: &Header) -> Vec<Lost> {
    let mut gone = Vec::new();
    for ((topic, partition), (low, end)) in ends {
        let reached = header.reached(topic, *partition);
        if *low > 0 && reached > 0 {
            gone.push(Lost {
                topic: topic.clone(),
                partition: *partition,
                first: 0,
                next: reached.min(*low),
                kind: "gone".to_owned(),
            });
        }
        *end = reached.clamp(*low, (*end).max(*low));
    }
    gone
}
