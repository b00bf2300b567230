//! What is due: the quarters and years of the plans' own years whose freeze day is over. Safe to run at any time and any number of times.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use anyhow::Result;
use jiff::civil::Date;
use quarterday_plan::feeds::ReturnCalendar;
use quarterday_plan::period::Period;
use quarterday_snapshot::Journal;

use super::taking::{self, Taken, Wanted, take};
use super::{in_force_of, journal};
use crate::builtin::InForce;
use crate::files_in_force;
use crate::system::System;

/// What came of taking what was due.
#[derive(Debug, Default)]
pub struct Due {
    /// The snapshots, taken now or by somebody else meanwhile.
    pub taken: Vec<Taken>,
    /// Why others were not taken, by period.
    pub failed: Vec<(Period, anyhow::Error)>,
}

/// Takes a snapshot of whatever is due and has none yet, the earliest first. One that cannot be taken does not keep others from theirs.
///
/// # Errors
/// The store was made with other files; Kafka or ClickHouse refuses or is away.
pub async fn take_due(system: &System, by: &str) -> Result<Due> {
    let mut done = Due::default();
    for period in due_now(system).await? {
        let wanted = Wanted {
            period,
            provisional: false,
            revise: None,
            by: by.to_owned(),
        };
        match take(system, &wanted).await {
            Ok(one) => done.taken.push(one),
            Err(error) => done.failed.push((period, error)),
        }
    }
    Ok(done)
}

/// The periods that are due today; none before anything was ever pushed.
///
/// # Errors
/// The store was made with other files; Kafka or ClickHouse refuses or is away.
pub async fn due_now(system: &System) -> Result<Vec<Period>> {
    files_in_force::refuse_others(system).await?;
    let positions = system.store.positions().await?;
    let topics = system
        .in_force
        .catalogue
        .returned()
        .map(|feed| feed.feed.topic.as_str());
    let topics: BTreeSet<&str> = topics.collect();
    let mut returned = positions
        .iter()
        .filter(|position| topics.contains(position.topic.as_str()));
    if returned.all(|position| position.next_offset == 0) {
        return Ok(Vec::new());
    }
    let (journal, today) = (journal(system).await?, taking::today()?);
    let calendar = system.in_force.catalogue.calendar();
    Ok(due(of_plans(&system.in_force), &journal, calendar, today))
}

/// The standard periods of the plans' own years.
fn of_plans(in_force: &InForce) -> BTreeSet<Period> {
    let declared = in_force.declared();
    let years = declared.plans.iter().map(|plan| plan.year.first().year());
    years.flat_map(|year| Period::standard(year, year)).collect()
}

/// Periods that have begun, of plans that are in force until these files are, which are not frozen and which no plan of these files covers: nobody
/// will freeze them.
///
/// # Errors
/// Kafka or ClickHouse refuses or is away.
pub async fn left_behind(system: &System) -> Result<Vec<Period>> {
    let before = match system.store.contents_in_force().await? {
        Some(hash) if hash != system.in_force.declared().contents.hash() => in_force_of(system, &hash).await,
        _ => return Ok(Vec::new()),
    };
    let before = match before {
        Ok(before) => before,
        Err(error) if error.is::<quarterday_kafka::Error>() => return Err(error),
        // Of another version of the software: its plans are not known.
        Err(_) => return Ok(Vec::new()),
    };
    let journal = Journal::read(&system.kafka, system.store.names().bi()).await?;
    let today = taking::today()?;
    let is_left = |period: &Period| {
        period.first() <= today
            && is_reported(period)
            && !is_frozen(&journal, period)
            && taking::refuse_what_no_plan_covers(system, period).is_err()
    };
    Ok(of_plans(&before).into_iter().filter(is_left).collect())
}

fn is_reported(period: &Period) -> bool {
    period.is_quarter() || period.is_year()
}

fn is_frozen(journal: &Journal, period: &Period) -> bool {
    let latest = journal.latest(period);
    latest.is_some_and(|latest| !latest.header.provisional)
}

fn due(
    periods: impl IntoIterator<Item = Period>,
    journal: &Journal,
    calendar: ReturnCalendar,
    today: Date,
) -> Vec<Period> {
    let due = periods.into_iter().filter(|period| {
        is_reported(period) && calendar.freeze_on(period) < today && !is_frozen(journal, period)
    });
    let mut due: Vec<Period> = due.collect();
    // A year's report has its quarters, also the last.
    due.sort_by_key(|period| (period.last(), Reverse(period.first())));
    due
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn quarters_and_years_are_due_when_their_freeze_day_is_over() {
        let periods = [
            "2015-16/Q4",
            "2015-16",
            "2015-16/H2",
            "2015-16/Q1",
            "2013-10-01..2014-09-30",
        ];
        let periods = periods.map(|period| period.parse().unwrap());
        let due_on = |today| -> Vec<String> {
            let due = due(periods, &Journal::default(), ReturnCalendar::default(), today);
            due.iter().map(Period::id).collect()
        };
        assert!(due_on(date(2015, 7, 28)).is_empty());
        assert_eq!(due_on(date(2015, 7, 29)), ["2015-16/Q1"]);
        assert_eq!(due_on(date(2016, 5, 1)), ["2015-16/Q1", "2015-16/Q4", "2015-16"]);
    }
}
