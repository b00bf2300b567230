//! A worker process killed at the worst places: with a block on its way, with a block inserted and nobody told, between insert
//! and commit. The next one works the same stretch off again; nothing is lost and nothing counts twice (I1, I2).

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Replay;
use super::replay::{Broker, own_feeds};
use super::trap::{Moment, Trap};
use crate::support::{Program, Running, shared};

/// Where workers are killed, one after the other.
const PLACES: [(&str, Moment); 4] = [
    ("log_", Moment::BeforeItArrives),
    ("log_", Moment::BeforeTheAnswer),
    ("positions", Moment::BeforeItArrives),
    // All is written, nothing is committed.
    ("positions", Moment::BeforeTheAnswer),
];
const LIMIT: Duration = Duration::from_secs(60);

/// The configuration of a worker that reaches ClickHouse through a trap. A dead worker's partitions are free soon.
pub fn configuration(directory: &Path, name: &str, broker: &Broker, clickhouse: &str) -> String {
    let feeds = directory.join("feeds.toml");
    fs::write(&feeds, own_feeds(name)).unwrap();
    format!(
        "[kafka]\nbrokers = '{}'\n[kafka.properties]\n'session.timeout.ms' = '6000'\n'heartbeat.interval.ms' = '1500'\n\
         [registry]\nurl = '{}'\n[clickhouse]\nurl = 'http://{clickhouse}'\ndatabase = 'replay_{name}'\n\
         [worker]\ngroup = '{name}'\nbatch_events = 500\nbatch_ms = 100\n[plan]\nfeeds = '{}'\n",
        broker.kafka.brokers,
        shared::endpoints().registry,
        feeds.display()
    )
}

fn worker(configuration: &Path) -> Running {
    Program::new(["ingest", "--config", configuration.to_str().unwrap()]).start()
}

pub async fn loses_nothing_and_counts_nothing_twice(broker: &Broker) {
    let name = broker.named("killed");
    let replay = Replay::prepare(&name, broker).await;
    replay.produce().await;
    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    let text = configuration(directory.path(), &name, broker, &trap.address.to_string());
    fs::write(&file, text).unwrap();

    for (table, moment) in PLACES {
        trap.set(table, moment);
        let running = worker(&file);
        let caught = tokio::time::timeout(LIMIT, springs.recv()).await;
        assert!(matches!(caught, Ok(Some(()))), "no insert into {table} was seen");
        running.kill_9();
    }
    let last = worker(&file);
    replay.work_off().await;
    replay.check().await;
    last.stop();
}
