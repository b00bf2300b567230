//! Messages far larger than a return may be: quarantined with their bytes whole, and what comes behind them counts.

use quarterday::produce::Producing;
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::quarantine;

use super::replay::Broker;
use super::{Replay, books};
use crate::support::cctv_incident;

const FEED: &str = "cctv-incidents";

pub async fn large_messages_wait_whole(broker: &Broker, bytes: usize) {
    let name = broker.named("huge");
    let replay = Replay::prepare(&name, broker).await;
    let topic = replay
        .system
        .in_force
        .catalogue
        .feed(FEED)
        .unwrap()
        .feed
        .topic
        .clone();
    let options = ProducerOptions {
        message_limit: 64 << 20,
        ..ProducerOptions::default()
    };
    let producer = Producer::new(&replay.system.kafka, options).unwrap();
    // More than a batch may hold, one after the other.
    for number in 0..8_u8 {
        let record = Record::new(
            topic.clone(),
            format!("{FEED}|TWBC_CCTV|HUGE{number}"),
            vec![number; bytes],
        );
        producer.send_all(vec![record]).await.unwrap();
    }
    let producing = Producing::new(&replay.system).await.unwrap();
    let small = producing
        .message(FEED, "TWBC_CCTV", "SMALL", &cctv_incident("SMALL", "E07000116"))
        .unwrap();
    producing.send(vec![small]).await.unwrap();

    let worker = replay.worker();
    replay.work_off().await;
    assert_eq!(books::balance(&replay.system).await, (1, 8));
    worker.stop().await.unwrap();

    let kafka = replay.system.kafka.clone();
    let of_this_test = move || {
        let mut whole = Vec::new();
        quarantine::read_all(&kafka, quarantine::TOPIC, None, |_, message| {
            if let Ok(message) = message
                && message.original.topic == topic
            {
                assert_eq!(
                    (message.rejection.reason.as_str(), message.is_whole()),
                    ("too-large", true)
                );
                whole.push(message.original.value.unwrap_or_default());
            }
        })
        .unwrap();
        whole
    };
    let mut whole = tokio::task::spawn_blocking(of_this_test).await.unwrap();
    whole.sort_unstable();
    assert_eq!(
        whole,
        (0..8_u8).map(|number| vec![number; bytes]).collect::<Vec<_>>()
    );
}
