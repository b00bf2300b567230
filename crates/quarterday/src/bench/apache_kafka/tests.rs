use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::topics::{TopicPlan, Topics};

use super::*;
use crate::bench::or_skip;

#[test]
fn cluster_ids_are_sixteen_bytes_in_base64() {
    let id = cluster_id();
    assert_eq!(id.len(), 22);
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_ne!(id, cluster_id());
}

#[tokio::test]
async fn one_broker_keeps_topics_over_a_stop_and_a_kill() {
    let Some(mut kafka) = or_skip("Apache Kafka", ApacheKafka::start(1)) else {
        return;
    };
    let plan = [TopicPlan::kept_for_ever("t", 2)];
    Topics::new(&kafka.settings())
        .unwrap()
        .ensure(&plan)
        .await
        .unwrap();
    kafka.stop_broker(0).unwrap();
    kafka.restart_broker(0).unwrap();
    assert_eq!(
        Topics::new(&kafka.settings())
            .unwrap()
            .partitions("t")
            .await
            .unwrap(),
        [0, 1]
    );
    kafka.kill_broker(0).unwrap();
    kafka.restart_broker(0).unwrap();
    assert_eq!(
        Topics::new(&kafka.settings())
            .unwrap()
            .partitions("t")
            .await
            .unwrap(),
        [0, 1]
    );
    assert!(matches!(
        kafka.kill_broker(1),
        Err(Error::NoBroker { index: 1, brokers: 1 })
    ));
}

#[tokio::test]
async fn of_three_brokers_two_go_on() {
    let Some(mut kafka) = or_skip("Apache Kafka", ApacheKafka::start(3)) else {
        return;
    };
    let plan = [TopicPlan::kept_for_ever("t", 3)];
    Topics::new(&kafka.settings())
        .unwrap()
        .ensure(&plan)
        .await
        .unwrap();
    kafka.kill_broker(0).unwrap();
    // Some of these keys belong to partitions that the dead broker led.
    let records = (0..30_u8).map(|key| Record::new("t", [key], "x"));
    let producer = Producer::new(&kafka.settings(), ProducerOptions::default()).unwrap();
    assert_eq!(producer.send_all(records).await.unwrap().len(), 30);
    kafka.restart_broker(0).unwrap();
    assert_eq!(
        Topics::new(&kafka.settings())
            .unwrap()
            .partitions("t")
            .await
            .unwrap(),
        [0, 1, 2]
    );
}
