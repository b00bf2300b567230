use super::*;
use crate::mock::{cluster, producer, records};

fn values(settings: &KafkaSettings, from: &BTreeMap<i32, i64>) -> (Vec<String>, BTreeMap<i32, i64>) {
    let mut values = Vec::new();
    let next = read_from(settings, "t", from, |message| {
        values.push(String::from_utf8_lossy(message.payload().unwrap_or_default()).into_owned());
        Ok::<(), Error>(())
    })
    .expect("read");
    values.sort_by_key(|value| value.trim_start_matches('v').parse::<u32>().unwrap_or(0));
    (values, next)
}

#[test]
fn reads_all_partitions_to_the_end_and_goes_on_from_there() {
    let (_cluster, settings) = cluster("t", 3);
    let producer = producer(&settings);
    futures::executor::block_on(producer.send_all(records("t", 100))).expect("delivered");
    let (first, next) = values(&settings, &BTreeMap::new());
    assert_eq!(first, (0..100).map(|n| format!("v{n}")).collect::<Vec<_>>());
    assert_eq!(next.values().sum::<i64>(), 100);
    futures::executor::block_on(producer.send_all(records("t", 2))).expect("delivered");
    assert_eq!(values(&settings, &next).0, ["v0", "v1"]);
}

#[test]
fn an_empty_topic_ends_at_once() {
    let (_cluster, settings) = cluster("t", 2);
    assert_eq!(
        values(&settings, &BTreeMap::new()),
        (Vec::new(), BTreeMap::from([(0, 0), (1, 0)]))
    );
}

#[test]
fn the_visitor_can_stop_with_its_own_error() {
    let (_cluster, settings) = cluster("t", 1);
    futures::executor::block_on(producer(&settings).send_all(records("t", 3))).expect("delivered");
    let stopped = read_to_end(&settings, "t", |_| Err(Error::Stopping));
    assert!(matches!(stopped, Err(Error::Stopping)));
}

#[test]
fn one_message_by_its_coordinates() {
    let (_cluster, settings) = cluster("t", 1);
    futures::executor::block_on(producer(&settings).send_all(records("t", 3))).expect("delivered");
    let message = read_one(&settings, "t", 0, 1).expect("read").expect("there");
    assert_eq!((message.offset, message.value.as_deref()), (1, Some(&b"v1"[..])));
    assert_eq!(message.headers.len(), 1);
    assert!(read_one(&settings, "t", 0, 3).expect("read").is_none());
    assert!(read_one(&settings, "t", 7, 0).expect("read").is_none());
    assert!(read_one(&settings, "t", 0, -5).expect("read").is_none());
}
