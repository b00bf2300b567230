//! What is due: the quarters and years of the plans' own years whose freeze day is over. Safe to run at any time and any number of times.

use std::collections::BTreeSet;

use anyhow::Result;
use jiff::civil::Date;
use quarterday_plan::feeds::ReturnCalendar;
use quarterday_plan::period::Period;
use quarterday_snapshot::Journal;

use super::journal;
use super::taking::{self, Taken, Wanted, take};
use crate::system::System;

/// Takes a snapshot of whatever is due and has none yet, the earliest first.
///
/// # Errors
/// As [`take`].
pub async fn take_due(system: &System, by: &str) -> Result<Vec<Taken>> {
    let (mut taken, mut failed) = (Vec::new(), None);
    for period in due_now(system).await? {
        let wanted = Wanted {
            period,
            provisional: false,
            revise: None,
            by: by.to_owned(),
        };
        match take(system, &wanted).await {
            Ok(one) => taken.push(one),
            // One that cannot be taken does not keep others from theirs.
            Err(error) => {
                failed = failed.or(Some(error.context(format!("{period} is due and was not frozen"))))
            }
        }
    }
    failed.map_or(Ok(taken), Err)
}

/// The periods that are due today.
///
/// # Errors
/// Kafka or ClickHouse refuses or is away.
pub async fn due_now(system: &System) -> Result<Vec<Period>> {
    let (journal, today) = (journal(system).await?, taking::today()?);
    let declared = system.in_force.declared();
    let years = declared.plans.iter().map(|plan| plan.year.first().year());
    let periods: BTreeSet<Period> = years.flat_map(|year| Period::standard(year, year)).collect();
    let calendar = system.in_force.catalogue.calendar();
    Ok(due(periods, &journal, calendar, today))
}

fn due(
    periods: impl IntoIterator<Item = Period>,
    journal: &Journal,
    calendar: ReturnCalendar,
    today: Date,
) -> Vec<Period> {
    let is_reported = |period: &Period| period.is_quarter() || period.is_year();
    let is_frozen = |period: &Period| {
        let latest = journal.latest(period);
        latest.is_some_and(|latest| !latest.header.provisional)
    };
    let due = periods
        .into_iter()
        .filter(|period| is_reported(period) && calendar.freeze_on(period) < today && !is_frozen(period));
    let mut due: Vec<Period> = due.collect();
    due.sort_by_key(|period| (period.last(), period.first()));
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
        assert_eq!(due_on(date(2016, 5, 1)), ["2015-16/Q1", "2015-16", "2015-16/Q4"]);
    }
}
