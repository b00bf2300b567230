//! Apache Kafka: workers that come, go and sleep, leaders that are killed, partitions that are added.

use std::time::Duration;

use quarterday::bench::apache_kafka::ApacheKafka;
use quarterday::bench::or_skip;
use quarterday_kafka::KafkaSettings;
use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::field::Field;
use super::files::topic;
use super::table::Line;
use super::{times, workers};
use crate::oracle::records::Kind;
use crate::support::trap::{Moment, Trap};
use crate::support::{Running, shared, wait_until};
use crate::worker::Broker;

const PARTNERS: usize = 12;
/// The sessions of the workers are of six seconds.
const SLEEP: Duration = Duration::from_secs(20);
/// Longer than the session of the workers, and what a busy machine needs besides.
const LIMIT: Duration = Duration::from_secs(90);

pub fn start(brokers: usize) -> Option<ApacheKafka> {
    or_skip(
        "Apache Kafka",
        tokio::task::block_in_place(|| ApacheKafka::start(brokers)),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_may_come_and_go_and_sleep_and_partitions_may_be_added() {
    let Some(kafka) = start(1) else { return };
    let broker = Broker::new("apache", kafka.settings(), 1);
    workers::run(&broker, times().worker_killed.min(2)).await;
    come_go_and_sleep(&broker).await;
}

async fn come_go_and_sleep(broker: &Broker) {
    let mut field = Field::prepare("several", broker, 3, PARTNERS).await;
    let clickhouse = shared::clickhouse_address();
    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let part = field.traffic.left() / 5;
    field.traffic.begin(part);
    let (mut sleeper, leaver) = (field.worker(&trap.address.to_string()), field.worker(&clickhouse));
    let third = field.worker(&clickhouse);
    shared_by(&[&sleeper, &leaver, &third]);
    // With a block in hand, which arrives when others have its partitions.
    trap.set("log_", Moment::UntilReleased);
    let caught = tokio::time::timeout(LIMIT, springs.recv()).await;
    assert!(matches!(caught, Ok(Some(()))), "the sleeper has written nothing");
    sleeper.signal("STOP");
    let awake = Instant::now() + SLEEP;
    tokio::task::block_in_place(|| leaver.stop());
    let fourth = field.worker(&clickhouse);
    let orders = topic(&field.name, Kind::Order);
    add_partitions(&broker.kafka, &orders, 5).await;
    field.traffic.finish().await;
    field.traffic.widen(&field.system, &orders, 5);
    field.traffic.begin(part);
    let mut line = Line::new(
        "worker asleep beyond its session with a block in hand, others joining and leaving, partitions added",
    );
    // Without the sleeper: the others have its partitions.
    let recovery = field.recovered().await;
    // It has to sleep longer than its session.
    tokio::time::sleep_until(awake).await;
    sleeper.signal("CONT");
    tokio::task::block_in_place(|| {
        wait_until("the sleeper notices that its partitions were lost", LIMIT, || {
            sleeper.said("\"lost\":true")
        });
    });
    trap.release();
    tokio::task::block_in_place(|| {
        wait_until("the worker gives up what it had not written", LIMIT, || {
            sleeper.said("it is taken anew")
        });
    });
    field.traffic.finish().await;
    field.traffic.produce(part).await;
    field.recovered().await;
    line.add(recovery, field.check().await);
    for worker in [sleeper, third, fourth] {
        tokio::task::block_in_place(|| worker.stop());
    }
    // What they wrote while they stopped changes nothing.
    line.add(Duration::ZERO, field.check().await);
    line.conclude();
}

fn shared_by(workers: &[&Running]) {
    tokio::task::block_in_place(|| {
        wait_until("the workers share the partitions", LIMIT, || {
            workers.iter().all(|worker| worker.said("partitions assigned"))
        });
    });
}

async fn add_partitions(kafka: &KafkaSettings, topic: &str, count: usize) {
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", &kafka.brokers)
        .create()
        .unwrap();
    let more = NewPartitions::new(topic, count);
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    let made = admin.create_partitions(&[more], &options).await.unwrap();
    assert!(made.iter().all(Result::is_ok), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_killed_under_load_loses_nothing() {
    let Some(mut kafka) = start(3) else { return };
    let broker = Broker::new("apache_3", kafka.settings(), 3);
    let times = times().leader_killed;
    let mut field = Field::prepare("leader", &broker, 4, PARTNERS.max(times)).await;
    let clickhouse = shared::clickhouse_address();
    let workers = [field.worker(&clickhouse), field.worker(&clickhouse)];
    let part = field.traffic.left() / times;
    let mut line = Line::new("leader of a partition killed, of three brokers with min.insync.replicas=2");
    for number in 0..times {
        // Every broker leads a third of the partitions.
        let killed = number % 3;
        field.traffic.begin(part);
        tokio::task::block_in_place(|| kafka.kill_broker(killed)).unwrap();
        let began = Instant::now();
        // Without it: the others lead its partitions.
        field.traffic.finish().await;
        field.recovered().await;
        let recovery = began.elapsed();
        tokio::task::block_in_place(|| kafka.restart_broker(killed)).unwrap();
        line.add(recovery, field.check().await);
    }
    for worker in workers {
        tokio::task::block_in_place(|| worker.stop());
    }
    line.conclude();
}
