//! A Kafka cluster inside the test process: librdkafka's own mock.

use std::time::{Duration, Instant};

use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;

use crate::KafkaSettings;
use crate::message::Header;
use crate::producer::{Producer, ProducerOptions, Record};

/// No test waits longer than this for anything.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

pub(crate) type Cluster = MockCluster<'static, DefaultProducerContext>;

/// A cluster of one broker with one topic.
pub(crate) fn cluster(topic: &str, partitions: i32) -> (Cluster, KafkaSettings) {
    let cluster = MockCluster::new(1).expect("mock cluster");
    cluster.create_topic(topic, partitions, 1).expect("mock topic");
    let settings = KafkaSettings::new(cluster.bootstrap_servers());
    (cluster, settings)
}

pub(crate) fn producer(settings: &KafkaSettings) -> Producer {
    Producer::new(settings, ProducerOptions::default()).expect("producer")
}

/// `count` messages with keys k0, k1, ... and values v0, v1, ...
pub(crate) fn records(topic: &str, count: usize) -> Vec<Record> {
    (0..count)
        .map(|n| Record {
            headers: vec![Header::text("n", n.to_string())],
            ..Record::new(topic, format!("k{n}"), format!("v{n}"))
        })
        .collect()
}

/// Calls `step` until it gives something, within the limit.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut step: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    while started.elapsed() < LIMIT {
        if let Some(found) = step() {
            return found;
        }
    }
    panic!("waited in vain for {what}");
}
