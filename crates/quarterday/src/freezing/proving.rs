//! Proving a snapshot: its numbers are derived again from the version logs, exactly up to its watermarks and by the definitions of then,
//! and compared byte for byte.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use quarterday_plan::period::Period;
use quarterday_snapshot::{Header, Snapshot};
use quarterday_store::{FrozenValue, Lost, MadeOf, Store};
use serde::Serialize;

use super::{from_kafka, then};
use crate::builtin::InForce;
use crate::progress::Progress;
use crate::system::System;

/// What has come of it.
#[derive(Debug, Serialize)]
pub struct Proof {
    /// The snapshot.
    pub id: String,
    /// Whether every number is the same again, and nothing of the snapshot was changed.
    pub proved: bool,
    /// How many numbers were derived again.
    pub compared: usize,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What is wrong with the snapshot itself.
    pub faults: Vec<String>,
    /// Messages below its watermarks that are lost: what they were part of is attested by the snapshot and cannot be computed again.
    pub missing: Vec<Lost>,
    /// Why numbers may differ although nothing is lost.
    pub reasons: Vec<String>,
}

impl Proof {
    /// Whether what differs may be what is lost: the snapshot says what was true then, and nobody can compute it again.
    #[must_use]
    pub fn is_attested(&self) -> bool {
        self.faults.is_empty() && !self.differences.is_empty() && !self.missing.is_empty()
    }
}

/// A number that is not the same again.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The measure.
    pub id: String,
    /// As it was frozen, in its canonical form; none if it was not.
    pub frozen: Option<String>,
    /// As it was derived again.
    pub derived: Option<String>,
}

/// What numbers are derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The version logs in ClickHouse.
    Logs,
    /// The topics, from which the version logs are derived again before.
    Kafka,
}

/// Proves a snapshot, or says what differs.
///
/// # Errors
/// The files of then are not in the topic `contents`, or not usable any more; Kafka or ClickHouse refuses or is away.
pub async fn prove(system: &System, snapshot: &Snapshot, source: Source) -> Result<Proof> {
    let in_force = then::in_force(system, &snapshot.header.contents).await?;
    match source {
        Source::Logs => prove_from(&system.store, snapshot, &in_force).await,
        Source::Kafka => {
            let logs = from_kafka::derive(system, &in_force, &snapshot.header).await?;
            let proof = prove_from(&logs, snapshot, &in_force).await;
            logs.drop_proof().await?;
            proof
        }
    }
}

/// From the logs of this store.
async fn prove_from(logs: &Store, snapshot: &Snapshot, in_force: &InForce) -> Result<Proof> {
    let progress = Progress::steps();
    let step = progress.step("tables and views of then");
    let proof = logs.proof(&in_force.declared()).await?;
    step.done();
    let derived = derive(&proof, snapshot, in_force, &progress).await;
    proof.drop_proof().await?;
    let derived = derived?;
    let differences = differences(&snapshot.values, &derived)?;
    let faults = faults(snapshot)?;
    Ok(Proof {
        id: snapshot.header.id.clone(),
        proved: differences.is_empty() && faults.is_empty(),
        compared: derived.len(),
        missing: missing(logs, &snapshot.header).await?,
        reasons: reasons(&snapshot.header, &differences),
        differences,
        faults,
    })
}

/// The numbers of a snapshot, derived in a store for a proof.
async fn derive(
    proof: &Store,
    snapshot: &Snapshot,
    in_force: &InForce,
    progress: &Progress,
) -> Result<Vec<FrozenValue>> {
    let header = &snapshot.header;
    let period: Period = header
        .period
        .parse()
        .map_err(|error| anyhow!("period {}: {error}", header.period))?;
    let made_of: Vec<MadeOf> = header.watermark.iter().map(made_of).collect();
    let step = progress.step("the logs, up to the watermarks");
    proof.place_up_to(&made_of, &in_force.notice_topics()).await?;
    step.done();
    let step = progress.step("measures");
    let values = proof.frozen_values(&period, None, !header.provisional).await?;
    step.done();
    Ok(values)
}

fn made_of((record_type, watermark): (&String, &BTreeMap<String, u64>)) -> MadeOf {
    MadeOf {
        record_type: record_type.clone(),
        watermark: watermark.clone(),
    }
}

/// Numbers whose canonical forms differ.
fn differences(frozen: &[FrozenValue], derived: &[FrozenValue]) -> Result<Vec<Difference>> {
    let forms = |values: &[FrozenValue]| -> Result<BTreeMap<String, String>> {
        let ids = values.iter().map(|value| value.id.clone());
        Ok(ids.zip(Snapshot::canonical(values)?).collect())
    };
    let (frozen, derived) = (forms(frozen)?, forms(derived)?);
    let mut ids: Vec<&String> = frozen.keys().chain(derived.keys()).collect();
    ids.sort();
    ids.dedup();
    let differing = ids.into_iter().filter(|id| frozen.get(*id) != derived.get(*id));
    let differences = differing.map(|id| Difference {
        id: id.clone(),
        frozen: frozen.get(id).cloned(),
        derived: derived.get(id).cloned(),
    });
    Ok(differences.collect())
}

fn faults(snapshot: &Snapshot) -> Result<Vec<String>> {
    Ok(if snapshot.is_intact()? {
        Vec::new()
    } else {
        vec!["its hashes do not belong to what stands in it: somebody has changed the message in the topic snapshots".to_owned()]
    })
}

/// Messages below the snapshot's watermarks that are lost by now.
async fn missing(store: &Store, header: &Header) -> Result<Vec<Lost>> {
    let next = |lost: &Lost| {
        let place = format!("{}/{}", lost.topic, lost.partition);
        let offsets = header
            .watermark
            .values()
            .filter_map(|offsets| offsets.get(&place));
        offsets.copied().max().and_then(|next| i64::try_from(next).ok())
    };
    let mut lost = store.lost(None).await?;
    lost.retain_mut(|lost| {
        let next = next(lost).unwrap_or(0);
        lost.next = lost.next.min(next);
        lost.first < lost.next
    });
    Ok(lost)
}

fn reasons(header: &Header, differences: &[Difference]) -> Vec<String> {
    let software = env!("CARGO_PKG_VERSION");
    if differences.is_empty() || header.software == software {
        return Vec::new();
    }
    vec![format!(
        "it was taken by quarterday {}, this is {software}: run that version to see whether it derives the same",
        header.software
    )]
}
