//! A certificate that does not hold says what does not: each of its sums is broken in turn, in the store of the Review.

use std::fs;

use quarterday::certificate::{Certificate, Number, Wanted};
use serde::Deserialize;

use super::Replay;
use super::outcomes::configuration;
use super::replay::Broker;
use crate::support::{Program, shared};

/// The record type whose store is broken.
const BROKEN: &str = "referral";
/// Of its feeds the one that is looked at.
const FEED: &str = "davss-referrals";

#[derive(Deserialize)]
struct Place {
    topic: String,
    kafka_partition: i32,
    kafka_offset: i64,
}

pub async fn says_what_does_not_hold(replay: &Replay, broker: &Broker, name: &str) {
    assert!(drawn_up(replay).await.holds);
    let store = replay.system.store.names().store();
    a_gap_is_noted_before_the_position(replay, store).await;
    a_record_that_is_not_placed_is_missed(replay, store).await;
    let place = some_place(replay, store).await;
    let at = format!(
        "topic = '{}' AND kafka_partition = {} AND kafka_offset = {}",
        place.topic, place.kafka_partition, place.kafka_offset
    );

    run(
        replay,
        &format!(
            "INSERT INTO {store}.log_{BROKEN} SELECT * REPLACE ('ANOTHER' AS ref) FROM {store}.log_{BROKEN} WHERE {at}"
        ),
    )
    .await;
    let problems = problems(&drawn_up(replay).await);
    assert!(
        matches!(&problems[..], [one] if one.contains("version rows, of which")),
        "{problems:?}"
    );

    run(
        replay,
        &format!("ALTER TABLE {store}.log_{BROKEN} DELETE WHERE {at} SETTINGS mutations_sync = 2"),
    )
    .await;
    let broken = drawn_up(replay).await;
    let offset = place.kafka_offset;
    assert_eq!(
        self::problems(&broken),
        [format!("1 offsets have no outcome ({offset} to {offset})")]
    );
    is_said_by_the_exit_code(broker, name);
}

/// What is noted beyond the positions belongs to nobody's books yet.
async fn a_gap_is_noted_before_the_position(replay: &Replay, store: &str) {
    let beyond = format!(
        "INSERT INTO {store}.gaps (topic, kafka_partition, first_offset, next_offset, kind) \
         SELECT topic, kafka_partition, next_offset, next_offset + 3, 'kafka' FROM {store}.positions FINAL"
    );
    run(replay, &beyond).await;
    assert!(drawn_up(replay).await.holds);
}

/// Neither a number nor the records behind it need tell.
async fn a_record_that_is_not_placed_is_missed(replay: &Replay, store: &str) {
    let some = format!(
        "(SELECT record_hash FROM {store}.contributions WHERE record_type = '{BROKEN}' AND counts AND notEmpty(made) \
         ORDER BY record_hash LIMIT 1)"
    );
    run(
        replay,
        &format!(
            "ALTER TABLE {store}.contributions DELETE WHERE record_type = '{BROKEN}' AND record_hash = {some} SETTINGS mutations_sync = 2"
        ),
    )
    .await;
    let broken = drawn_up(replay).await;
    assert!(!broken.holds);
    assert_eq!(problems(&broken), Vec::<String>::new());
    let unlike = broken.placed.iter().filter(|placed| !placed.holds());
    let unlike: Vec<_> = unlike
        .map(|placed| (placed.record_type.as_str(), placed.live - placed.placed))
        .collect();
    assert_eq!(unlike, [(BROKEN, 1)]);

    run(
        replay,
        &format!(
            "ALTER TABLE {store}.contributions DELETE WHERE record_type = '{BROKEN}' AND quarter = toDate32('2014-04-01') \
             SETTINGS mutations_sync = 2"
        ),
    )
    .await;
    let broken = drawn_up(replay).await;
    assert!(
        !broken.measures.iter().all(Number::holds),
        "the numbers have records less"
    );
}

async fn some_place(replay: &Replay, store: &str) -> Place {
    let sql = format!(
        "SELECT toString(topic) AS topic, kafka_partition, kafka_offset FROM {store}.log_{BROKEN} \
         WHERE feed = '{FEED}' ORDER BY topic, kafka_partition, kafka_offset LIMIT 1"
    );
    let mut found: Vec<Place> = replay.system.store.rows("choose a row", &sql, &[]).await.unwrap();
    found.remove(0)
}

async fn run(replay: &Replay, sql: &str) {
    replay.system.store.execute("break the store", sql).await.unwrap();
}

async fn drawn_up(replay: &Replay) -> Certificate {
    let period = Some("2014-15/H1".parse().unwrap());
    let wanted = Wanted::new(&replay.system, Some(FEED), period).unwrap();
    Certificate::draw_up(&replay.system, &wanted).await.unwrap()
}

fn problems(certificate: &Certificate) -> Vec<String> {
    assert!(!certificate.holds);
    let lines = certificate.partitions.iter();
    lines.flat_map(|line| line.problems()).collect()
}

fn is_said_by_the_exit_code(broker: &Broker, name: &str) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    let text = configuration(directory.path(), name, broker, &shared::clickhouse_address());
    fs::write(&file, text).unwrap();
    let of = ["reconcile", "--feed", FEED, "--period", "2014-15/H1"];
    let how = ["--format", "json", "--config", file.to_str().unwrap()];
    let call = of.into_iter().chain(how);
    let said = tokio::task::block_in_place(|| Program::new(call).differs());
    assert!(said.contains("\"holds\": false"), "{said}");
}
