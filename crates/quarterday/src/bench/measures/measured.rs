//! Measuring one size of history.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use quarterday_plan::period::Period;
use quarterday_store::{Breakdown, Settings, Store};
use serde::Deserialize;

use super::SizeArgs;
use super::history::{CONTACTS, CRIMES, Filled, INCIDENTS, ORDERS};
use super::report::{Frozen, Refreshed, Size};
use crate::bench::local_engine::LocalEngine;
use crate::bench::usage;
use crate::builtin::InForce;

/// The receiving quarter.
const QUARTER: &str = "2015-16/Q1";

/// Merges of a filled history may take so long.
const QUIET_LIMIT: Duration = Duration::from_secs(1800);
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often `measures` is asked; the median counts.
const QUESTIONS: usize = 5;

pub(super) async fn size(args: &SizeArgs) -> Result<Size> {
    let engine = LocalEngine::start(&args.directory).await?;
    let store = Store::new(&Settings::loopback(engine.url()));
    store.migrate(&InForce::builtin()?.declared()).await?;
    let began = Instant::now();
    for filled in [CRIMES, CONTACTS, ORDERS, INCIDENTS] {
        filled.fill(&store, args.records).await?;
    }
    let filled = began.elapsed();
    let began = Instant::now();
    store.refresh_stale().await?;
    let placed = began.elapsed();
    quiet(&store).await?;
    let events = refresh(&store, args.records, &[CRIMES, CONTACTS]).await?;
    let stocks = refresh(&store, args.records, &[ORDERS]).await?;
    let look_backs = refresh(&store, args.records, &[INCIDENTS]).await?;
    Ok(Size {
        records: args.records,
        filled_seconds: filled.as_secs_f64(),
        first_refresh_seconds: placed.as_secs_f64(),
        events,
        stocks,
        look_backs,
        answer_seconds: answer(&store).await?,
        snapshot: snapshot(&store).await?,
    })
}

/// How long freezing the quarter takes, and deriving it again from the version logs; both must give the same.
async fn snapshot(store: &Store) -> Result<Frozen> {
    let in_force = InForce::builtin()?;
    let period: Period = QUARTER.parse()?;
    let began = Instant::now();
    let Some(at) = store.shown().await?.at else {
        bail!("no measures were ever shown");
    };
    let made_of = store.made_of(at).await?;
    let frozen = store.frozen_values(&period, Some(at), true).await?;
    let taken = began.elapsed();
    let began = Instant::now();
    let proof = store.proof(&in_force.declared(), &period).await?;
    proof.place_up_to(&made_of, &in_force.notice_topics()).await?;
    let derived = proof.frozen_values(&period, None, true).await?;
    let proved = began.elapsed();
    proof.drop_proof().await?;
    if frozen != derived {
        bail!("what was derived again is not what was frozen");
    }
    Ok(Frozen {
        taken_seconds: taken.as_secs_f64(),
        proved_seconds: proved.as_secs_f64(),
    })
}

/// New versions of these record types, and how long it takes until all measures are right.
async fn refresh(store: &Store, records: u64, filled: &[Filled]) -> Result<Refreshed> {
    for filled in filled {
        filled.amend(store, records).await?;
    }
    // The peak from here on, where the system lets it be set back.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let began = Instant::now();
    let refreshed = store.refresh_stale().await?;
    let seconds = began.elapsed().as_secs_f64();
    if refreshed != filled.len() {
        bail!(
            "{refreshed} record types were refreshed instead of {}",
            filled.len()
        );
    }
    let peak_mib = usage::of(&[std::process::id()]).map(|usage| usage.peak_bytes >> 20);
    Ok(Refreshed { seconds, peak_mib })
}

/// How long `measures` for the quarter takes.
async fn answer(store: &Store) -> Result<f64> {
    let period: Period = QUARTER.parse()?;
    let mut seconds = Vec::new();
    for _ in 0..QUESTIONS {
        let began = Instant::now();
        let rows = store.measures(&period, None, Breakdown::Total).await?;
        if !rows.iter().any(|row| row.value.is_some_and(|value| value > 0.0)) {
            bail!("no measure of {QUARTER} has a value");
        }
        seconds.push(began.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds.get(QUESTIONS / 2).copied().unwrap_or_default())
}

#[derive(Deserialize)]
struct Merges {
    merges: u64,
}

/// Waits until nothing is merged any more: a history that was years in the making is merged.
async fn quiet(store: &Store) -> Result<()> {
    let limit = Instant::now() + QUIET_LIMIT;
    loop {
        let sql = "SELECT count() AS merges FROM system.merges";
        let rows: Vec<Merges> = store.rows("look at merges", sql, &[]).await?;
        if rows.iter().all(|row| row.merges == 0) {
            return Ok(());
        }
        if Instant::now() > limit {
            bail!("the history is still being merged");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
