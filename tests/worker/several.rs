//! Several worker processes of one group: some join and leave under load, one is paused beyond its session and goes on as if
//! nothing had been. Nothing is lost and nothing counts twice (I1, I2).

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio::sync::watch;

use super::Replay;
use super::killed::configuration;
use super::replay::Broker;
use crate::support::{Program, Running, shared, wait_until};

/// Longer than the session of the workers, and what a busy machine needs besides.
const LIMIT: Duration = Duration::from_secs(90);

fn worker(configuration: &Path) -> Running {
    Program::new(["ingest", "--config", configuration.to_str().unwrap()]).start()
}

pub async fn join_leave_and_sleep(broker: &Broker) {
    let name = broker.named("several");
    let replay = Replay::prepare(&name, broker).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    let clickhouse = shared::endpoints().clickhouse.trim_start_matches("http://");
    fs::write(&file, configuration(directory.path(), &name, broker, clickhouse)).unwrap();

    let (told, mut acknowledged) = watch::channel(0);
    let producing = replay.produce_watched(|count| {
        told.send_replace(count);
    });
    let mut sleeper = worker(&file);
    let leaver = worker(&file);
    let coming_and_going = async {
        let _ = acknowledged.wait_for(|count| *count >= 5_000).await;
        let third = worker(&file);
        let _ = acknowledged.wait_for(|count| *count >= 15_000).await;
        // In the middle of whatever it does.
        sleeper.signal("STOP");
        let _ = acknowledged.wait_for(|count| *count >= 25_000).await;
        tokio::task::block_in_place(|| leaver.stop());
        let fourth = worker(&file);
        (sleeper, third, fourth)
    };
    let ((), (mut sleeper, third, fourth)) = tokio::join!(producing, coming_and_going);
    // Without the sleeper: the others have its partitions.
    replay.work_off().await;
    sleeper.signal("CONT");
    tokio::task::block_in_place(|| {
        wait_until("the sleeper notices that its partitions were lost", LIMIT, || {
            sleeper.said("\"lost\":true")
        });
    });
    replay.work_off().await;
    replay.check().await;
    for worker in [sleeper, third, fourth] {
        tokio::task::block_in_place(|| worker.stop());
    }
    // What they wrote while they stopped changes nothing.
    replay.check().await;
}
