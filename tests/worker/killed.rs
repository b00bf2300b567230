//! A worker process killed at the worst places: with a block on its way, with a block inserted and nobody told, between insert
//! and commit. The next one works the same stretch off again; nothing is lost and nothing counts twice (I1, I2).

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Replay;
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
fn configuration(directory: &Path, clickhouse: &str) -> String {
    let system = shared::endpoints();
    let feeds = directory.join("feeds.toml");
    fs::write(&feeds, super::replay::own_feeds("killed")).unwrap();
    format!(
        "[kafka]\nbrokers = '{}'\n[kafka.properties]\n'session.timeout.ms' = '6000'\n'heartbeat.interval.ms' = '1500'\n\
         [registry]\nurl = '{}'\n[clickhouse]\nurl = 'http://{clickhouse}'\ndatabase = 'replay_killed'\n\
         [worker]\ngroup = 'killed'\nbatch_events = 500\nbatch_ms = 100\n[plan]\nfeeds = '{}'\n",
        system.kafka,
        system.registry,
        feeds.display()
    )
}

fn worker(configuration: &Path) -> Running {
    Program::new(["ingest", "--config", configuration.to_str().unwrap()]).start()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_process_loses_nothing_and_counts_nothing_twice() {
    let replay = Replay::prepare("killed", shared::kafka(), shared::registry(), 1).await;
    replay.produce().await;
    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    fs::write(&file, configuration(directory.path(), &trap.address.to_string())).unwrap();

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
