//! Reports of snapshots: what an audience sees of one, beside what it saw of the quarters that were frozen before.

use std::collections::BTreeMap;

use anyhow::Result;
use quarterday_plan::period::Period;
use quarterday_report::{Frozen, Report, Source};
use quarterday_snapshot::{Journal, Snapshot};

use super::seeing::Eyes;
use super::then;
use crate::system::System;

/// The report of a snapshot. What is frozen later does not change it.
///
/// # Errors
/// Nothing was decided for the audience; the files that were in force then are not known; Kafka refuses or is away.
pub async fn report(system: &System, journal: &Journal, eyes: &Eyes, snapshot: &Snapshot) -> Result<Report> {
    let seen = eyes.see(snapshot)?;
    let in_force = then::in_force(system, &snapshot.header.contents).await?;
    let (lines, quarters) = (seen.lines(), quarters(journal, eyes, snapshot)?);
    let source = Source {
        header: &snapshot.header,
        hash: seen.is_all().then_some(snapshot.hash.as_str()),
        audience: seen.audience,
        reason: seen.reason(),
        lines: &lines,
        quarters: &quarters,
        ledger: if seen.is_all() { &snapshot.ledger } else { &[] },
        plans: &in_force.plans,
    };
    Ok(Report::of(&source)?)
}

/// The newest revision of each quarter up to this snapshot, in the order in which they were frozen.
fn quarters(journal: &Journal, eyes: &Eyes, snapshot: &Snapshot) -> Result<Vec<Frozen>> {
    let mut newest: BTreeMap<&str, &Snapshot> = BTreeMap::new();
    for frozen in journal.in_order() {
        if !frozen.header.provisional || frozen.header.id == snapshot.header.id {
            newest.insert(&frozen.header.period, frozen);
        }
        if frozen.header.id == snapshot.header.id {
            break;
        }
    }
    let mut quarters = Vec::new();
    for (period, frozen) in newest {
        let period: Period = period.parse()?;
        if period.is_quarter() {
            let lines = eyes.see(frozen)?.lines();
            quarters.push(Frozen { period, lines });
        }
    }
    Ok(quarters)
}
