//! The Review of 2014/15, replayed through a given broker into a database of its own.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use quarterday::builtin::InForce;
use quarterday::monitoring::{MetricsSettings, Monitoring, Serving};
use quarterday::produce::Producing;
use quarterday::settings::PlanFiles;
use quarterday::system::System;
use quarterday::{setup, synthetic};
use quarterday_ingest::{Backlog, Parts, Worker, WorkerSettings, wait_until_worked_off};
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::positions::Positions;
use quarterday_store::{Breakdown, Settings, Store};
use tokio::sync::watch;

use super::books;
use crate::support::{shared, wait_until};

const SEED: u64 = 11;
pub const LIMIT: Duration = Duration::from_secs(120);

/// A Kafka under test.
pub struct Broker {
    pub kafka: KafkaSettings,
    /// Copies of each partition.
    pub replication: i32,
    /// Keeps the databases of the tests apart.
    name: &'static str,
}

impl Broker {
    pub fn new(name: &'static str, kafka: KafkaSettings, replication: i32) -> Self {
        Broker {
            kafka,
            replication,
            name,
        }
    }

    /// The embedded broker of the shared system.
    pub fn embedded() -> Self {
        Broker::new("embedded", shared::kafka(), 1)
    }

    /// A test's own name on this broker.
    pub fn named(&self, test: &str) -> String {
        format!("{test}_{}", self.name)
    }
}

/// A system whose Kafka is the one under test; ClickHouse is the shared engine.
pub struct Replay {
    pub system: System,
    settings: WorkerSettings,
}

impl Replay {
    pub async fn prepare(name: &str, broker: &Broker) -> Self {
        let store = Store::new(&Settings {
            database: format!("replay_{name}"),
            ..shared::clickhouse()
        });
        let in_force = with_own_topics(name);
        let system = System {
            in_force,
            kafka: broker.kafka.clone(),
            partitions: 3,
            replication: broker.replication,
            registry: shared::registry(),
            store,
        };
        setup::topics_and_schemas(&system).await.unwrap();
        setup::store(&system).await.unwrap();
        let settings = WorkerSettings {
            group: name.to_owned(),
            batch_events: 4_000,
            batch_ms: 500,
            ..WorkerSettings::default()
        };
        Replay { system, settings }
    }

    pub fn worker(&self) -> Worker {
        Worker::start(self.system.parts(), &self.settings).unwrap()
    }

    /// A worker with other parts that counts, and where that is served.
    pub async fn watched_worker(&self, change: impl FnOnce(&mut Parts)) -> (Worker, Serving) {
        let settings = MetricsSettings {
            listen: Some("127.0.0.1:0".to_owned()),
            probe_ms: 0,
        };
        let monitoring = Monitoring::where_set(&settings).await.unwrap().unwrap();
        let mut parts = self.system.parts();
        parts.observed = monitoring.observed(&self.system.in_force.catalogue).unwrap();
        change(&mut parts);
        let worker = Worker::start(parts, &self.settings).unwrap();
        let serving = monitoring.serve(watch::channel(worker.health()).1);
        (worker, serving)
    }

    pub fn settings(&self) -> &WorkerSettings {
        &self.settings
    }

    /// A worker with other settings.
    pub fn worker_with(&self, change: impl FnOnce(&mut WorkerSettings)) -> Worker {
        let mut settings = self.settings.clone();
        change(&mut settings);
        Worker::start(self.system.parts(), &settings).unwrap()
    }

    /// Has a worker of another group consume everything from the beginning, as after crashes before every position was noted.
    pub async fn consume_again(&self) {
        let positions = format!("TRUNCATE TABLE {}.positions", self.system.store.names().store());
        self.system
            .store
            .execute("forget positions", &positions)
            .await
            .unwrap();
        let group = format!("{}-again", self.settings.group);
        let settings = WorkerSettings {
            group: group.clone(),
            ..self.settings.clone()
        };
        let worker = Worker::start(self.system.parts(), &settings).unwrap();
        let (kafka, catalogue) = (self.system.kafka.clone(), self.system.in_force.catalogue.clone());
        let all_committed = move || {
            let positions = Positions::new(&kafka, &group).unwrap();
            wait_until("the other group has consumed everything", LIMIT, || {
                positions
                    .read(&catalogue.topics())
                    .unwrap()
                    .values()
                    .all(|p| p.lag() == 0)
            });
        };
        tokio::task::spawn_blocking(all_committed).await.unwrap();
        worker.stop().await.unwrap();
        self.system.store.refresh_stale().await.unwrap();
    }

    pub async fn produce(&self) {
        self.produce_watched(|_| ()).await;
    }

    /// Tells `acknowledged` how many statements Kafka has, as it goes on.
    pub async fn produce_watched(&self, acknowledged: impl Fn(usize)) {
        let producing = Producing::new(&self.system).await.unwrap();
        producing
            .all(&synthetic::review(SEED), acknowledged)
            .await
            .unwrap();
    }

    pub async fn work_off(&self) {
        let System {
            kafka,
            store,
            in_force,
            ..
        } = &self.system;
        wait_until_worked_off(kafka, store, &in_force.catalogue, |_| ())
            .await
            .unwrap();
    }

    /// Messages without an outcome in the store.
    pub async fn backlog(&self) -> u64 {
        let system = &self.system;
        let backlog = Backlog::now(&system.kafka, &system.store, &system.in_force.catalogue).await;
        backlog.unwrap().left
    }

    /// Every published figure, as computed; each agrees with its print.
    pub async fn figures(&self) -> Vec<(String, Option<f64>)> {
        let (mut figures, mut read) = (Vec::new(), BTreeMap::new());
        for figure in self.system.in_force.plans.iter().flat_map(|plan| &plan.figures) {
            if let Entry::Vacant(entry) = read.entry(figure.period) {
                let rows = self.system.store.measures(&figure.period, None, Breakdown::Total);
                entry.insert(rows.await.unwrap());
            }
            let mut rows = read[&figure.period].iter();
            let value = rows.find(|row| row.id == figure.id).unwrap().value;
            assert_ne!(
                figure.check.passes(value),
                Some(false),
                "{} {} {value:?}",
                figure.id,
                figure.printed
            );
            figures.push((figure.id.clone(), value));
        }
        figures
    }

    /// Everything is there, once: the books balance and the figures are right.
    pub async fn check(&self) -> Vec<(String, Option<f64>)> {
        let statements = synthetic::review(SEED);
        let bad = synthetic::Summary::of(&statements).bad;
        let (accepted, rejected) = books::balance(&self.system).await;
        assert_eq!((accepted, rejected), (statements.len() - bad, bad));
        books::are_the_same_in_portions(&self.system).await;
        self.figures().await
    }
}

/// The built-in plan with topics of this test's own, so that tests can share a broker.
fn with_own_topics(name: &str) -> InForce {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("feeds.toml");
    std::fs::write(&file, own_feeds(name)).unwrap();
    InForce::load(&PlanFiles {
        feeds: Some(file),
        ..PlanFiles::default()
    })
    .unwrap()
}

/// The built-in feeds file with topics `<name>.<feed>`.
pub fn own_feeds(name: &str) -> String {
    let feeds = include_str!("../../schemas/plans/feeds.toml");
    let mut own = String::new();
    let mut in_feed = false;
    for line in feeds.lines() {
        in_feed = if line.starts_with("[[") {
            line == "[[feed]]"
        } else {
            in_feed
        };
        own.push_str(line);
        own.push('\n');
        if let Some(feed) = line.strip_prefix("name = ").filter(|_| in_feed) {
            own.push_str(&format!("topic = \"{name}.{}\n", &feed[1..]));
            in_feed = false;
        }
    }
    own
}
