//! What is hidden of snapshots, from whom: decided once for each, after all that were frozen before.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil::Date;
use quarterday_plan::plan::Audience;
use quarterday_snapshot::disclosure::{Quarters, facts_of};
use quarterday_snapshot::{Concealments, Journal};
use quarterday_store::QuarterCount;

use super::publishing::publish;
use crate::system::System;

/// What was counted in each quarter, of measures of which somebody may not see all.
pub(super) async fn quarters(system: &System) -> Result<BTreeMap<String, Quarters>> {
    let declared = system.in_force.declared();
    let rules = [Audience::Partners, Audience::Public].map(|audience| facts_of(&declared.plans, audience));
    let is_hidden = |id: &str| rules.iter().any(|facts| facts.hides(id));
    let mut quarters: BTreeMap<String, Quarters> = BTreeMap::new();
    for count in system.store.quarter_counts().await? {
        if !is_hidden(&count.id) {
            continue;
        }
        // Fractions do not add up to anything that could be looked for.
        if let Some((first, counted)) = whole(&count) {
            quarters.entry(count.id).or_default().insert(first, counted);
        }
    }
    Ok(quarters)
}

fn whole(count: &QuarterCount) -> Option<(Date, i64)> {
    let first = count.first.parse().ok()?;
    let counted = (count.counted.fract() == 0.0).then(|| format!("{:.0}", count.counted).parse().ok());
    Some((first, counted.flatten()?))
}

/// What is hidden of all snapshots, after what is missing is decided; audiences see it from here on.
///
/// # Errors
/// Kafka refuses or is away.
pub async fn concealments(system: &System, journal: &Journal) -> Result<Concealments> {
    let older = "could not read what is hidden of snapshots; a system that is older than that needs 'quarterday migrate' once";
    let installation = system.store.names().bi();
    let declared = system.in_force.declared();
    let known = loop {
        let known = Concealments::read(&system.kafka, installation)
            .await
            .context(older)?;
        match known.next(journal, &declared.plans)? {
            None => break known,
            Some(next) => Concealments::append(&system.kafka, &next).await?,
        }
    };
    publish(system, journal, &known).await?;
    Ok(known)
}
