//! The records behind a number.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Against, Basis, Measure, Plan};
use serde::{Deserialize, Serialize};

use crate::sql::cells::AsOf;
use crate::{Result, Store, sql};

/// What one live record contributes to a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Traced {
    /// Which count it is in: `this period`, `year before`, `numerator` or `denominator`.
    pub part: String,
    /// The feed that it came by.
    pub feed: String,
    /// The partner that returned it.
    pub partner: String,
    /// The partner's own reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The version that counts.
    pub version: u32,
    /// The Kafka topic of that version.
    pub topic: String,
    /// The partition.
    pub partition: u32,
    /// The offset.
    pub offset: u64,
    /// District, as the record says.
    pub district: Option<String>,
    /// Ward, as the record says.
    pub ward: Option<String>,
    /// The first day that it counts on.
    pub since: String,
    /// The last day that it counts on; none if it has no end.
    pub until: Option<String>,
    /// What it adds, if it is added.
    pub amount: f64,
    /// Who or what it is about, if it counts by that: once, however often it occurs.
    pub identity: String,
    /// Whether it is an estimate.
    pub approximate: bool,
    /// The area that it is about, for a rank.
    pub place: String,
}

/// One count that a number is made of.
struct Part<'m> {
    name: &'static str,
    measure: &'m Measure,
    first: Date,
    last: Date,
}

impl Store {
    /// The live records behind a measure of a plan for a period, the parts of a ratio or change one after the other; with `at` those
    /// that were behind it then.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn trace(
        &self,
        plan: &Plan,
        measure: &Measure,
        period: &Period,
        at: Option<Timestamp>,
    ) -> Result<Vec<Traced>> {
        let as_of = if at.is_some() { AsOf::Then } else { AsOf::Now };
        let store = match at {
            Some(at) => self.in_force_at(at).await?,
            None => self.clone(),
        };
        let at = at.map(sql::instant).unwrap_or_default();
        let mut traced = Vec::new();
        for part in parts(plan, measure, period) {
            let Some(counting) = part.measure.counting() else {
                continue;
            };
            let sql = sql::cells::trace(store.names(), as_of);
            let (first, last) = (part.first.to_string(), part.last.to_string());
            let params = [
                ("part", part.name),
                ("record_type", counting.record_type.as_str()),
                ("measure", part.measure.id.as_str()),
                ("first", first.as_str()),
                ("last", last.as_str()),
                ("at", at.as_str()),
            ];
            let rows: Vec<Traced> = store.rows("trace a number", &sql, &params).await?;
            traced.extend(rows);
        }
        Ok(traced)
    }
}

fn parts<'m>(plan: &'m Plan, measure: &'m Measure, period: &Period) -> Vec<Part<'m>> {
    let of = |name, measure, period: &Period| Part {
        name,
        measure,
        first: period.first(),
        last: period.last(),
    };
    match &measure.basis {
        Basis::Nothing => Vec::new(),
        Basis::Ratio(ratio) => [
            ("numerator", &ratio.numerator),
            ("denominator", &ratio.denominator),
        ]
        .into_iter()
        .filter_map(|(name, id)| Some(of(name, plan.definition(id)?, period)))
        .collect(),
        Basis::Records(counting) => {
            let mut parts = vec![of(THIS, measure, period)];
            let is_compared = match &counting.against {
                Against::YearBefore { .. } => true,
                Against::Areas(ranking) => ranking.change,
                _ => false,
            };
            if is_compared {
                parts.push(of(BEFORE, measure, &period.year_before()));
            }
            parts
        }
    }
}

/// The part that is the number itself, or the numerator of a change.
pub const THIS: &str = "this period";

/// The same span a year before.
pub const BEFORE: &str = "year before";

/// The count that rows of one part add up to: amounts, and different identities.
#[must_use]
pub fn count<'t>(rows: impl Iterator<Item = &'t Traced>) -> f64 {
    let (mut added, mut identities) = (0.0, BTreeSet::new());
    for row in rows {
        added += row.amount;
        if !row.identity.is_empty() {
            identities.insert(row.identity.as_str());
        }
    }
    identities.iter().fold(added, |sum, _| sum + 1.0)
}
