//! Proving a snapshot: its numbers are derived again from the version logs, exactly up to its watermarks and by the definitions of then,
//! and compared byte for byte.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use quarterday_plan::period::Period;
use quarterday_snapshot::{Header, Snapshot};
use quarterday_store::{FrozenValue, Lost, Position, Store};
use serde::Serialize;

use super::{from_kafka, losses, rows, then};
use crate::builtin::InForce;
use crate::progress::Progress;
use crate::system::System;

/// What was worked off once and is in no log.
const NO_OUTCOME: &str = "no outcome";

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
    /// Whether everything that differs may be what is lost: the snapshot says what was true then, and nobody can compute it again.
    pub attested: bool,
    /// Why numbers may differ although nothing is lost.
    pub reasons: Vec<String>,
}

impl Proof {
    /// Of each number that differs something must be lost: of its own record type, or a notice.
    fn is_attested(&self, in_force: &InForce) -> bool {
        let notices = in_force.notice_topics();
        let of = |id: &str| -> Option<Vec<&str>> {
            let (plan, measure) = in_force.definition(id)?;
            let record_type = plan.record_type(measure)?;
            let feeds = in_force.catalogue.feeds().iter();
            let feeds = feeds.filter(|feed| feed.feed.record_type == record_type);
            Some(feeds.map(|feed| feed.feed.topic.as_str()).collect())
        };
        let is_lost = |difference: &Difference| {
            let topics = of(&difference.id);
            self.missing.iter().any(|lost| {
                let topic = lost.topic.as_str();
                topics.as_ref().is_none_or(|topics| topics.contains(&topic)) || notices.contains(&topic)
            })
        };
        self.faults.is_empty() && !self.differences.is_empty() && self.differences.iter().all(is_lost)
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
    let mut proof = prove_by(system, snapshot, source, &in_force).await?;
    proof.attested = proof.is_attested(&in_force);
    let is_of_logs = source == Source::Logs && proof.missing.iter().any(|lost| lost.kind == NO_OUTCOME);
    if is_of_logs {
        proof.reasons.push(
            "messages have no outcome in ClickHouse any more: with --from-kafka they are read from their topics, if those have them".to_owned(),
        );
    }
    Ok(proof)
}

async fn prove_by(system: &System, snapshot: &Snapshot, source: Source, in_force: &InForce) -> Result<Proof> {
    match source {
        Source::Logs => {
            let mut proof = prove_from(&system.store, snapshot, in_force).await?;
            let is_of_other_files = system.in_force.declared().contents.hash() != snapshot.header.contents;
            if is_of_other_files && !proof.differences.is_empty() && proof.missing.is_empty() {
                proof.reasons.push(
                    "other files are in force than then: if the version logs were derived again by them (rebuild --accept-differences), what \
                     was accepted may read otherwise; --from-kafka judges the messages by the files of then"
                        .to_owned(),
                );
            }
            Ok(proof)
        }
        Source::Kafka => {
            let (logs, gone) = from_kafka::derive(system, in_force, &snapshot.header).await?;
            let proof = prove_from_topics(system, &logs, snapshot, in_force).await;
            let dropped = logs.drop_proof().await;
            let mut proof = proof?;
            dropped?;
            proof.missing.extend(gone);
            proof.missing = losses::since(&snapshot.header, proof.missing);
            Ok(proof)
        }
    }
}

/// From logs that were derived from the topics, which may have lost what the system has seen.
async fn prove_from_topics(
    system: &System,
    logs: &Store,
    snapshot: &Snapshot,
    in_force: &InForce,
) -> Result<Proof> {
    let mut proof = prove_from(logs, snapshot, in_force).await?;
    let mut lost = system.store.lost(None).await?;
    if !proof.differences.is_empty() {
        let taken = logs.taken_since(&system.store).await?.into_iter();
        lost.extend(taken.map(|taken| Lost {
            topic: taken.topic,
            partition: taken.partition,
            first: taken.first,
            next: taken.next,
            kind: if taken.kind == "kafka" {
                "gone".to_owned()
            } else {
                taken.kind
            },
        }));
    }
    proof.missing.extend(lost);
    let refused = logs.refused_only_here(&system.store).await?;
    if refused > 0 {
        proof.reasons.push(format!(
            "{refused} of the messages that were taken are not accepted by the files of then, which came into force later than they: verify without --from-kafka"
        ));
    }
    Ok(proof)
}

/// From the logs of this store.
async fn prove_from(logs: &Store, snapshot: &Snapshot, in_force: &InForce) -> Result<Proof> {
    let progress = Progress::steps();
    let step = progress.step("tables and views of then");
    let period = period(&snapshot.header)?;
    let proof = logs.proof(&in_force.declared(), &period).await?;
    step.done();
    let read = async {
        let derived = derive(&proof, snapshot, in_force, &progress).await?;
        Ok::<_, anyhow::Error>((derived, faults(&proof, snapshot).await?))
    }
    .await;
    let dropped = proof.drop_proof().await;
    let (derived, mut faults) = read?;
    dropped?;
    let differences = differences(&snapshot.values, &derived)?;
    if differences.is_empty() && Snapshot::canonical(&snapshot.values)? != Snapshot::canonical(&derived)? {
        faults.push(
            "it has a number twice, or its numbers in another order than they are derived in".to_owned(),
        );
    }
    Ok(Proof {
        id: snapshot.header.id.clone(),
        proved: differences.is_empty() && faults.is_empty(),
        compared: derived.len(),
        missing: missing(logs, &snapshot.header, !differences.is_empty()).await?,
        attested: false,
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
    let period = period(header)?;
    let step = progress.step("the logs, up to the watermarks");
    proof
        .place_up_to(&header.made_of(), &in_force.notice_topics())
        .await?;
    step.done();
    let step = progress.step("measures");
    let values = proof.frozen_values(&period, None, !header.provisional).await?;
    step.done();
    Ok(values)
}

fn period(header: &Header) -> Result<Period> {
    let period = header.period.parse();
    period.map_err(|error| anyhow!("period {}: {error}", header.period))
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

/// What is wrong with the snapshot, or with what readers see of it.
async fn faults(proof: &Store, snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if !snapshot.is_intact()? {
        faults.push(
            "its hashes do not belong to what stands in it: somebody has changed the message in the topic snapshots".to_owned(),
        );
    }
    let changed = proof
        .changed_for_readers(&snapshot.header.id, &rows::of(snapshot)?)
        .await?;
    let changed = changed.into_iter().map(|table| {
        let what = match table {
            "snapshot_values" => "other numbers or comments than it has",
            "snapshot_changes" => "another ledger than it has",
            _ => "other words about it than it has",
        };
        format!("readers of ClickHouse see {what}: somebody has changed their table {table}")
    });
    faults.extend(changed);
    Ok(faults)
}

/// Messages below the snapshot's watermarks that are lost by now: what the books note as lost, and where numbers differ also what
/// has no outcome any more.
async fn missing(logs: &Store, header: &Header, differ: bool) -> Result<Vec<Lost>> {
    let mut lost = logs.lost(None).await?;
    if differ {
        for position in logs.positions().await? {
            if header.reached(&position.topic, position.partition) > 0 {
                lost.extend(without_outcome(logs, &position).await?);
            }
        }
    }
    Ok(losses::since(header, lost))
}

async fn without_outcome(logs: &Store, position: &Position) -> Result<Vec<Lost>> {
    let place = (position.topic.as_str(), position.partition);
    let ranges = logs.missing_ranges(&position.record_type, place).await?;
    let lost = ranges.into_iter().map(|range| Lost {
        topic: position.topic.clone(),
        partition: position.partition,
        first: range.first,
        next: range.next,
        kind: NO_OUTCOME.to_owned(),
    });
    Ok(lost.collect())
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
