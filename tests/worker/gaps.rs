//! Offsets under which there is no message: what a topic's retention or an erasure took away before it was consumed, aborted
//! transactions, and the control records that end transactions. Each is in the books by its range, and nothing waits for it.

use quarterday::certificate::{Certificate, Line, Wanted};
use quarterday::freezing::{Source, prove};
use quarterday::produce::Producing;
use quarterday::rebuilding::{Allowed, rebuild};
use quarterday::retention;
use quarterday::system::System;
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::producer::Record;
use quarterday_kafka::topics::{TopicPlan, Topics};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{Offset, TopicPartitionList};

use super::Replay;
use super::erased::frozen;
use super::replay::Broker;
use crate::support::cctv_incident;

const FEED: &str = "cctv-incidents";
const LIMIT: std::time::Duration = std::time::Duration::from_secs(30);

pub async fn are_in_the_books(broker: &Broker) {
    let name = broker.named("gaps");
    let topics = Topics::new(&broker.kafka).unwrap();
    // One partition, which keeps its messages for a week.
    let topic = format!("{name}.{FEED}");
    let plan = TopicPlan::kept_for_ever(topic.clone(), 1).with("retention.ms", "604800000");
    topics
        .ensure(&[plan.with_replication(broker.replication)])
        .await
        .unwrap();
    let replay = Replay::prepare(&name, broker).await;
    let system = &replay.system;
    let told = retention::warnings(system).await.unwrap();
    assert!(
        told.len() == 1 && told[0].contains(&topic) && told[0].contains("for 7 days"),
        "{told:?}"
    );

    // Offsets 0 to 9, of which 0 to 3 are deleted before anybody consumes them.
    let producing = Producing::new(system).await.unwrap();
    producing.send(messages(&producing, 0..10)).await.unwrap();
    delete_below(&broker.kafka, &topic, 4).await;
    // 10 to 12 and a commit marker (13); 14 and 15 and an abort marker (16).
    let kafka = broker.kafka.clone();
    let (kept, aborted) = (messages(&producing, 10..13), messages(&producing, 13..15));
    tokio::task::block_in_place(|| in_transactions(&kafka, &kept, &aborted));

    let worker = replay.worker();
    replay.work_off().await;
    let line = line(system).await;
    let books = &line.books;
    assert_eq!((books.next_offset, line.low, line.high), (17, 4, 17), "{line:?}");
    assert_eq!(
        (books.version_rows, books.gone, books.gaps),
        (9, 4, 4),
        "{line:?}"
    );

    // Behind the gap the log goes on, for another worker too.
    worker.stop().await.unwrap();
    producing.send(messages(&producing, 20..22)).await.unwrap();
    let worker = replay.worker();
    replay.work_off().await;
    let line = self::line(system).await;
    assert_eq!(
        (line.books.next_offset, line.books.version_rows),
        (19, 11),
        "{line:?}"
    );
    worker.stop().await.unwrap();
    derived_again(&replay, &topic).await;
}

/// What is gone cannot be derived again, which has to be attested; the rest can.
async fn derived_again(replay: &Replay, topic: &str) {
    let mut allowed = Allowed {
        missing: false,
        differences: false,
    };
    let refused = rebuild(&replay.system, allowed).await.unwrap_err().to_string();
    assert!(refused.contains("/0: offsets 0 to 3"), "{refused}");
    allowed.missing = true;
    let rebuilt = rebuild(&replay.system, allowed).await.unwrap();
    assert!(
        rebuilt.in_force && rebuilt.differences.is_empty() && rebuilt.taken.is_empty(),
        "{rebuilt:?}"
    );
    assert_eq!(rebuilt.missing.iter().map(|m| m.first).collect::<Vec<_>>(), [4]);
    let system = replay.system.clone().with_store_in_force().await.unwrap();
    let books = line(&system).await.books;
    assert_eq!(
        (books.version_rows, books.gone, books.gaps),
        (11, 4, 4),
        "{books:?}"
    );
    what_goes_later_is_attested(&system, topic).await;
}

/// Of a snapshot that was made without the first four, retention takes some more: those are what its proof from Kafka lacks.
async fn what_goes_later_is_attested(system: &System, topic: &str) {
    let snapshot = frozen(system).await;
    let known: Vec<_> = snapshot.header.lost.iter().map(|l| (l.first, l.next)).collect();
    assert_eq!(known, [(0, 4)]);
    delete_below(&system.kafka, topic, 8).await;
    let proof = prove(system, &snapshot, Source::Kafka).await.unwrap();
    let missing: Vec<_> = proof.missing.iter().map(|l| (l.first, l.next)).collect();
    assert!(!proof.proved && proof.attested, "{proof:?}");
    assert_eq!(missing, [(4, 8)], "{proof:?}");
    let proof = prove(system, &snapshot, Source::Logs).await.unwrap();
    assert!(proof.proved && proof.missing.is_empty(), "{proof:?}");
}

fn messages(producing: &Producing, numbers: std::ops::Range<u32>) -> Vec<Record> {
    let each = numbers.map(|number| {
        let reference = format!("G{number}");
        let record = cctv_incident(&reference, "E07000116");
        producing.message(FEED, "TWBC_CCTV", &reference, &record).unwrap()
    });
    each.collect()
}

/// As an erasure does, and retention in the course of time.
async fn delete_below(kafka: &KafkaSettings, topic: &str, offset: i64) {
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", &kafka.brokers)
        .create()
        .unwrap();
    let mut below = TopicPartitionList::new();
    below
        .add_partition_offset(topic, 0, Offset::Offset(offset))
        .unwrap();
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    admin.delete_records(&below, &options).await.unwrap();
}

fn in_transactions(kafka: &KafkaSettings, kept: &[Record], aborted: &[Record]) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", &kafka.brokers)
        .set("transactional.id", "gaps")
        .create()
        .unwrap();
    producer.init_transactions(LIMIT).unwrap();
    for (records, is_kept) in [(kept, true), (aborted, false)] {
        producer.begin_transaction().unwrap();
        for record in records {
            let message = BaseRecord::to(&record.topic)
                .key(record.key.as_deref().unwrap())
                .payload(record.value.as_deref().unwrap());
            producer.send(message).map_err(|(error, _)| error).unwrap();
        }
        producer.flush(LIMIT).unwrap();
        if is_kept {
            producer.commit_transaction(LIMIT).unwrap();
        } else {
            producer.abort_transaction(LIMIT).unwrap();
        }
    }
}

/// The only partition of the feed, which must balance.
async fn line(system: &System) -> Line {
    let wanted = Wanted::new(system, Some(FEED), Some("2014-15/H1".parse().unwrap())).unwrap();
    let certificate = Certificate::draw_up(system, &wanted).await.unwrap();
    assert!(certificate.holds, "{certificate:?}");
    let left: Vec<_> = certificate
        .left_by_kafka
        .iter()
        .map(|gap| (gap.first, gap.next))
        .collect();
    assert_eq!(left, [(13, 17)], "both marks, and what was aborted");
    certificate.partitions.into_iter().next().unwrap()
}
