//! The numbers of a certificate: each beside what its records add up to, and the records that were placed beside those of the version logs.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use quarterday_plan::period::Period;
use quarterday_plan::plan::Against;
use quarterday_store::{Breakdown, MeasureRow, Placed};

use super::{Number, TIMES, TOGETHER, Wanted};
use crate::system::System;

/// The records that count beside those that were placed.
pub(super) async fn placed(system: &System, wanted: &Wanted) -> Result<Vec<Placed>> {
    let all = system.in_force.catalogue.record_types().keys();
    let mut left: Vec<String> = match &wanted.record_type {
        Some(record_type) => vec![record_type.clone()],
        None => all.cloned().collect(),
    };
    let mut placed: BTreeMap<String, Placed> = BTreeMap::new();
    for _ in 0..TIMES {
        let names: Vec<&str> = left.iter().map(String::as_str).collect();
        let read = system.store.placed(&names).await?;
        placed.extend(
            read.into_iter()
                .map(|placed| (placed.record_type.clone(), placed)),
        );
        let unlike = placed.values().filter(|placed| !placed.is_same);
        left = unlike.map(|placed| placed.record_type.clone()).collect();
        if left.is_empty() {
            break;
        }
    }
    Ok(placed.into_values().collect())
}

/// The numbers of a period, or of all that are kept.
pub(super) async fn numbers(system: &System, wanted: &Wanted) -> Result<(Vec<Number>, usize)> {
    let mut numbers = Vec::new();
    for _ in 0..TIMES {
        numbers = added_up(system, wanted).await?;
        if numbers.iter().all(Number::holds) {
            break;
        }
    }
    let periods: BTreeSet<&str> = numbers.iter().map(|number| number.period.as_str()).collect();
    let periods = periods.len();
    Ok((numbers, periods))
}

async fn added_up(system: &System, wanted: &Wanted) -> Result<Vec<Number>> {
    let (store, period) = (&system.store, wanted.period.as_ref());
    let by = Breakdown::Total;
    let rows = match period {
        Some(period) => store.measures(period, None, by).await?,
        None => store.measures_kept(Some(by)).await?,
    };
    let sums = store
        .traced_sums(wanted.record_type.as_deref(), period, TOGETHER)
        .await?;
    let sums: Sums<'_> = sums
        .iter()
        .map(|sum| {
            (
                (sum.period.as_str(), sum.measure.as_str()),
                (sum.counted, sum.records),
            )
        })
        .collect();
    let counted = rows.iter().filter(|row| is_counted(system, wanted, &row.id));
    let mut numbers: BTreeMap<(String, String), Number> = BTreeMap::new();
    for row in counted {
        let each = number(row, &sums).into_iter().chain(base(system, row, &sums));
        numbers.extend(each.map(|number| ((number.period.clone(), number.id.clone()), number)));
    }
    Ok(numbers.into_values().collect())
}

/// What a change compares with: the number of a year before.
fn base(system: &System, row: &MeasureRow, sums: &Sums<'_>) -> Option<Number> {
    let (_, measure) = system.in_force.definition(&row.id)?;
    let is_change = matches!(measure.counting()?.against, Against::YearBefore { .. });
    let period: Period = row.period.parse().ok()?;
    let number = row.denominator.filter(|_| is_change)?;
    Some(compared(&row.id, &period.year_before().id(), number, sums))
}

/// By period and measure: what the records add up to, and how many they are.
type Sums<'s> = BTreeMap<(&'s str, &'s str), (f64, u64)>;

/// Whether a number is the count of records: not a rank, which is about several areas, nor what is made of others.
fn is_counted(system: &System, wanted: &Wanted, id: &str) -> bool {
    let definition = system.in_force.definition(id);
    let counting = definition.and_then(|(_, measure)| measure.counting());
    counting.is_some_and(|counting| {
        let record_type = wanted.record_type.as_ref();
        !matches!(counting.against, Against::Areas(_))
            && record_type.is_none_or(|record_type| *record_type == counting.record_type)
    })
}

/// Where something was not returned there is no number.
fn number(row: &MeasureRow, sums: &Sums<'_>) -> Option<Number> {
    Some(compared(&row.id, &row.period, row.numerator?, sums))
}

fn compared(id: &str, period: &str, number: f64, sums: &Sums<'_>) -> Number {
    let (counted, records) = sums.get(&(period, id)).copied().unwrap_or_default();
    Number {
        id: id.to_owned(),
        period: period.to_owned(),
        number,
        counted,
        records,
    }
}
