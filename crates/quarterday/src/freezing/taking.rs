//! Taking a snapshot: once for each period and revision, however often and by how many it is asked for.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use quarterday_ingest::wait_until_worked_off;
use quarterday_plan::period::Period;
use quarterday_plan::plan::Plan;
use quarterday_snapshot::{Changed, Comments, Draft, Id, Journal, Snapshot};
use quarterday_store::{FrozenValue, MadeOf, Store};

use crate::files_in_force;
use crate::freezing::{concealing, explain, journal, keep, losses};
use crate::system::System;

/// Where a plan's days begin and end (domain.md G2).
pub(super) const ZONE: &str = "Europe/London";

/// A refresh is seen some seconds after it began, and reading takes some seconds.
const TRIES: usize = 10;

/// Records that a ledger names of one cause.
const NAMED: usize = 200;

/// How long workers may need for what is in the topics.
const BACKLOG_LIMIT: Duration = Duration::from_secs(300);

/// What is to be taken.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The period.
    pub period: Period,
    /// Although it has not ended.
    pub provisional: bool,
    /// Another revision, if numbers are others now, and why.
    pub revise: Option<String>,
    /// By which role.
    pub by: String,
}

/// What has come of it.
#[derive(Debug)]
pub enum Taken {
    /// A new snapshot.
    New(Snapshot),
    /// There was one already.
    There(Snapshot),
    /// Another revision would have the same numbers as this one.
    Same(Snapshot),
}

impl Taken {
    /// The snapshot of the period, whoever has taken it.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        match self {
            Taken::New(snapshot) | Taken::There(snapshot) | Taken::Same(snapshot) => snapshot,
        }
    }
}

/// Takes a snapshot of what is known now.
///
/// # Errors
/// The period has not ended, or may still be returned, or no plan covers it; nothing was ever shown; the store was made with other files; Kafka
/// or ClickHouse refuses or is away.
pub async fn take(system: &System, wanted: &Wanted) -> Result<Taken> {
    files_in_force::refuse_others(system).await?;
    let journal = journal(system).await?;
    let latest = journal.latest(&wanted.period);
    if let Some(latest) = latest.filter(|latest| stands(latest, wanted)) {
        return Ok(Taken::There(latest.clone()));
    }
    let today = today()?;
    refuse_what_no_plan_covers(system, &wanted.period)?;
    let is_final = latest.is_some_and(|latest| !latest.header.provisional);
    let freeze = system.in_force.catalogue.calendar().freeze_on(&wanted.period);
    refuse_too_early(wanted, today, (freeze, is_final))?;
    refuse_over_a_final_one(wanted, latest)?;
    if !wanted.provisional {
        work_off(system).await?;
    }
    let snapshot = draft(system, wanted, latest, today).await?;
    let snapshot = snapshot.with_quarters(concealing::quarters(system).await?)?;
    let comments = Comments::read(&system.kafka, system.store.names().bi()).await?;
    let snapshot = snapshot.with_comments(comments.of_period(&wanted.period.id()))?;
    let snapshot = match latest {
        Some(latest) if is_same(latest, &snapshot) => return Ok(Taken::Same(latest.clone())),
        Some(latest) => {
            let explained = explain(system, latest, &snapshot).await?;
            snapshot.with_ledger(explained.changes.into_iter().map(for_ledger).collect())?
        }
        None => snapshot,
    };
    Journal::append(&system.kafka, &snapshot).await?;
    settle(system, snapshot).await
}

/// What a snapshot of the period of this one would be now; it is not kept.
///
/// # Errors
/// As [`take`].
pub async fn now(system: &System, latest: &Snapshot) -> Result<Snapshot> {
    let wanted = Wanted {
        period: latest.header.period.parse()?,
        provisional: latest.header.provisional,
        revise: Some(String::new()),
        by: String::new(),
    };
    let mut now = draft(system, &wanted, Some(latest), today()?).await?;
    "now".clone_into(&mut now.header.id);
    Ok(now)
}

/// The day that it is where the plan's days begin and end.
pub(super) fn today() -> Result<Date> {
    Ok(Timestamp::now().to_zoned(TimeZone::get(ZONE)?).date())
}

/// A message has its limits: of each cause the first records are named, and how many there are. `snapshot diff` names all.
fn for_ledger(mut changed: Changed) -> Changed {
    for part in &mut changed.parts {
        part.records.truncate(NAMED);
    }
    changed
}

/// What has come by now is in the measures before anything is called final.
async fn work_off(system: &System) -> Result<()> {
    let System {
        kafka,
        store,
        in_force,
        ..
    } = system;
    let mut left = 0;
    let worked_off = wait_until_worked_off(kafka, store, &in_force.catalogue, |backlog| left = backlog.left);
    match tokio::time::timeout(BACKLOG_LIMIT, worked_off).await {
        Ok(done) => Ok(done?),
        Err(_elapsed) => bail!(
            "{left} messages that have come are not in the measures yet: is a worker running? With --provisional what is there is frozen"
        ),
    }
}

/// Whether that is what is asked for already.
fn stands(latest: &Snapshot, wanted: &Wanted) -> bool {
    wanted.revise.is_none() && (!latest.header.provisional || wanted.provisional)
}

/// A snapshot that is no longer provisional is another one, whatever its numbers.
fn is_same(latest: &Snapshot, snapshot: &Snapshot) -> bool {
    latest.header.provisional == snapshot.header.provisional
        && latest.header.values_hash == snapshot.header.values_hash
        && latest.header.comments_hash == snapshot.header.comments_hash
}

/// `freeze`: its day; `is_final`: whether it was frozen, whatever day it is.
fn refuse_too_early(wanted: &Wanted, today: Date, (freeze, is_final): (Date, bool)) -> Result<()> {
    let (period, last) = (wanted.period, wanted.period.last());
    let provisional = "its numbers are not final yet; with --provisional they are frozen as such";
    if wanted.provisional {
        return Ok(());
    }
    if last >= today {
        bail!("{period} ends on {last}: {provisional}");
    }
    // Whoever froze it now would keep 'snapshot due' from freezing it on its day.
    if freeze >= today && !is_final {
        bail!("{period} may be returned until it is frozen, after {freeze}: {provisional}");
    }
    Ok(())
}

/// What is final is not made provisional again.
fn refuse_over_a_final_one(wanted: &Wanted, latest: Option<&Snapshot>) -> Result<()> {
    match latest {
        Some(latest) if wanted.provisional && !latest.header.provisional => bail!(
            "{} is final: a revision of it is taken without --provisional",
            latest.header.id
        ),
        _ => Ok(()),
    }
}

/// The plans say nothing of other periods: all numbers would be unknown or zero.
pub(crate) fn refuse_what_no_plan_covers(system: &System, period: &Period) -> Result<()> {
    let declared = system.in_force.declared();
    let is_of_figure = |plan: &Plan| plan.figures.iter().any(|figure| figure.period == *period);
    let is_covered = |year: &Period| year.first() <= period.first() && period.last() <= year.last();
    let is_known = |plan: &Plan| is_covered(&plan.year) || is_of_figure(plan);
    if declared.plans.iter().any(is_known) {
        return Ok(());
    }
    let periods: Vec<Period> = declared.plans.iter().map(|plan| plan.year).collect();
    let dates = || periods.iter().flat_map(|period| [period.first(), period.last()]);
    match (dates().min(), dates().max()) {
        (Some(first), Some(last)) if first <= period.first() && period.last() <= last => {
            bail!("{period} is not within one plan's year: a snapshot is by the definitions of one plan")
        }
        (Some(first), Some(last)) => {
            bail!("no plan in force covers {period}: they are about {first} to {last}")
        }
        _ => bail!("there is no plan in force that covers {period}"),
    }
}

async fn draft(system: &System, wanted: &Wanted, latest: Option<&Snapshot>, today: Date) -> Result<Snapshot> {
    let store = &system.store;
    store.refresh_stale().await?;
    let known_at = store
        .shown()
        .await?
        .at
        .context("no measures were ever computed: is a worker running, and was anything pushed?")?;
    // One that did not wait for all that has come is not final either.
    let provisional = wanted.provisional || wanted.period.last() >= today;
    let (values, made_of) = computed(store, &wanted.period, known_at, !provisional).await?;
    let reason = match (&wanted.revise, latest) {
        (Some(reason), _) => reason.clone(),
        (None, Some(_)) => "the period has ended".to_owned(),
        (None, None) => String::new(),
    };
    let draft = Draft {
        id: Id {
            period: wanted.period,
            revision: latest.map_or(1, |latest| latest.header.revision.saturating_add(1)),
        },
        installation: store.names().bi().to_owned(),
        provisional,
        reason,
        taken_at: Timestamp::now(),
        taken_by: wanted.by.clone(),
        known_at,
        software: env!("CARGO_PKG_VERSION").to_owned(),
        contents: store.contents_at(known_at).await?.unwrap_or_default(),
        lost: losses::known(&made_of, store.lost(None).await?),
        made_of,
    };
    Ok(draft.seal(values)?)
}

/// The numbers as known at an instant, and what they were made of. A refresh that had begun by then may be seen only now: both are read
/// until it is the same before and after.
async fn computed(
    store: &Store,
    period: &Period,
    known_at: Timestamp,
    is_final: bool,
) -> Result<(Vec<FrozenValue>, Vec<MadeOf>)> {
    let mut made_of = store.made_of(known_at).await?;
    for _ in 0..TRIES {
        let values = store.frozen_values(period, Some(known_at), is_final).await?;
        let after = store.made_of(known_at).await?;
        if after == made_of {
            return Ok((values, made_of));
        }
        made_of = after;
    }
    bail!("refreshes of measures go on being seen that began before {known_at}: try again when less comes in")
}

/// Which of those that were written at the same time is the snapshot.
async fn settle(system: &System, written: Snapshot) -> Result<Taken> {
    let journal = Journal::read(&system.kafka, &written.header.installation).await?;
    let id: Id = written.header.id.parse()?;
    let first = journal
        .get(&id)
        .with_context(|| format!("{id} was written to the topic snapshots and is not there"))?;
    concealing::concealments(system, &journal).await?;
    keep(system, first).await?;
    Ok(if *first == written {
        Taken::New(written)
    } else {
        Taken::There(first.clone())
    })
}
