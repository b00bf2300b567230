//! An erasure out of the middle of the log: two records are taken out of a compacted topic by tombstones after they were consumed. A
//! rebuild says which offsets are gone, goes on only when that is attested, and then has them in its books as what they are.

use std::collections::BTreeSet;
use std::time::Duration;

use quarterday::certificate::{Certificate, Wanted};
use quarterday::freezing::{self, Source};
use quarterday::produce::Producing;
use quarterday::rebuilding::{Allowed, rebuild};
use quarterday::setup;
use quarterday::system::System;
use quarterday_ingest::{Worker, WorkerSettings, wait_until_worked_off};
use quarterday_kafka::producer::Record;
use quarterday_kafka::{KafkaSettings, MessageFields as _, read};
use quarterday_snapshot::Snapshot;
use quarterday_store::{Settings, Store, WaitingFilter};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;

use super::Replay;
use super::replay::Broker;
use crate::support::{cctv_incident, shared};

const FEED: &str = "cctv-incidents";
const LIMIT: Duration = Duration::from_secs(90);
/// A segment is closed by a message that comes so much later.
const SEGMENT: Duration = Duration::from_millis(700);

pub async fn is_known_by_range(broker: &Broker) {
    let name = broker.named("erased");
    let topic = format!("{name}.{FEED}");
    make_compacted(&broker.kafka, &topic).await;
    let replay = Replay::prepare(&name, broker).await;
    let producing = Producing::new(&replay.system).await.unwrap();
    let worker = replay.worker();
    producing
        .send((0..6).map(|number| message(&producing, number)).collect())
        .await
        .unwrap();
    producing.send(vec![unknown(&producing)]).await.unwrap();
    replay.work_off().await;
    let snapshot = frozen(&replay.system).await;
    let tombstone = |number| Record {
        value: None,
        ..message(&producing, number)
    };
    let of_unknown = Record {
        value: None,
        ..unknown(&producing)
    };
    let tombstones = vec![tombstone(2), tombstone(3), of_unknown];
    producing.send(tombstones).await.unwrap();
    replay.work_off().await;
    wait_until_compacted(&producing, &broker.kafka, &topic).await;
    replay.work_off().await;
    worker.stop().await.unwrap();

    let mut allowed = Allowed {
        missing: false,
        differences: true,
    };
    let refused = rebuild(&replay.system, allowed).await.unwrap_err().to_string();
    assert!(
        refused.contains(&format!(
            "{topic}/0: offsets 2 to 3, taken by compaction or an erasure"
        )),
        "{refused}"
    );
    allowed.missing = true;
    let rebuilt = rebuild(&replay.system, allowed).await.unwrap();
    assert!(rebuilt.in_force, "{rebuilt:?}");
    let taken: Vec<_> = rebuilt.taken.iter().map(|t| (t.first, t.next)).collect();
    assert_eq!(taken, [(2, 4), (6, 7)]);
    let ids: BTreeSet<&str> = rebuilt
        .differences
        .iter()
        .map(|difference| difference.id.as_str())
        .collect();
    assert!(!ids.is_empty(), "two incidents less make no difference");

    let system = replay.system.clone().with_store_in_force().await.unwrap();
    let certificate = that_holds(&system).await;
    let lost: Vec<_> = certificate
        .lost
        .iter()
        .map(|l| (l.first, l.next, l.kind.as_str()))
        .collect();
    assert_eq!(lost, [(2, 4, "gone"), (6, 7, "gone")]);
    // What waits in quarantine waits there still.
    let books = &certificate.partitions[0].books;
    assert_eq!(
        (books.gone, books.gaps, books.quarantined),
        (2, 0, 4),
        "{books:?}"
    );
    still_waits(&system).await;
    is_attested(&system, &snapshot).await;
    // One that is taken now is made without them: nothing of it is missing.
    let half = take(&system, "2015-16/H1").await;
    let proof = freezing::prove(&system, &half, Source::Kafka).await.unwrap();
    assert!(proof.proved && proof.missing.is_empty(), "{proof:?}");
    in_a_store_that_never_had_them(&replay, &name).await;
}

/// What was erased is a gap there; of what waits in quarantine it is known that it was a message.
async fn in_a_store_that_never_had_them(replay: &Replay, name: &str) {
    let store = Store::new(&Settings {
        database: format!("replay_{name}_again"),
        ..shared::clickhouse()
    });
    let system = System {
        store,
        ..replay.system.clone()
    };
    setup::store(&system).await.unwrap();
    let settings = WorkerSettings {
        group: format!("{name}-again"),
        ..replay.settings().clone()
    };
    let worker = Worker::start(system.parts(), &settings).unwrap();
    wait_until_worked_off(&system.kafka, &system.store, &system.in_force.catalogue, |_| ())
        .await
        .unwrap();
    let certificate = that_holds(&system).await;
    let books = &certificate.partitions[0].books;
    assert_eq!(
        (books.gone, books.gaps, books.quarantined),
        (0, 2, 4),
        "{books:?}"
    );
    still_waits(&system).await;
    worker.stop().await.unwrap();
}

async fn that_holds(system: &System) -> Certificate {
    let wanted = Wanted::new(system, Some(FEED), Some("2014-15/H1".parse().unwrap())).unwrap();
    let certificate = Certificate::draw_up(system, &wanted).await.unwrap();
    assert!(certificate.holds, "{certificate:?}");
    certificate
}

async fn take(system: &System, period: &str) -> Snapshot {
    let wanted = freezing::Wanted {
        period: period.parse().unwrap(),
        provisional: false,
        revise: None,
        by: "test".to_owned(),
    };
    freezing::take(system, &wanted).await.unwrap().snapshot().clone()
}

/// A quarter with all of its incidents, and proved.
pub(super) async fn frozen(system: &System) -> Snapshot {
    let taken = take(system, "2015-16/Q1").await;
    let proof = freezing::prove(system, &taken, Source::Logs).await.unwrap();
    assert!(proof.proved, "{proof:?}");
    taken
}

/// It stands as it is, and nobody can compute it again: neither from the logs nor from the topics.
async fn is_attested(system: &System, snapshot: &Snapshot) {
    for source in [Source::Logs, Source::Kafka] {
        let proof = freezing::prove(system, snapshot, source).await.unwrap();
        assert!(!proof.proved && proof.attested, "{proof:?}");
        let missing: Vec<_> = proof
            .missing
            .iter()
            .map(|lost| (lost.partition, lost.first, lost.next))
            .collect();
        assert_eq!(missing, [(0, 2, 4), (0, 6, 7)], "{source:?}: {proof:?}");
    }
}

/// As somebody has made it who erases by tombstones; our own topics are never compacted.
async fn make_compacted(kafka: &KafkaSettings, topic: &str) {
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", &kafka.brokers)
        .create()
        .unwrap();
    let new = NewTopic::new(topic, 1, TopicReplication::Fixed(1))
        .set("cleanup.policy", "compact")
        .set("min.cleanable.dirty.ratio", "0.01")
        .set("segment.ms", "500");
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    let made = admin.create_topics(&[new], &options).await.unwrap();
    assert!(made.iter().all(Result::is_ok), "{made:?}");
}

fn message(producing: &Producing, number: u32) -> Record {
    let reference = format!("E{number}");
    let record = cctv_incident(&reference, "E07000116");
    producing.message(FEED, "TWBC_CCTV", &reference, &record).unwrap()
}

/// One that no code list has.
fn unknown(producing: &Producing) -> Record {
    let mut record = cctv_incident("E6", "E07000116");
    record["body"]["incident_type"] = "Affray".into();
    producing.message(FEED, "TWBC_CCTV", "E6", &record).unwrap()
}

async fn still_waits(system: &System) {
    let filter = WaitingFilter {
        reason: Some("unknown-code".to_owned()),
        ..WaitingFilter::default()
    };
    let waiting = system
        .store
        .waiting(&["cctv_incident"], &filter, 10)
        .await
        .unwrap();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    let (offset, bytes) = (waiting[0].kafka_offset, waiting[0].bytes);
    assert!(offset == 6 && bytes.is_some_and(|bytes| bytes > 0), "{waiting:?}");
}

/// Sends one more record from time to time, which closes segments, until Kafka has taken the erased ones away.
async fn wait_until_compacted(producing: &Producing, kafka: &KafkaSettings, topic: &str) {
    let mut closing = tokio::time::interval(SEGMENT);
    let compacted = async {
        for number in 100.. {
            closing.tick().await;
            producing.send(vec![message(producing, number)]).await.unwrap();
            let (kafka, topic) = (kafka.clone(), topic.to_owned());
            let offsets = tokio::task::spawn_blocking(move || offsets(&kafka, &topic))
                .await
                .unwrap();
            if [2, 3, 6].iter().all(|erased| !offsets.contains(erased)) {
                return;
            }
        }
    };
    let waited = tokio::time::timeout(LIMIT, compacted).await;
    waited.expect("the topic is compacted");
}

fn offsets(kafka: &KafkaSettings, topic: &str) -> BTreeSet<i64> {
    let mut offsets = BTreeSet::new();
    read::read_to_end(kafka, topic, |message| {
        offsets.insert(message.offset());
        Ok::<_, quarterday_kafka::Error>(())
    })
    .unwrap();
    offsets
}
