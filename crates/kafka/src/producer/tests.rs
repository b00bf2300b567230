use super::*;
use crate::mock::{cluster, producer, records};

#[tokio::test]
async fn all_are_acknowledged_in_order_per_key() {
    let (_cluster, settings) = cluster("t", 2);
    let producer = producer(&settings);
    let mut messages = records("t", 500);
    for message in &mut messages {
        message.key = Some(b"same".to_vec());
    }
    let delivered = producer.send_all(messages).await.expect("delivered");
    let partition = delivered[0].partition;
    assert!(
        delivered.iter().all(|landed| landed.partition == partition),
        "one key, one partition"
    );
    let offsets: Vec<i64> = delivered.iter().map(|landed| landed.offset).collect();
    assert_eq!(offsets, (0..500).collect::<Vec<i64>>());
}

#[tokio::test]
async fn keys_are_partitioned_as_java_does() {
    // Java's DefaultPartitioner: (murmur2(key) & 0x7fffffff) % partitions.
    let (_cluster, settings) = cluster("t", 8);
    let producer = producer(&settings);
    let landed = producer
        .send(Record::new("t", "foobar", "v"))
        .await
        .expect("delivered");
    // Kafka's own test vector: murmur2("foobar") = -790332482.
    assert_eq!(landed.partition, (-790_332_482_i32 & 0x7fff_ffff) % 8);
}

#[tokio::test]
async fn a_window_smaller_than_the_batch_does_not_block() {
    let (_cluster, settings) = cluster("t", 1);
    let producer = producer(&settings);
    let large: Vec<Record> = (0..100)
        .map(|n| Record::new("t", format!("k{n}"), vec![7; 900_000]))
        .collect();
    let (first, second) = tokio::join!(producer.send_all(large.clone()), producer.send_all(large));
    assert_eq!(
        first.expect("delivered").len() + second.expect("delivered").len(),
        200
    );
}

#[tokio::test]
async fn a_message_over_the_limit_is_refused_by_name() {
    let (_cluster, settings) = cluster("t", 1);
    let options = ProducerOptions {
        message_limit: 10_000,
        ..ProducerOptions::default()
    };
    let producer = Producer::new(&settings, options).expect("producer");
    let error = producer
        .send(Record::new("t", "k", vec![0; 20_000]))
        .await
        .expect_err("too large");
    assert!(error.is_too_large(), "{error:?}");
    assert!(error.to_string().contains("topic t"), "{error}");
    producer
        .send(Record::new("t", "k", "small"))
        .await
        .expect("the next one goes");
}

#[tokio::test]
async fn a_mute_broker_is_a_retryable_error_after_the_limit() {
    // Somebody listens there and never says a word.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = mute.local_addr().expect("address").to_string();
    let options = ProducerOptions {
        delivery_limit: Duration::from_millis(500),
        ..ProducerOptions::default()
    };
    let producer = Producer::new(&KafkaSettings::new(address), options).expect("producer");
    let error = producer
        .send(Record::new("t", "k", "v"))
        .await
        .expect_err("nobody there");
    assert!(error.is_retryable(), "{error:?}");
}
