//! Bringing measures up to date. What is stale is itself data: a record type whose positions are ahead of the watermark of
//! its newest refresh. So a worker killed between insert and refresh leaves nothing stale that another would not see.
//!
//! A refresh is prepared first: the records of which there are new messages are placed in the quarters that they have to do with
//! (`placings.sql`), and what the refresh has to compute again is noted (`prepare.sql`). Then ClickHouse computes those periods
//! (`refresh.sql`). Each step may be repeated, and several workers may do so at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use jiff::Timestamp;
use serde::Deserialize;

use crate::declared::RETURN_NOTICE;
use crate::sql::{self, literal};
use crate::{Error, Result, Store};

/// How long one refresh may take.
const REFRESH_LIMIT: Duration = Duration::from_secs(3600);

/// How much is done at once, of placing and of computing, where little is new: that is mostly planning, on one core.
const AT_ONCE: usize = 2;

/// From so many new messages on it is work, which is done one after the other: that takes no longer, and half of the memory.
const ONE_BY_ONE_FROM: u64 = 5_000;

/// From so many new messages on, placing all records, in the order of the log, is less work than looking the new ones up, and
/// needs no table of them in memory.
const PLACE_ALL_FROM: u64 = 1_000_000;

/// Placing all records of a type keeps one thread busy, so two types are placed at once; more was not tried.
const WHOLE_AT_ONCE: usize = 2;

/// The log is in the order of its records, so that placing them needs no table of them in memory. One thread takes no longer than
/// several; blocks of this size leave room for another type.
const IN_ORDER: &str = "SETTINGS optimize_aggregation_in_order = 1, max_threads = 1, max_block_size = 8192, \
     aggregation_in_order_max_block_bytes = 4000000, min_insert_block_size_bytes = 64000000";
/// As few of them in memory at a time as costs no time: what is placed between two refreshes may be tens of thousands.
const IN_SMALL_PIECES: &str = "SETTINGS optimize_aggregation_in_order = 1, aggregation_in_order_max_block_bytes = 1000000, \
     max_block_size = 2048, min_insert_block_size_bytes = 16000000";

/// A record type whose measures are not up to date.
#[derive(Debug, Deserialize)]
struct Stale {
    record_type: String,
    /// Topic/partition to next offset, of what is stored.
    positions: BTreeMap<String, u64>,
    /// The same of what is in the measures.
    watermark: BTreeMap<String, u64>,
    /// Definitions are others: every record is to be placed anew.
    whole: bool,
    /// Whether anything is counted from it.
    is_counted: bool,
    /// Whether records of it can count because of earlier ones.
    looks_back: bool,
    /// Hash of what makes its contributions.
    made_by: String,
    /// Hash of its definitions and the periods.
    definitions: String,
}

impl Store {
    /// Refreshes what is stale now, once; one record type that fails does not keep the others from theirs. Returns how many
    /// were refreshed.
    ///
    /// # Errors
    /// [`Error::UnderMigration`] while a migration is under way. As [`Store::execute`]: the first that failed, after all were tried. A refresh that failed inside ClickHouse is an error of
    /// the waiting.
    pub async fn refresh_stale(&self) -> Result<usize> {
        self.refuse_during_a_migration().await?;
        let mut refreshed = 0;
        let mut stale = self.stale().await?;
        // All others are computed from notices too.
        if stale.iter().any(|stale| stale.record_type == RETURN_NOTICE) {
            self.refresh_view(&self.names().refreshed_notices()).await?;
            refreshed += 1;
            stale = self.stale().await?;
            stale.retain(|stale| stale.record_type != RETURN_NOTICE);
        }
        if stale.is_empty() {
            return Ok(refreshed);
        }
        let (placed, failed) = self.place_all(stale).await?;
        if !placed.asked.is_empty() {
            self.prepare(&placed).await?;
            self.refresh_measures(&placed).await?;
            refreshed += placed.asked.len();
        }
        failed.map_or(Ok(refreshed), Err)
    }

    /// Whether a rebuild has refreshes wait: what is stale then stays so for a moment.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn is_held(&self) -> Result<bool> {
        #[derive(Deserialize)]
        struct Held {
            held: bool,
        }
        let sql = format!(
            "SELECT toBool(argMax(until, at) > now64(6, 'UTC')) AS held FROM {}.holds",
            self.names().store()
        );
        let held: Vec<Held> = self.rows("ask whether refreshes wait", &sql, &[]).await?;
        Ok(held.first().is_some_and(|held| held.held))
    }

    /// Places the records of these types and prepares a refresh of them, which is then not made.
    pub(crate) async fn place_types(&self, types: &BTreeSet<&str>) -> Result<()> {
        let mut stale = self.stale().await?;
        stale.retain(|stale| types.contains(stale.record_type.as_str()));
        // Logs that are views tell nobody of what arrives in them.
        for stale in &mut stale {
            stale.whole = true;
        }
        let (placed, failed) = self.place_all(stale).await?;
        failed.map_or(Ok(()), Err)?;
        self.prepare(&placed).await
    }

    /// Half-way through a migration, views and what they read are of two versions.
    pub(crate) async fn refuse_during_a_migration(&self) -> Result<()> {
        let sql = format!(
            "SELECT argMax(is_under_way, at) AS is_under_way, dateDiff('second', max(at), now64(6, 'UTC')) AS seconds \
             FROM {}.migrations",
            self.names().store()
        );
        let latest: Vec<Migration> = self.rows("look for a migration", &sql, &[]).await?;
        match latest.first() {
            Some(latest) if latest.is_under_way => Err(Error::UnderMigration {
                seconds: latest.seconds,
            }),
            _ => Ok(()),
        }
    }

    /// Places the records of which there are new messages. Returns what a refresh can take in, and the first error.
    async fn place_all(&self, stale: Vec<Stale>) -> Result<(Placed, Option<Error>)> {
        // Tells preparations apart; were two the same, each would do the other's work too.
        let stamp = Timestamp::now().as_microsecond().to_string();
        let new = stale
            .iter()
            .map(Stale::number_of_new)
            .fold(0, u64::saturating_add);
        let at_once = if new < ONE_BY_ONE_FROM { AT_ONCE } else { 1 };
        let placed_at_once = if stale.iter().all(|stale| stale.whole) {
            WHOLE_AT_ONCE
        } else {
            at_once
        };
        let (mut asked, mut failed) = (Vec::new(), None);
        let placing = stale.into_iter().map(|stale| self.place(stale, &stamp));
        let mut results = futures::stream::iter(placing).buffer_unordered(placed_at_once);
        while let Some(result) = results.next().await {
            match result {
                Ok(stale) => asked.push(stale),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        drop(results);
        let placed = Placed {
            stamp,
            asked,
            at_once,
        };
        Ok((placed, failed))
    }

    /// Record types with rows or notices that their newest refresh has not seen.
    async fn stale(&self) -> Result<Vec<Stale>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/stale.sql"));
        let mut stale: Vec<Stale> = self.rows("ask which measures are stale", &sql, &[]).await?;
        for stale in &mut stale {
            stale.whole |= stale.number_of_new() >= PLACE_ALL_FROM;
        }
        Ok(stale)
    }

    /// Places the records of one type in the quarters that they have to do with: those of which there are messages that its measures
    /// have not seen, or all.
    async fn place(&self, stale: Stale, stamp: &str) -> Result<Stale> {
        let new = stale.new_messages();
        if let Some(new) = &new {
            self.look_up_changed(new, stamp).await?;
        }
        if stale.is_counted && (stale.whole || new.is_some()) {
            let sql = format!(
                "INSERT INTO {}.contributions SELECT * FROM {}(whole = {}, stamp = {stamp}, places = {}, next_offsets = {}) {}",
                self.names().store(),
                self.names().placings(&stale.record_type),
                stale.whole,
                literal(&joined(stale.positions.keys())),
                literal(&joined(stale.positions.values())),
                if stale.whole { IN_ORDER } else { IN_SMALL_PIECES },
            );
            self.execute_patiently("place changed records", &sql).await?;
        }
        Ok(stale)
    }

    /// Lists the records of one type that these messages are about. One statement for each type: analysing all of their partitions in
    /// one takes more time, and a hundred megabytes.
    async fn look_up_changed(&self, new: &str, stamp: &str) -> Result<()> {
        let store = self.names().store();
        let sql = format!(
            "INSERT INTO {store}.changed (stamp, record_type, feed, partner, ref) \
             SELECT DISTINCT {stamp}, record_type, feed, partner, ref FROM {store}.arrivals WHERE {new}"
        );
        self.execute("look up changed records", &sql).await
    }

    async fn prepare(&self, placed: &Placed) -> Result<()> {
        let asked: Vec<String> = placed.asked.iter().map(Stale::asked).collect();
        let asked = format!(
            "CAST([{}], 'Array(Tuple(String, Map(String, UInt64), String, String))')",
            asked.join(", ")
        );
        let sql = if placed.asked.iter().any(|stale| stale.is_counted) {
            sql::cells::prepare(self.names(), &asked, &placed.stamp)
        } else {
            sql::cells::prepare_uncounted(self.names(), &asked)
        };
        self.execute("prepare a refresh", &sql).await
    }

    /// Has the measures of what was prepared computed.
    async fn refresh_measures(&self, placed: &Placed) -> Result<()> {
        let needed = |looks_back: bool| {
            let mut counted = placed.asked.iter().filter(|stale| stale.is_counted);
            counted.any(|stale| stale.looks_back == looks_back)
        };
        // Where measures are computed, those of which nothing is counted go with them.
        let uncounted = !needed(false) && placed.asked.iter().any(|stale| !stale.is_counted);
        let views = [
            (self.names().refreshed_look_backs(), needed(true)),
            (self.names().refreshed_measures(), needed(false)),
            (self.names().refreshed_uncounted(), uncounted),
        ];
        let refreshes = views.into_iter().map(|(view, is_needed)| async move {
            if is_needed {
                self.refresh_view(&view).await
            } else {
                Ok(())
            }
        });
        let mut results = futures::stream::iter(refreshes).buffer_unordered(placed.at_once);
        let mut done = Ok(());
        while let Some(result) = results.next().await {
            done = done.and(result);
        }
        done
    }

    /// Has ClickHouse refresh a view, and waits for it. Several callers at once do no harm: it runs one refresh of a view at a
    /// time.
    pub(crate) async fn refresh_view(&self, view: &str) -> Result<()> {
        self.execute("start a refresh", &format!("SYSTEM REFRESH VIEW {view}"))
            .await?;
        let wait = format!("SYSTEM WAIT VIEW {view}");
        let began = Instant::now();
        loop {
            match self.execute("wait for a refresh", &wait).await {
                // Large ones take long; the connection may be dead as well.
                Err(Error::Away {
                    source: clickhouse::error::Error::TimedOut,
                    ..
                }) if began.elapsed() < REFRESH_LIMIT => {}
                done => return done,
            }
        }
    }
}

/// With blanks between; a zero if there are none.
fn joined<T: ToString>(each: impl Iterator<Item = T>) -> String {
    let each: Vec<String> = each.map(|each| each.to_string()).collect();
    if each.is_empty() {
        "0".to_owned()
    } else {
        each.join(" ")
    }
}

/// The latest beginning or end of a migration.
#[derive(Deserialize)]
struct Migration {
    is_under_way: bool,
    seconds: i64,
}

/// Record types whose records are placed.
struct Placed {
    stamp: String,
    asked: Vec<Stale>,
    /// How much of computing them is done at once.
    at_once: usize,
}

impl Stale {
    /// How many messages are stored and not in the measures.
    fn number_of_new(&self) -> u64 {
        let positions = self.positions.iter();
        let new = positions
            .map(|(place, next)| next.saturating_sub(self.watermark.get(place).copied().unwrap_or(0)));
        new.fold(0, u64::saturating_add)
    }

    /// The condition for messages that are stored and not in the measures; `None` if there are none, or if every record is placed.
    fn new_messages(&self) -> Option<String> {
        if self.whole || !self.is_counted {
            return None;
        }
        let each = self.positions.iter().filter_map(|(place, next)| {
            let first = self.watermark.get(place).copied().unwrap_or(0);
            let (topic, partition) = place.rsplit_once('/')?;
            (*next > first).then(|| {
                format!(
                    "(record_type = {} AND topic = {} AND kafka_partition = {partition} AND kafka_offset >= {first} \
                     AND kafka_offset < {next})",
                    literal(&self.record_type),
                    literal(topic)
                )
            })
        });
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| each.join(" OR "))
    }

    /// The record type and what its measures will be made of.
    fn asked(&self) -> String {
        let pairs = self.positions.iter();
        let pairs: Vec<String> = pairs
            .map(|(place, next)| format!("{}, {next}", literal(place)))
            .collect();
        format!(
            "({}, map({}), {}, {})",
            literal(&self.record_type),
            pairs.join(", "),
            literal(&self.made_by),
            literal(&self.definitions)
        )
    }
}
