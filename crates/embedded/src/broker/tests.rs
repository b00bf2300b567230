use std::collections::BTreeMap;
use std::time::Instant;

use quarterday_kafka::consumer::{ConsumerOptions, GroupConsumer, GroupListener, Offsets};
use quarterday_kafka::message::Header;
use quarterday_kafka::positions::{Positions, TopicPartition};
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::read::{read_one, read_to_end};
use quarterday_kafka::topics::TopicPlan;
use quarterday_kafka::{Message, MessageFields as _};

use super::*;

/// No test waits longer than this for anything.
const LIMIT: Duration = Duration::from_secs(60);

/// Partitions that were assigned and have not begun.
#[derive(Default)]
pub(crate) struct Assigned(std::sync::Mutex<Vec<TopicPartition>>);

impl GroupListener for Assigned {
    fn assigned(&self, partitions: &[TopicPartition]) {
        self.0.lock().expect("partitions").extend_from_slice(partitions);
    }
    fn revoked(&self, _partitions: &[TopicPartition], _lost: bool) {}
}

pub(crate) async fn start(directory: &Path) -> Broker {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    Broker::start(directory, listener)
        .await
        .expect("the broker starts")
}

pub(super) async fn with_topics(broker: &Broker, topics: &[(&str, i32)]) {
    let plans: Vec<TopicPlan> = topics
        .iter()
        .map(|(name, partitions)| TopicPlan::kept_for_ever(*name, *partitions))
        .collect();
    Topics::new(&broker.settings())
        .expect("client")
        .ensure(&plans)
        .await
        .expect("topics");
}

pub(super) fn producer(broker: &Broker) -> Producer {
    Producer::new(&broker.settings(), ProducerOptions::default()).expect("producer")
}

fn records(topic: &str, count: usize) -> Vec<Record> {
    (0..count)
        .map(|n| Record::new(topic, format!("key-{n}"), format!("value-{n}")))
        .collect()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("no panic")
}

fn take(consumer: &GroupConsumer<Assigned>, count: usize) -> Offsets {
    let started = Instant::now();
    let (mut next, mut taken) = (Offsets::new(), 0);
    while taken < count {
        assert!(started.elapsed() < LIMIT, "only {taken} of {count} messages came");
        for partition in std::mem::take(&mut *consumer.listener().0.lock().expect("partitions")) {
            consumer.start(&partition).expect("begun");
        }
        if let Some(message) = consumer.poll(Duration::from_millis(100)).expect("poll") {
            next.insert(
                (message.topic().to_owned(), message.partition()),
                message.offset() + 1,
            );
            taken += 1;
        }
    }
    next
}

pub(super) async fn read_all(broker: &Broker, topic: &'static str) -> Vec<Message> {
    let settings = broker.settings();
    blocking(move || {
        let mut messages = Vec::new();
        read_to_end(&settings, topic, |message| {
            messages.push(Message::from(message));
            Ok::<(), quarterday_kafka::Error>(())
        })
        .expect("read");
        messages
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_messages_and_group_positions_survive_a_restart() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("t", 3)]).await;
    producer(&broker)
        .send_all(records("t", 500))
        .await
        .expect("acknowledged");
    let settings = broker.settings();
    let next = blocking(move || {
        let consumer = GroupConsumer::join(&settings, &ConsumerOptions::new("g", ["t"]), Assigned::default())
            .expect("join");
        let next = take(&consumer, 500);
        consumer.commit(&next).expect("commit");
        consumer.leave();
        next
    })
    .await;
    broker.shutdown().await;

    let broker = start(directory.path()).await;
    assert_eq!(
        Topics::new(&broker.settings())
            .expect("client")
            .partitions("t")
            .await
            .expect("there"),
        [0, 1, 2]
    );
    producer(&broker)
        .send_all(records("t", 7))
        .await
        .expect("acknowledged");
    let settings = broker.settings();
    blocking(move || {
        let positions = Positions::new(&settings, "g")
            .expect("client")
            .read(&["t"])
            .expect("positions");
        let committed: BTreeMap<TopicPartition, i64> = positions
            .iter()
            .filter_map(|(partition, position)| Some((partition.clone(), position.committed?)))
            .collect();
        assert_eq!(committed, next);
        assert_eq!(positions.values().map(|position| position.lag()).sum::<i64>(), 7);
        let consumer = GroupConsumer::join(&settings, &ConsumerOptions::new("g", ["t"]), Assigned::default())
            .expect("join");
        for (partition, offset) in take(&consumer, 7) {
            assert!(offset > next[&partition], "only what is new came");
        }
        consumer.leave();
    })
    .await;
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_back_as_they_went() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("t", 1)]).await;
    let plain = |value: Option<&[u8]>, key: Option<&[u8]>| Record {
        topic: "t".into(),
        key: key.map(<[u8]>::to_vec),
        value: value.map(<[u8]>::to_vec),
        timestamp_ms: Some(1_400_000_000_123),
        ..Record::default()
    };
    let mut sent = vec![
        plain(Some(b"v"), Some(b"k")),
        plain(None, Some(b"k")),
        plain(Some(b""), None),
        plain(Some(&[0xff, 0x00]), Some(b"")),
        plain(Some(&vec![7; 10 << 20]), Some(b"big")),
        plain(Some(b"after"), Some(b"k")),
    ];
    sent[0].headers = vec![
        Header::text("a", "1"),
        Header::text("a", "2"),
        Header {
            name: "n".into(),
            value: None,
        },
    ];
    sent[5].headers = vec![Header::text("", "")];
    producer(&broker)
        .send_all(sent.clone())
        .await
        .expect("acknowledged");
    let came = read_all(&broker, "t").await;
    assert_eq!(came.len(), sent.len());
    for (came, sent) in came.iter().zip(&sent) {
        assert_eq!((&came.key, &came.value), (&sent.key, &sent.value));
        assert_eq!(
            (came.timestamp_ms, &came.headers),
            (sent.timestamp_ms, &sent.headers)
        );
    }
    let settings = broker.settings();
    let fourth = blocking(move || read_one(&settings, "t", 0, 3))
        .await
        .expect("read");
    assert_eq!(fourth.and_then(|message| message.value), Some(vec![0xff, 0x00]));
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversized_message_is_refused_and_the_next_one_taken() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("t", 1)]).await;
    let options = ProducerOptions {
        message_limit: 64 << 20,
        ..ProducerOptions::default()
    };
    let producer = Producer::new(&broker.settings(), options).expect("producer");
    let error = producer
        .send(Record::new("t", "k", vec![0; 20 << 20]))
        .await
        .expect_err("too large");
    assert!(error.is_too_large(), "{error:?}");
    producer
        .send(Record::new("t", "k", "small"))
        .await
        .expect("taken");
    assert_eq!(read_all(&broker, "t").await.len(), 1);
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_2014_stay_whatever_the_topic_says() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("ours", 1)]).await;
    create_with_cleanup_policy(&broker, "foreign").await;
    for topic in ["ours", "foreign"] {
        let mut old = records(topic, 3);
        old.iter_mut()
            .for_each(|record| record.timestamp_ms = Some(1_396_310_400_000));
        producer(&broker).send_all(old).await.expect("acknowledged");
    }
    broker.shutdown().await;
    let broker = start(directory.path()).await;
    assert_eq!(read_all(&broker, "ours").await.len(), 3);
    assert_eq!(read_all(&broker, "foreign").await.len(), 3);
    broker.shutdown().await;
}

async fn create_with_cleanup_policy(broker: &Broker, topic: &str) {
    use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
    let admin: AdminClient<rdkafka::client::DefaultClientContext> = rdkafka::ClientConfig::new()
        .set("bootstrap.servers", broker.address().to_string())
        .create()
        .expect("client");
    let topic = NewTopic::new(topic, 1, TopicReplication::Fixed(1))
        .set("cleanup.policy", "delete")
        .set("retention.ms", "1000");
    let created = admin
        .create_topics([&topic], &AdminOptions::new())
        .await
        .expect("answer");
    assert!(created.iter().all(Result::is_ok), "{created:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_fetch_answers_as_soon_as_something_comes() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("t", 1)]).await;
    let producer = producer(&broker);
    let settings = broker.settings();
    let options = ConsumerOptions {
        fetch_wait: Duration::from_secs(20),
        ..ConsumerOptions::new("g", ["t"])
    };
    producer
        .send(Record::new("t", "k", "first"))
        .await
        .expect("acknowledged");
    let consumer = blocking(move || {
        let consumer = GroupConsumer::join(&settings, &options, Assigned::default()).expect("join");
        take(&consumer, 1);
        consumer
    })
    .await;
    let mut worst = Duration::ZERO;
    let mut consumer = consumer;
    for n in 0..10 {
        let sent = Instant::now();
        producer
            .send(Record::new("t", format!("k{n}"), "v"))
            .await
            .expect("acknowledged");
        consumer = blocking(move || {
            take(&consumer, 1);
            consumer
        })
        .await;
        worst = worst.max(sent.elapsed());
    }
    assert!(worst < Duration::from_secs(2), "a message took {worst:?}");
    blocking(move || consumer.leave()).await;
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_with_blanks_and_umlauts_will_do() {
    let directory = tempfile::tempdir().expect("directory");
    let odd = directory.path().join("Ungewöhnliche Daten #1?%20");
    let broker = start(&odd).await;
    with_topics(&broker, &[("t", 1)]).await;
    broker.shutdown().await;
    assert!(odd.join(FILE).exists());
    let broker = start(&odd).await;
    assert!(
        Topics::new(&broker.settings())
            .expect("client")
            .list()
            .await
            .expect("topics")
            .contains_key("t")
    );
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_log_is_a_plain_error() {
    let directory = tempfile::tempdir().expect("directory");
    std::fs::write(
        directory.path().join(FILE),
        "this is not a database, but long enough to look at".repeat(100),
    )
    .expect("written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let error = Broker::start(directory.path(), listener)
        .await
        .map(drop)
        .expect_err("no log");
    assert!(matches!(error, BrokerError::Storage { .. }), "{error:?}");
}
