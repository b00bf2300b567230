//! The schedule by which a running system freezes what is due.

use std::str::FromStr as _;
use std::time::Duration;

use anyhow::{Context, Result};
use croner::Cron;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;

use super::taking::ZONE;
use super::{Taken, take_due};
use crate::system::System;

/// How the role is called that takes what is due.
pub const ROLE: &str = "scheduler";

/// The clock may be set meanwhile: it is looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What is due and could not be frozen is tried again after so long.
const AGAIN: Duration = Duration::from_secs(600);

/// When a running system freezes what is due.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SnapshotSettings {
    /// A cron expression of five fields, Europe/London; `off` for never.
    pub schedule: String,
}

impl Default for SnapshotSettings {
    fn default() -> Self {
        SnapshotSettings {
            schedule: "0 6 * * *".to_owned(),
        }
    }
}

impl SnapshotSettings {
    /// What is wrong with it, in words.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let next = self.cron().and_then(|cron| {
            cron.map(|cron| cron.find_next_occurrence(&Zoned::now(), false))
                .transpose()
        });
        let fault = next.err()?;
        Some(format!(
            "snapshots.schedule is no cron expression that ever comes: {fault}; an example is '0 6 * * *', or 'off'"
        ))
    }

    /// None where nothing is to be taken.
    fn cron(&self) -> Result<Option<Cron>, croner::errors::CronError> {
        match self.schedule.trim() {
            "off" => Ok(None),
            text => Cron::from_str(text).map(Some),
        }
    }
}

/// Freezes what is due whenever the schedule says so, and at once if it said so while nobody was there. Ends with the system only.
///
/// # Errors
/// The schedule is none.
pub async fn run(system: System, settings: SnapshotSettings) -> Result<()> {
    let Some(cron) = settings.cron()? else {
        return std::future::pending().await;
    };
    let mut next = cron.find_next_occurrence(&now()?, false)?;
    match is_behind(&system, &cron).await {
        Ok(true) => next = now()?,
        Ok(false) => {}
        Err(error) => tracing::warn!(
            error = format!("{error:#}"),
            "whether something was due is not known"
        ),
    }
    loop {
        while now()? < next {
            tokio::time::sleep(LOOK_EVERY.min(until(&next)?)).await;
        }
        let is_done = take_what_is_due(&system).await;
        next = cron.find_next_occurrence(&now()?, false)?;
        if !is_done {
            next = next.min(now()?.saturating_add(AGAIN));
        }
    }
}

/// Whether something was shown before the schedule said so last: then nobody may have been there.
async fn is_behind(system: &System, cron: &Cron) -> Result<bool> {
    let last = cron.find_previous_occurrence(&now()?, true)?.timestamp();
    let store = match system.store.in_force_at(last).await {
        Ok(store) => store,
        Err(quarterday_store::Error::Dropped { .. }) => return Ok(true),
        Err(error) => return Err(error.into()),
    };
    let since = store.shown_since().await?;
    let last = last.strftime("%Y-%m-%d %H:%M:%S").to_string();
    Ok(since.is_some_and(|since| since < last))
}

/// `false`: something that is due could not be taken, and is tried again.
async fn take_what_is_due(system: &System) -> bool {
    let taken = async {
        let system = system.clone().with_store_in_force().await?;
        take_due(&system, ROLE).await
    };
    let failed = |error: &anyhow::Error, period: &str| {
        let error = format!("{error:#}");
        tracing::warn!(error, period, "what is due was not frozen, trying again");
    };
    match taken.await {
        Ok(due) => {
            for snapshot in due.taken.iter().filter_map(new) {
                tracing::info!(snapshot, "frozen");
            }
            for (period, error) in &due.failed {
                failed(error, &period.id());
            }
            due.failed.is_empty()
        }
        Err(error) => {
            failed(&error, "");
            false
        }
    }
}

fn new(taken: &Taken) -> Option<&str> {
    match taken {
        Taken::New(snapshot) => Some(&snapshot.header.id),
        Taken::There(_) | Taken::Same(_) => None,
    }
}

fn now() -> Result<Zoned> {
    let zone = TimeZone::get(ZONE).context("the time zone of the plan is not known")?;
    Ok(Timestamp::now().to_zoned(zone))
}

fn until(next: &Zoned) -> Result<Duration> {
    let left = next.timestamp().duration_since(now()?.timestamp());
    Ok(Duration::try_from(left).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: &str) -> SnapshotSettings {
        SnapshotSettings {
            schedule: schedule.to_owned(),
        }
    }

    #[test]
    fn a_schedule_is_checked() {
        assert_eq!(SnapshotSettings::default().problem(), None);
        assert_eq!(at("off").problem(), None);
        assert!(at("every morning").problem().is_some());
        assert!(at("0 6 30 2 *").problem().is_some());
    }

    #[test]
    fn it_is_six_in_london_in_summer_and_in_winter() {
        let cron = SnapshotSettings::default().cron().unwrap().unwrap();
        for (from, to) in [
            ("2015-07-28T12:00[Europe/London]", "2015-07-29T05:00:00Z"),
            ("2015-12-01T12:00[Europe/London]", "2015-12-02T06:00:00Z"),
        ] {
            let from: Zoned = from.parse().unwrap();
            let next = cron.find_next_occurrence(&from, false).unwrap();
            assert_eq!(next.timestamp().to_string(), to);
        }
    }
}
