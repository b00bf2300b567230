//! The same on Apache Kafka: one broker, and three of which one is killed in the middle.

use std::sync::atomic::{AtomicBool, Ordering};

use quarterday::bench::apache_kafka::ApacheKafka;
use quarterday::bench::or_skip;

use super::replay::Broker;
use super::{Replay, away, by_fingerprint, killed, twice};

fn start(brokers: usize) -> Option<ApacheKafka> {
    or_skip(
        "Apache Kafka",
        tokio::task::block_in_place(|| ApacheKafka::start(brokers)),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn one_apache_broker_behaves_as_the_embedded_one() {
    let Some(kafka) = start(1) else { return };
    let broker = Broker::new("apache", kafka.settings(), 1);
    twice::consuming_again_changes_nothing(&broker, 1).await;
    killed::loses_nothing_and_counts_nothing_twice(&broker).await;
    away::comes_back(&broker).await;
    by_fingerprint::writers_are_known_by_registered_versions(&broker).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_apache_brokers_with_two_workers_and_one_broker_killed_under_load() {
    let Some(mut kafka) = start(3) else { return };
    let broker = Broker::new("apache_3", kafka.settings(), 3);
    let replay = Replay::prepare(&broker.named("dead_broker"), &broker).await;
    let workers = [replay.worker(), replay.worker()];
    let under_way = tokio::sync::Notify::new();
    let (told, mid_way) = (AtomicBool::new(false), 5_000);
    let producing = replay.produce_watched(|acknowledged| {
        if acknowledged >= mid_way && !told.swap(true, Ordering::SeqCst) {
            under_way.notify_one();
        }
    });
    let killing = async {
        under_way.notified().await;
        tokio::task::block_in_place(|| kafka.kill_broker(1)).unwrap();
    };
    tokio::join!(producing, killing);
    tokio::task::block_in_place(|| kafka.restart_broker(1)).unwrap();
    replay.work_off().await;
    replay.check().await;
    for worker in workers {
        worker.stop().await.unwrap();
    }
}
