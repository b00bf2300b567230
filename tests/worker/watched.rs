//! What a worker says of itself while ClickHouse is away, and what it says became of messages.

use std::collections::BTreeMap;
use std::time::Duration;

use quarterday_store::{Settings, Store, Stretch};
use serde::Deserialize;
use serde_json::Value;

use super::away::Door;
use super::replay::Broker;
use super::{Replay, books};
use crate::support::{http, shared, wait_until};

const LIMIT: Duration = Duration::from_secs(60);

/// Waits for the status of a path; gives its body.
async fn status(url: &str, path: &'static str, wanted: u16) -> String {
    let url = url.to_owned();
    let waited = move || {
        let mut body = String::new();
        wait_until(&format!("{path} to be {wanted}"), LIMIT, || {
            let (status, said) = http::get(&url, path).unwrap();
            body = said;
            status == wanted
        });
        body
    };
    tokio::task::spawn_blocking(waited).await.unwrap()
}

pub async fn clickhouse_away_is_told(broker: &Broker) {
    let name = broker.named("watched");
    let replay = Replay::prepare(&name, broker).await;
    let target = shared::clickhouse_address();
    let door = Door::before(target).await;
    let behind_the_door = Store::new(&Settings {
        url: format!("http://{}", door.address),
        database: format!("replay_{name}"),
        ..shared::clickhouse()
    });
    let (worker, serving) = replay.watched_worker(|parts| parts.store = behind_the_door).await;
    let url = serving.url();
    status(&url, "/readyz", 200).await;

    door.set_open(false);
    let said: Value = serde_json::from_str(&status(&url, "/readyz", 503).await).unwrap();
    assert_eq!(said["status"], "unavailable");
    let reasons = said["reasons"].as_array().unwrap();
    assert_eq!(reasons.len(), 1, "{said}");
    assert!(reasons[0].as_str().unwrap().contains("ClickHouse"), "{said}");
    status(&url, "/healthz", 200).await;
    let asked = url.clone();
    let (ready, healthy) = tokio::task::spawn_blocking(move || {
        (
            http::value(&asked, "quarterday_ready"),
            http::value(&asked, "quarterday_healthy"),
        )
    })
    .await
    .unwrap();
    assert_eq!((ready, healthy), (0.0, 1.0));

    door.set_open(true);
    status(&url, "/readyz", 200).await;
    status(&url, "/healthz", 200).await;
    worker.stop().await.unwrap();
    // Whoever asks while the process is on its way out hears that it is at its end.
    status(&url, "/healthz", 503).await;
}

#[derive(Deserialize)]
struct Outcome {
    outcome: String,
    messages: u64,
}

pub async fn examined_messages_are_as_in_the_log(broker: &Broker) {
    let replay = Replay::prepare(&broker.named("examined"), broker).await;
    let worker = replay.worker();
    replay.produce().await;
    replay.work_off().await;
    worker.stop().await.unwrap();
    books::balance(&replay.system).await;
    let (store, catalogue) = (&replay.system.store, &replay.system.in_force.catalogue);
    let mut all = BTreeMap::new();
    for feed in catalogue.returned() {
        let topic = &feed.feed.topic;
        let stretches: Vec<Stretch> = (0..3)
            .map(|partition| Stretch {
                topic: topic.clone(),
                partition,
                first: 0,
                next: i64::from(i32::MAX),
            })
            .collect();
        let examined = store.examine(&feed.record_type, &stretches).await.unwrap();
        let outcomes = examined.first().map(|e| e.outcomes).unwrap_or_default();
        let sql = format!(
            "SELECT outcome, count() AS messages FROM {}.outcomes_{} WHERE topic = '{topic}' GROUP BY outcome",
            store.names().store(),
            feed.record_type.name()
        );
        let rows: Vec<Outcome> = store.rows("read outcomes", &sql, &[]).await.unwrap();
        let of = |outcome: &str| {
            rows.iter()
                .filter(|row| row.outcome == outcome)
                .map(|row| row.messages)
                .sum::<u64>()
        };
        assert_eq!(
            outcomes.examined,
            rows.iter().map(|row| row.messages).sum::<u64>(),
            "{topic}"
        );
        for (outcome, examined) in [
            ("duplicate", outcomes.duplicate),
            ("conflict", outcomes.conflict),
            ("orphan", outcomes.orphan),
        ] {
            assert_eq!(examined, of(outcome), "{topic}: {outcome}");
            *all.entry(outcome).or_insert(0) += examined;
        }
    }
    assert!(
        all.values().all(|messages| *messages > 0),
        "some of each are synthetic: {all:?}"
    );
}
