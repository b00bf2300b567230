//! A system under fault: a database and topics of its own, workers as processes, and the judge.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use quarterday::certificate::{Certificate, Wanted};
use quarterday::setup;
use quarterday::system::System;
use quarterday_ingest::{ends, wait_until_stored};
use quarterday_kafka::quarantine;
use quarterday_store::{Breakdown, MeasureRow, Settings, Store};
use serde::Deserialize;

use super::files;
use super::traffic::{Log, Place, Traffic};
use crate::oracle::compare;
use crate::oracle::model::values::Model;
use crate::oracle::model::world::World;
use crate::oracle::periods::PERIODS;
use crate::oracle::product::Product;
use crate::oracle::records::Message;
use crate::support::{Program, Running, shared};
use crate::worker::Broker;

/// How long workers may need to recover.
const LIMIT: Duration = Duration::from_secs(240);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The last two are of no view.
const KEPT: usize = PERIODS.len() - 2;

pub struct Field {
    pub name: String,
    pub system: System,
    pub traffic: Traffic,
    pub directory: tempfile::TempDir,
    /// How many workers were started.
    started: AtomicUsize,
}

/// What was wrong.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Acknowledged messages without an outcome.
    pub lost: usize,
    /// Offsets with two outcomes.
    pub double: usize,
}

#[derive(Deserialize)]
struct Rejected {
    topic: String,
    kafka_partition: i32,
    kafka_offset: i64,
    stage: String,
}

impl Field {
    /// `what` tells histories of one seed apart.
    pub async fn prepare(test: &str, broker: &Broker, what: u8, partners: usize) -> Self {
        let name = broker.named(test);
        let directory = tempfile::tempdir().unwrap();
        let system = System {
            in_force: files::in_force(directory.path(), &name, partners),
            kafka: broker.kafka.clone(),
            partitions: 3,
            replication: broker.replication,
            registry: shared::registry(),
            store: Store::new(&Settings {
                database: format!("faults_{name}"),
                ..shared::clickhouse()
            }),
        };
        setup::topics_and_schemas(&system).await.unwrap();
        setup::store(&system).await.unwrap();
        let traffic = Traffic::new(&system, &name, what, partners).await;
        Field::of(&name, system, traffic, directory)
    }

    pub fn of(name: &str, system: System, traffic: Traffic, directory: tempfile::TempDir) -> Self {
        Field {
            name: name.to_owned(),
            system,
            traffic,
            directory,
            started: AtomicUsize::new(0),
        }
    }

    /// Starts a worker process that reaches ClickHouse at this address.
    pub fn worker(&self, clickhouse: &str) -> Running {
        self.worker_with(clickhouse, "")
    }

    /// The same, with more in its configuration.
    pub fn worker_with(&self, clickhouse: &str, more: &str) -> Running {
        let file = self.configuration(clickhouse, more);
        Program::new(["ingest", "--config", file.to_str().unwrap()]).start()
    }

    /// Derives its store again through this address of ClickHouse.
    pub fn rebuild(&self, clickhouse: &str) -> Program {
        let file = self.configuration(clickhouse, "");
        let call = ["rebuild", "--format", "json", "--config"];
        Program::new(call.into_iter().chain(file.to_str()))
    }

    fn configuration(&self, clickhouse: &str, more: &str) -> PathBuf {
        let directory = self.directory.path();
        let text = format!(
            "[kafka]\nbrokers = '{}'\n[kafka.properties]\n'session.timeout.ms' = '6000'\n'heartbeat.interval.ms' = '1500'\n\
             'topic.metadata.refresh.interval.ms' = '1000'\n'max.poll.interval.ms' = '10000'\n\
             [registry]\nurl = '{}'\n[clickhouse]\nurl = 'http://{clickhouse}'\ndatabase = 'faults_{}'\n\
             [worker]\ngroup = '{}'\nbatch_events = 200\nbatch_ms = 100\npause_after_ms = 1000\nfetch_ahead_kib = 1024\n{}{more}",
            self.system.kafka.brokers,
            shared::endpoints().registry,
            self.name,
            self.name,
            files::section(directory)
        );
        // One that starts may still be reading another's.
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let file = directory.join(format!("worker-{number}.toml"));
        fs::write(&file, text).unwrap();
        file
    }

    /// Waits until the workers have done everything that is in Kafka, and gives how long that took.
    pub async fn recovered(&self) -> Duration {
        let began = Instant::now();
        let recovered = tokio::time::timeout(LIMIT, self.recover()).await;
        recovered.unwrap_or_else(|_| panic!("workers have not recovered after {LIMIT:?}"));
        began.elapsed()
    }

    async fn recover(&self) {
        let System {
            kafka,
            store,
            in_force,
            ..
        } = &self.system;
        let ends = ends(kafka, &in_force.catalogue).await.unwrap();
        wait_until_stored(&ends, store, |_| ()).await.unwrap();
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            let shown = store.shown().await.unwrap();
            let is_shown = |((topic, partition), (_, high)): (&(String, i32), &(i64, i64))| {
                !topic.starts_with(&self.name) || shown.next(topic, *partition) >= *high
            };
            if ends.iter().all(is_shown) {
                return;
            }
        }
    }

    /// The books balance, nothing that was acknowledged is missing, and every measure is that of the model.
    pub async fn check(&self) -> Verdict {
        let wanted = Wanted::new(&self.system, None, None).unwrap();
        let certificate = Certificate::draw_up(&self.system, &wanted).await.unwrap();
        let lines = certificate.partitions.iter();
        let wrong: Vec<_> = lines
            .filter(|line| !line.holds)
            .map(|line| (&line.books, line.problems()))
            .collect();
        let numbers: Vec<_> = certificate
            .measures
            .iter()
            .filter(|measure| !measure.holds())
            .collect();
        assert!(
            certificate.holds,
            "the books do not balance: {wrong:?} {numbers:?}"
        );
        assert!(
            certificate.placed.iter().all(|placed| placed.is_same),
            "{:?}",
            certificate.placed
        );
        let double = certificate
            .partitions
            .iter()
            .map(|line| line.books.twice)
            .sum::<u64>();
        assert_eq!(self.aside_again().await, Vec::<Place>::new(), "put aside twice");
        let log = self.traffic.read(&self.system.kafka, &self.name).await;
        let there: BTreeSet<&Place> = log
            .messages
            .iter()
            .map(|(place, _)| place)
            .chain(&log.bad)
            .collect();
        let lost = self
            .traffic
            .acknowledged
            .iter()
            .filter(|place| !there.contains(place))
            .count();
        self.compare(&self.accepted(log).await).await;
        Verdict {
            lost,
            double: usize::try_from(double).unwrap(),
        }
    }

    /// Messages that lie in quarantine more than once: a worker looks up what one before it has put aside.
    async fn aside_again(&self) -> Vec<Place> {
        let (kafka, name) = (self.system.kafka.clone(), format!("{}.", self.name));
        let read = move || {
            let (mut aside, mut again) = (BTreeSet::new(), Vec::new());
            quarantine::read_all(&kafka, quarantine::TOPIC, None, |_, parsed| {
                let Ok(parsed) = parsed else { return };
                let original = parsed.original;
                let place = (original.topic, original.partition, original.offset);
                if place.0.starts_with(&name) && !aside.insert(place.clone()) {
                    again.push(place);
                }
            })
            .unwrap();
            again
        };
        tokio::task::spawn_blocking(read).await.unwrap()
    }

    async fn compare(&self, log: &[Message]) {
        let world = World::new(log, self.traffic.partners);
        let model = Model::new(&world);
        let rows = self.system.store.measures_kept(None).await.unwrap();
        let mut by_level: BTreeMap<(&str, u8), Vec<MeasureRow>> = BTreeMap::new();
        for row in &rows {
            let level = u8::from(row.ward.is_some()) + 2 * u8::from(row.partner.is_some());
            by_level
                .entry((&row.period, level))
                .or_default()
                .push(row.clone());
        }
        let mut wrong = Vec::new();
        for period in &PERIODS[..KEPT] {
            for (level, by) in [Breakdown::Total, Breakdown::Ward, Breakdown::Partner]
                .into_iter()
                .enumerate()
            {
                let rows = by_level
                    .remove(&(period.id, u8::try_from(level).unwrap()))
                    .unwrap_or_default();
                wrong.extend(compare::mismatches_of(&rows, &model, *period, by));
            }
        }
        let told: Vec<String> = wrong.iter().take(8).map(ToString::to_string).collect();
        assert!(
            wrong.is_empty(),
            "{} rows are wrong\n{}",
            wrong.len(),
            told.join("\n")
        );
        let outcomes = compare::compare_outcomes(&Product::of(self.system.store.clone()), log).await;
        assert_eq!(outcomes, None);
    }

    /// What Kafka has, and was accepted.
    pub async fn log(&self) -> Vec<Message> {
        self.accepted(self.traffic.read(&self.system.kafka, &self.name).await)
            .await
    }

    /// The messages of the log that were accepted. Those that nobody can read were not, and of what was said twice both or none.
    async fn accepted(&self, log: Log) -> Vec<Message> {
        let sql = format!(
            "SELECT topic, kafka_partition, kafka_offset, toString(stage) AS stage FROM {}.rejected FINAL",
            self.system.store.names().store()
        );
        let rejected: Vec<Rejected> = self.system.store.rows("read rejected", &sql, &[]).await.unwrap();
        let rejected: BTreeMap<Place, String> = rejected
            .into_iter()
            .map(|row| ((row.topic, row.kafka_partition, row.kafka_offset), row.stage))
            .collect();
        assert!(
            log.bad.iter().all(|place| rejected.contains_key(place)),
            "bad messages were accepted"
        );
        let unplanned = rejected.iter().filter(|(place, _)| !log.bad.contains(place));
        // What a fault can do to a good message is not that its contents are refused.
        let misread: Vec<_> = unplanned.clone().filter(|(_, stage)| *stage != "check").collect();
        assert!(misread.is_empty(), "good messages were not read: {misread:?}");
        let unplanned = unplanned.count();
        assert!(
            // A history of few messages may begin with some.
            unplanned <= 5 + log.messages.len() / 20,
            "{unplanned} messages of the history were rejected: {:?}",
            self.reasons().await
        );
        let mut verdicts: BTreeMap<String, bool> = BTreeMap::new();
        let mut accepted = Vec::new();
        for (place, message) in log.messages {
            let is_rejected = rejected.contains_key(&place);
            let said = format!(
                "{:?}",
                Message {
                    partition: 0,
                    offset: 0,
                    ..message.clone()
                }
            );
            assert_eq!(
                *verdicts.entry(said).or_insert(is_rejected),
                is_rejected,
                "{message:?}"
            );
            if !is_rejected {
                accepted.push(message);
            }
        }
        accepted
    }

    /// Why messages were rejected.
    async fn reasons(&self) -> Vec<serde_json::Value> {
        let sql = format!(
            "SELECT feed, reason, field, any(detail) AS detail, count() AS n FROM {}.rejected FINAL GROUP BY ALL ORDER BY n DESC LIMIT 12",
            self.system.store.names().store()
        );
        self.system.store.rows("read reasons", &sql, &[]).await.unwrap()
    }
}
