//! Workers of different code lists, of which one sleeps beyond its session with a block in hand, which something between it and ClickHouse
//! holds: its successor has put the message aside when the block arrives. The certificate says so, and a store that is derived again has
//! what Kafka has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use quarterday::certificate::{Certificate, Number, Wanted};
use quarterday::produce::Producing;
use quarterday::system::System;
use quarterday_store::Store;
use tokio::sync::mpsc;

use super::outcomes::{SPELLINGS, configuration, incident, references, write_codes};
use super::replay::{Broker, LIMIT};
use super::{Replay, books};
use crate::support::trap::{Moment, Trap};
use crate::support::{Program, Running, shared, wait_until};

const LOOK_EVERY: Duration = Duration::from_millis(100);

pub async fn are_told_and_mended(broker: &Broker) {
    let name = broker.named("both");
    let replay = Replay::prepare(&name, broker).await;
    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let directory = tempfile::tempdir().unwrap();
    let worker = |known: &str, clickhouse: &str| -> (Running, PathBuf) {
        let own = directory.path().join(known.replace(' ', "-"));
        fs::create_dir(&own).unwrap();
        let (file, codes) = (own.join("quarterday.toml"), own.join("codes.toml"));
        let text = configuration(&own, &name, broker, clickhouse);
        fs::write(&file, format!("{text}codes = '{}'\n", codes.display())).unwrap();
        write_codes(&codes, known);
        let call = |command| Program::new([command, "--config", file.to_str().unwrap()]);
        tokio::task::block_in_place(|| call("migrate").text());
        (call("ingest").start(), file)
    };

    let producing = Producing::new(&replay.system).await.unwrap();
    trap.set("log_", Moment::UntilReleased);
    let (mut sleeper, _) = worker(SPELLINGS[0], &trap.address.to_string());
    producing
        .send(vec![incident(&producing, SPELLINGS[0], "VIOLENT-INCIDENT")])
        .await
        .unwrap();
    let caught = tokio::time::timeout(LIMIT, springs.recv()).await;
    assert!(matches!(caught, Ok(Some(()))), "the sleeper has written nothing");
    sleeper.signal("STOP");
    let (successor, file) = worker(SPELLINGS[1], &shared::clickhouse_address());
    replay.work_off().await;
    assert_eq!(books::balance(&replay.system).await, (0, 1));

    trap.release();
    sleeper.signal("CONT");
    let store = &replay.system.store;
    let arrived = async {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        while references(store, "log_cctv_incident").await.is_empty() {
            looks.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, arrived).await.unwrap();
    let problems = problems(&replay.system, store).await;
    assert!(
        matches!(&problems[..], [one] if one.starts_with("1 offsets have two outcomes") && one.contains("rebuild")),
        "{problems:?}"
    );
    tokio::task::block_in_place(|| {
        // It ends by itself: its files are not in force any more.
        wait_until("the sleeper notices", LIMIT, || {
            sleeper.said("made with other plan")
        });
        sleeper.kill_9();
        successor.stop();
    });
    store.refresh_stale().await.unwrap();
    derived_again(&replay.system, &file).await;
}

/// What does not hold of the books of this store.
async fn problems(system: &System, store: &Store) -> Vec<String> {
    let system = System {
        store: store.clone(),
        ..system.clone()
    };
    let wanted = Wanted::new(&system, Some("cctv-incidents"), None).unwrap();
    let certificate = Certificate::draw_up(&system, &wanted).await.unwrap();
    assert!(certificate.measures.iter().all(Number::holds));
    let problems = certificate.partitions.iter().flat_map(|line| line.problems());
    problems.collect()
}

/// The message is in quarantine, as the topic has it.
async fn derived_again(system: &System, file: &Path) {
    let rebuild = Program::new(["rebuild", "--format", "json", "--config", file.to_str().unwrap()]);
    let rebuilt = tokio::task::block_in_place(|| rebuild.json());
    assert_eq!(rebuilt[0]["in_force"], true, "{rebuilt}");
    let derived = system.store.in_force().await.unwrap();
    assert_ne!(derived.names().store(), system.store.names().store());
    let system = System {
        store: derived,
        ..system.clone()
    };
    assert_eq!(books::balance(&system).await, (0, 1));
}
