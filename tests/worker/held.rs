//! While a rebuild holds refreshes, the measures are not said to be fresh; afterwards they are.

use std::time::{Duration, Instant};

use quarterday::produce::Producing;

use super::outcomes::{SPELLINGS, incident};
use super::replay::{Broker, LIMIT};
use super::{Replay, books};
use crate::support::http;

/// A worker that took no notice would call the measures fresh several times within that.
const HELD: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub async fn measures_are_not_said_to_be_fresh(broker: &Broker) {
    let replay = Replay::prepare(&broker.named("held"), broker).await;
    let producing = Producing::new(&replay.system).await.unwrap();
    let (worker, serving) = replay.watched_worker(|_| ()).await;
    let url = serving.url();
    let mut number = 0;
    let mut is_stored = async || {
        number += 1;
        let message = incident(&producing, SPELLINGS[0], &format!("C{number}"));
        producing.send(vec![message]).await.unwrap();
        until(async || replay.backlog().await == 0).await;
    };
    is_stored().await;
    replay.system.store.hold(60).await.unwrap();
    let held = Instant::now();
    while held.elapsed() < HELD {
        is_stored().await;
    }
    let (since, freshness) = (held.elapsed(), freshness(&url).await);
    assert!(freshness >= since, "{freshness:?} within {since:?}");

    replay.system.store.hold(0).await.unwrap();
    let released = Instant::now();
    is_stored().await;
    until(async || self::freshness(&url).await < released.elapsed()).await;
    worker.stop().await.unwrap();
    replay.system.store.refresh_stale().await.unwrap();
    books::balance(&replay.system).await;
}

async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        while !is_so().await {
            looks.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, looking).await.unwrap();
}

async fn freshness(url: &str) -> Duration {
    let url = url.to_owned();
    let read = move || http::value(&url, "quarterday_measure_freshness_seconds");
    Duration::from_secs_f64(tokio::task::spawn_blocking(read).await.unwrap())
}
