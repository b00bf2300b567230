//! Deriving the whole store again from Kafka, in a database beside the one that readers see, which is put in force when all measures
//! are the same. Whoever is cut off on the way begins again where the store beside is.
//!
//! To be compared, the store beside is worked off exactly to the watermark of what readers saw at some instant; then it is brought to
//! the end of the log. Decisions about single messages come from their topics: what was rejected once is not judged again.

mod comparison;
pub(crate) mod held_back;
mod lease;
mod missing;
pub(crate) mod working;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use quarterday_ingest::{Parts, Task, ends};
use quarterday_kafka::positions::TopicPartition;
use quarterday_store::stores::State;
use quarterday_store::{Shown, Store, Taken};
use serde::Serialize;

pub use comparison::Difference;
use lease::Lease;
pub use missing::{Missing, range};

use crate::progress::Progress;
use crate::system::System;

/// How long the store that readers see may need to see what the store beside has worked off already, or that to see what they see.
const CATCH_UP_LIMIT: Duration = Duration::from_secs(60);
/// A refresh that was under way when it was asked what is shown makes numbers of then others: what differs is compared again.
const COMPARISONS: usize = 3;
/// Longer than all others need to see another store once one row says so.
const HOLD_SECONDS: u32 = 60;
const HOLD_AGAIN: Duration = Duration::from_secs(20);
/// So often at least it is tried to catch up.
const ROUNDS: u32 = 2;
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What may be different in the store that is derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Messages that the log has lost, at its beginning or in its middle, are noted as missing.
    pub missing: bool,
    /// Numbers may be others.
    pub differences: bool,
}

/// What has come of it.
#[derive(Debug, Serialize)]
pub struct Rebuilt {
    /// The store that was derived.
    pub store: String,
    /// The one that readers saw before.
    pub before: String,
    /// Whether readers see the new one now.
    pub in_force: bool,
    /// Messages that were worked off again.
    pub messages: u64,
    /// Beginnings of partitions that the log does not have any more.
    pub missing: Vec<Missing>,
    /// What else the log has lost since the store before was derived from it.
    pub taken: Vec<Taken>,
    /// Numbers that were compared; none where no store was there before.
    pub compared: Option<usize>,
    /// Those that are not the same.
    pub differences: Vec<Difference>,
}

/// How many numbers were compared, and those that differ.
type Compared = (usize, Vec<Difference>);

/// Derives the store of a system again.
///
/// # Errors
/// The log has lost messages and that is not allowed; the files in force are not those of the store; Kafka, ClickHouse or the registry
/// refuses or is away.
pub async fn rebuild(system: &System, allowed: Allowed) -> Result<Rebuilt> {
    let missing = missing::of(system).await?;
    if !allowed.missing {
        missing::refuse(&missing)?;
    }
    let progress = Progress::steps();
    let lease = Lease::take(&system.store, &progress).await?;
    // Another may have put its own in force while this one waited.
    let system = System {
        store: system.store.in_force().await?,
        ..system.clone()
    };
    let rebuilt = tokio::select! {
        rebuilt = derive(&system, allowed, missing, &progress) => rebuilt,
        () = lease.lost() => Err(anyhow!(
            "another rebuild began while ClickHouse did not answer, and goes on: nothing more was done here"
        )),
    };
    lease.give_back().await;
    rebuilt
}

async fn derive(
    system: &System,
    allowed: Allowed,
    missing: Vec<Missing>,
    progress: &Progress,
) -> Result<Rebuilt> {
    let has_live = is_live(system).await?;
    let work = Work::begin(system, has_live, &missing, progress).await?;
    let (mut taken, differences) = match has_live {
        true => work.compare(allowed).await?,
        false => (Vec::new(), None),
    };
    let (compared, differences) = differences.map_or((None, Vec::new()), |(n, found)| (Some(n), found));
    let mut rebuilt = Rebuilt {
        store: work.beside.names().store().to_owned(),
        before: system.store.names().store().to_owned(),
        in_force: false,
        messages: 0,
        missing,
        taken: Vec::new(),
        compared,
        differences,
    };
    if !rebuilt.differences.is_empty() && !allowed.differences {
        rebuilt.taken = taken;
        return Ok(rebuilt);
    }
    rebuilt.messages = work.work_off("the rest of the log", None).await?;
    if has_live {
        // With what was noted half-way.
        taken = work.account_for_taken(allowed).await?;
    }
    rebuilt.taken = taken;
    work.put_in_force(allowed).await?;
    rebuilt.in_force = true;
    Ok(rebuilt)
}

/// Whether there is a store that readers see, migrated with the files in force.
async fn is_live(system: &System) -> Result<bool> {
    let (contents, declared) = (
        system.store.contents_in_force().await?,
        system.in_force.declared(),
    );
    match contents {
        None => Ok(false),
        Some(hash) if hash == declared.contents.hash() => Ok(true),
        Some(_other) => bail!(
            "the store in force was made with other plan, feed, code list or schema files: run 'quarterday migrate' first, so that \
             its numbers can be compared"
        ),
    }
}

/// A store that is being derived beside another.
struct Work<'s> {
    system: &'s System,
    beside: Store,
    /// Beginnings of partitions that the log does not have any more.
    missing: Vec<Missing>,
    progress: &'s Progress,
}

impl<'s> Work<'s> {
    /// Goes on with the store that was begun, unless it is further than what readers see, or begins one.
    async fn begin(
        system: &'s System,
        has_live: bool,
        missing: &[Missing],
        progress: &'s Progress,
    ) -> Result<Self> {
        let declared = system.in_force.declared();
        let step = progress.step("tables and views");
        if has_live {
            // A switch that was cut off left them reading from stores that may be dropped.
            system.store.be_read_alone().await?;
            held_back::send(system, &system.store).await?;
        }
        loop {
            let beside = system.store.beside(declared.contents.hash()).await?;
            beside.migrate(&declared).await?;
            if !has_live || is_reached(&system.store, &beside).await? {
                step.done();
                return Ok(Work {
                    system,
                    beside,
                    missing: missing.to_vec(),
                    progress,
                });
            }
            // Nothing that readers saw can be compared with it.
            let name = beside.names().store();
            system.store.note_state(name, State::GivenUp, "").await?;
        }
    }

    /// Compares what readers see with the same derived again. Returns what the log has lost meanwhile, how many numbers were compared, and
    /// those that differ.
    async fn compare(&self, allowed: Allowed) -> Result<(Vec<Taken>, Option<Compared>)> {
        let shown = self.system.store.shown().await?;
        self.work_off("the log, up to what is shown", Some(&shown))
            .await?;
        let mut taken = Vec::new();
        let mut compared = (0, Vec::new());
        for _ in 0..COMPARISONS {
            // That took a while.
            let shown = self.system.store.shown().await?;
            self.work_off("what was shown meanwhile", Some(&shown)).await?;
            taken = self.account_for_taken(allowed).await?;
            self.refresh().await?;
            compared = comparison::run(&self.system.store, &self.beside, &shown, self.progress).await?;
            if compared.1.is_empty() {
                break;
            }
        }
        Ok((taken, Some(compared)))
    }

    /// What the log has lost out of its middle is refused, or noted.
    async fn account_for_taken(&self, allowed: Allowed) -> Result<Vec<Taken>> {
        let mut taken = self.beside.taken_since(&self.system.store).await?;
        // Beginnings of partitions are told by themselves.
        let is_before = |taken: &Taken, missing: &Missing| {
            (&taken.topic, taken.partition) == (&missing.topic, missing.partition)
                && taken.next <= missing.first
        };
        taken.retain(|taken| !self.missing.iter().any(|missing| is_before(taken, missing)));
        if !allowed.missing {
            missing::refuse_taken(&taken)?;
        }
        self.beside.note_taken(&taken).await?;
        Ok(taken)
    }

    /// Has readers see the new store, as soon as it has everything that they have seen.
    async fn put_in_force(&self, allowed: Allowed) -> Result<()> {
        self.refresh().await?;
        self.beside.prepare_to_be_in_force().await?;
        if let Err(error) = self.catch_up(allowed).await {
            if let Err(unheld) = self.system.store.hold(0).await {
                tracing::warn!(error = %unheld, "refreshes go on when the hold has run out, in a minute");
            }
            return Err(error);
        }
        let step = self.progress.step("switching readers over");
        let in_force = self.beside.put_in_force().await?;
        held_back::send(self.system, &in_force).await?;
        step.done();
        Ok(())
    }

    /// Brings the store beside to where readers are, who wait there for a moment.
    async fn catch_up(&self, allowed: Allowed) -> Result<()> {
        let began = Instant::now();
        for round in 0.. {
            // Looked at with the hold just begun, what is shown stays as it is until they see the other store.
            self.system.store.hold(HOLD_SECONDS).await?;
            if self.has_what_is_shown().await? {
                return Ok(());
            }
            // A round may be long, and is made while nothing new is shown: after it this store has what they see.
            if round >= ROUNDS && began.elapsed() > CATCH_UP_LIMIT {
                break;
            }
            self.while_held(async {
                self.work_off("what came meanwhile", None).await?;
                self.refresh().await
            })
            .await?;
        }
        never_catches_up(allowed)
    }

    /// Nothing new is shown until it is done.
    async fn while_held(&self, work: impl Future<Output = Result<()>>) -> Result<()> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = work.as_mut() => return done,
                () = tokio::time::sleep(HOLD_AGAIN) => self.system.store.hold(HOLD_SECONDS).await?,
            }
        }
    }

    /// Whether nothing that readers see, or are about to see, would be gone for a while.
    async fn has_what_is_shown(&self) -> Result<bool> {
        let (seen, derived) = (self.system.store.prepared().await?, self.beside.shown().await?);
        let topics = self.system.in_force.catalogue.topics();
        let mut seen = seen.iter().filter(|(place, _)| {
            let topic = place.rsplit_once('/').map_or(place.as_str(), |(topic, _)| topic);
            topics.contains(&topic)
        });
        Ok(seen.all(|(place, next)| derived.watermarks.get(place) >= Some(next)))
    }

    /// Works messages off, up to a watermark or to the end of the log.
    async fn work_off(&self, name: &str, shown: Option<&Shown>) -> Result<u64> {
        let mut ends = ends(&self.system.kafka, &self.system.in_force.catalogue).await?;
        if let Some(shown) = shown {
            bound(&mut ends, shown);
        }
        let parts = Parts {
            store: self.beside.clone(),
            task: Task::Rebuild(shown.map(|_| Arc::new(working::until(&ends)))),
            ..self.system.parts()
        };
        let step = self.progress.bar(name, 0);
        let worked_off = working::work_off(parts, &ends, &step).await?;
        step.done();
        Ok(worked_off)
    }

    async fn refresh(&self) -> Result<()> {
        let step = self.progress.step("measures");
        while self.beside.refresh_stale().await? > 0 {}
        step.done();
        Ok(())
    }
}

/// Readers would see less than before for a while, or for ever, where the log has lost its end.
fn never_catches_up(allowed: Allowed) -> Result<()> {
    let what = "the store beside does not catch up with what readers see";
    if !allowed.differences {
        bail!(
            "{what}, in {ROUNDS} rounds and {} seconds: nothing was switched. Run 'quarterday rebuild' again, which goes on where it was; with \
             --accept-differences readers are switched over all the same",
            CATCH_UP_LIMIT.as_secs()
        );
    }
    tracing::warn!("{what}: they may see less than before, for a moment");
    Ok(())
}

/// No partition is taken beyond what is shown of it.
fn bound(ends: &mut BTreeMap<TopicPartition, (i64, i64)>, shown: &Shown) {
    let is_shown = |topic: &str| topic != quarterday_kafka::decisions::TOPIC;
    for ((topic, partition), (low, end)) in ends.iter_mut().filter(|((topic, _), _)| is_shown(topic)) {
        *end = shown.next(topic, *partition).clamp(*low, (*end).max(*low));
    }
}

/// Waits until what readers see has everything that the store beside has.
async fn is_reached(live: &Store, beside: &Store) -> Result<bool> {
    let reached = beside.positions().await?;
    let began = Instant::now();
    loop {
        live.refresh_stale().await?;
        let shown = live.shown().await?;
        let mut counted = reached.iter().filter(|position| !position.record_type.is_empty());
        if counted.all(|position| shown.next(&position.topic, position.partition) >= position.next_offset) {
            return Ok(true);
        }
        if began.elapsed() > CATCH_UP_LIMIT {
            return Ok(false);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
