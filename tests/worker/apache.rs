//! On Apache Kafka: one broker, and three of which one is killed in the middle.

use quarterday::bench::apache_kafka::ApacheKafka;
use quarterday::bench::or_skip;

use super::Replay;
use crate::support::shared;

#[tokio::test(flavor = "multi_thread")]
async fn the_review_through_one_apache_broker_twice() {
    let Some(kafka) = or_skip(
        "Apache Kafka",
        tokio::task::block_in_place(|| ApacheKafka::start(1)),
    ) else {
        return;
    };
    let settings = kafka.settings();
    let replay = Replay::prepare("apache_1", settings, shared::registry(), 1).await;
    replay.produce().await;
    let worker = replay.worker();
    replay.work_off().await;
    let first = replay.check().await;
    worker.stop().await.unwrap();

    replay.consume_again().await;
    assert_eq!(replay.check().await, first, "consuming again changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_through_three_apache_brokers_with_two_workers_and_a_dead_broker() {
    let Some(mut kafka) = or_skip(
        "Apache Kafka",
        tokio::task::block_in_place(|| ApacheKafka::start(3)),
    ) else {
        return;
    };
    let settings = kafka.settings();
    let replay = Replay::prepare("apache_3", settings, shared::registry(), 3).await;
    let workers = [replay.worker(), replay.worker()];
    let producing = replay.produce();
    let killing = async {
        tokio::task::yield_now().await;
        kafka.kill_broker(1).unwrap();
    };
    tokio::join!(producing, killing);
    tokio::task::block_in_place(|| kafka.restart_broker(1)).unwrap();
    replay.work_off().await;
    replay.check().await;
    for worker in workers {
        worker.stop().await.unwrap();
    }
}
