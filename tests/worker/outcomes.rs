//! A message gets one outcome, whatever changes in between: a worker that was killed before it noted how far it was has decided, in
//! the quarantine topic and in the version log, and the next worker keeps to that though its code lists are others. And a store that
//! is lost is made again by the same group, whose offsets say that there is nothing to do.

use std::fs;
use std::path::Path;

use quarterday::builtin::InForce;
use quarterday::certificate::{Certificate, Wanted};
use quarterday::produce::Producing;
use quarterday::system::System;
use quarterday_ingest::Error;
use quarterday_kafka::producer::Record;
use quarterday_store::Store;
use serde_json::Value;
use tokio::sync::mpsc;

use super::replay::{Broker, own_feeds};
use super::{Replay, books, certified};
use crate::support::trap::{Moment, Trap};
use crate::support::{Program, cctv_incident, shared};

const FEED: &str = "cctv-incidents";

/// A spelling that the first code list knows, and one that the second knows.
pub const SPELLINGS: [&str; 2] = ["Violent incident", "Affray"];

/// A spelling that both know, each as another kind.
const ELSEWHERE: &str = "Vandalism";

pub async fn are_kept_whatever_changes(broker: &Broker) {
    let name = broker.named("outcomes");
    let replay = Replay::prepare(&name, broker).await;
    let system = &replay.system;
    let producing = Producing::new(system).await.unwrap();
    let sent = SPELLINGS.iter().chain([&ELSEWHERE]);
    let sent = sent.map(|spelling| incident(&producing, spelling, &reference(spelling)));
    producing.send(sent.collect()).await.unwrap();

    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    let codes = directory.path().join("codes.toml");
    let text = configuration(directory.path(), &name, broker, &trap.address.to_string());
    fs::write(&file, format!("{text}codes = '{}'\n", codes.display())).unwrap();

    write_codes(&codes, "");
    trap.set("positions", Moment::BeforeItArrives);
    let first = Program::new(["ingest", "--config", file.to_str().unwrap()]).start();
    let caught = tokio::time::timeout(super::replay::LIMIT, springs.recv()).await;
    assert!(matches!(caught, Ok(Some(()))), "no position was noted");
    first.kill_9();

    // By these the first message would be refused, the second taken, and the third be another.
    write_codes(&codes, SPELLINGS[1]);
    let worker = ["ingest", "--config", file.to_str().unwrap()];
    let refused = tokio::task::block_in_place(|| Program::new(worker).fails());
    assert!(
        refused.contains("made with other plan, feed, code list"),
        "{refused}"
    );
    let migrate = Program::new(["migrate", "--config", file.to_str().unwrap()]);
    tokio::task::block_in_place(|| migrate.text());
    let second = Program::new(worker).start();
    replay.work_off().await;
    assert_eq!(books::balance(system).await, (2, 1));
    assert_eq!(
        references(&replay.system.store, "log_cctv_incident").await,
        [ELSEWHERE, SPELLINGS[0]].map(reference)
    );
    assert_eq!(kinds(&replay.system.store).await, ["DAMAGE", "VIOLENCE"]);
    assert_eq!(
        references(&replay.system.store, "rejected").await,
        [SPELLINGS[1]].map(reference)
    );
    second.stop();
}

/// As which incidents they were taken, duplicates and all.
async fn kinds(store: &Store) -> Vec<String> {
    let sql = format!(
        "SELECT incident_type FROM {}.log_cctv_incident ORDER BY incident_type",
        store.names().store()
    );
    let rows: Vec<Value> = store.rows("read kinds", &sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| row["incident_type"].as_str().unwrap().to_owned())
        .collect()
}

/// The configuration of a worker that reaches ClickHouse here. A dead worker's partitions are free soon.
pub fn configuration(directory: &Path, name: &str, broker: &Broker, clickhouse: &str) -> String {
    let feeds = directory.join("feeds.toml");
    fs::write(&feeds, own_feeds(name)).unwrap();
    format!(
        "[kafka]\nbrokers = '{}'\n[kafka.properties]\n'session.timeout.ms' = '6000'\n'heartbeat.interval.ms' = '1500'\n\
         [registry]\nurl = '{}'\n[clickhouse]\nurl = 'http://{clickhouse}'\ndatabase = 'replay_{name}'\n\
         [worker]\ngroup = '{name}'\nbatch_ms = 100\n[plan]\nfeeds = '{}'\n",
        broker.kafka.brokers,
        shared::endpoints().registry,
        feeds.display()
    )
}

/// The shipped code lists, in which one of the spellings is known.
pub fn write_codes(file: &Path, known: &str) {
    let codes = include_str!("../../schemas/plans/codes.toml");
    let alias = format!("\"{}\" = \"VIOLENCE\"\n", SPELLINGS[0]);
    assert!(codes.contains(&alias));
    let other = codes
        .replace(&alias, &format!("\"{known}\" = \"VIOLENCE\"\n"))
        .replace("\"Vandalism\" = \"DAMAGE\"", "\"Vandalism\" = \"OTHER\"");
    fs::write(file, if known.is_empty() { codes.to_owned() } else { other }).unwrap();
}

pub fn reference(spelling: &str) -> String {
    spelling.replace(' ', "-").to_uppercase()
}

pub fn incident(producing: &Producing, spelling: &str, reference: &str) -> Record {
    let mut record = cctv_incident(reference, "E07000116");
    record["body"]["incident_type"] = Value::from(spelling);
    producing.message(FEED, "TWBC_CCTV", reference, &record).unwrap()
}

pub async fn references(store: &Store, table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT ref FROM {}.{table} ORDER BY ref",
        store.names().store()
    );
    let rows: Vec<Value> = store.rows("read references", &sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| row["ref"].as_str().unwrap().to_owned())
        .collect()
}

pub async fn a_lost_store_is_made_again(broker: &Broker) {
    let name = broker.named("lost_store");
    let replay = Replay::prepare(&name, broker).await;
    let worker = replay.worker();
    replay.produce().await;
    replay.work_off().await;
    let before = replay.check().await;
    worker.stop().await.unwrap();

    let store = &replay.system.store;
    for database in [store.names().bi(), store.names().store()] {
        let drop = format!("DROP DATABASE {database} SYNC");
        store.execute("lose the store", &drop).await.unwrap();
    }
    quarterday::setup::store(&replay.system).await.unwrap();
    let worker = replay.worker();
    replay.work_off().await;
    assert_eq!(replay.check().await, before);
    worker.stop().await.unwrap();
    renamed_topics_stay_in_the_books(&replay).await;
    certified::says_what_does_not_hold(&replay, broker, &name).await;
    a_log_that_has_become_shorter_is_refused(&replay).await;
}

/// What came from topics that no feed has any more is still certified.
async fn renamed_topics_stay_in_the_books(replay: &Replay) {
    let system = System {
        in_force: InForce::builtin().unwrap(),
        ..replay.system.clone()
    };
    let wanted = Wanted::new(&system, None, Some("2014-15/H1".parse().unwrap())).unwrap();
    let certificate = Certificate::draw_up(&system, &wanted).await.unwrap();
    let taken = certificate
        .partitions
        .iter()
        .filter(|line| line.books.next_offset > 0);
    let taken: Vec<_> = taken.collect();
    assert!(!taken.is_empty());
    for line in taken {
        assert!(line.holds && line.high > 0, "{:?}: {line:?}", line.problems());
    }
}

/// A topic that was made again would give other messages the offsets of those that were taken.
async fn a_log_that_has_become_shorter_is_refused(replay: &Replay) {
    let store = &replay.system.store;
    let mut position = store.positions().await.unwrap().remove(0);
    position.next_offset += 1_000;
    store.write_positions(&[position.clone()]).await.unwrap();
    let mut worker = replay.worker();
    let refused = worker.ended().await.unwrap_err();
    assert!(
        matches!(&refused, Error::Shorter { topic, .. } if *topic == position.topic),
        "{refused}"
    );
}
