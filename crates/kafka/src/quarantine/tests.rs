use proptest::prelude::*;

use super::*;
use crate::mock::{cluster, producer};
use crate::producer::{ProducerOptions, Record};

fn rejected(value: Vec<u8>) -> QuarantineMessage {
    QuarantineMessage {
        rejection: Rejection {
            reason: "unknown_code".into(),
            stage: Stage::Check,
            detail: "kind: no such code".into(),
            about: About {
                field: "body.kind".into(),
                partner: String::new(),
                reference: "R1".into(),
            },
        },
        original: Message {
            topic: "returns.cctv-incidents".into(),
            partition: 3,
            offset: 77,
            timestamp_ms: Some(1_400_000_000_000),
            key: Some(b"f|p|r".to_vec()),
            value: Some(value),
            headers: vec![
                Header::text("trace", "1"),
                Header {
                    name: "trace".into(),
                    value: None,
                },
            ],
        },
        elided: Elided::default(),
    }
}

/// The message as it would be read from the quarantine topic.
fn landed(record: Record) -> Message {
    Message {
        topic: record.topic,
        partition: 0,
        offset: 0,
        timestamp_ms: Some(1),
        key: record.key,
        value: record.value,
        headers: record.headers,
    }
}

fn header() -> impl Strategy<Value = Header> {
    let name = prop_oneof![
        "quarterday-(reason|stage|detail|field|ref|offset|value-elided)",
        "[a-z]{0,8}",
        "\\PC{0,12}"
    ];
    (
        name,
        proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)),
    )
        .prop_map(|(name, value)| Header { name, value })
}

fn bytes() -> impl Strategy<Value = Option<Vec<u8>>> {
    proptest::option::of(proptest::collection::vec(any::<u8>(), 0..60))
}

proptest! {
    #[test]
    fn what_goes_in_comes_out_whole(
        headers in proptest::collection::vec(header(), 0..6),
        (key, value) in (bytes(), bytes()),
        (partition, offset, timestamp_ms) in (0..i32::MAX, 0..i64::MAX, proptest::option::of(any::<i64>())),
        detail in "\\PC{0,60}",
    ) {
        let mut message = rejected(Vec::new());
        message.rejection.detail = detail;
        message.original = Message { topic: "t".into(), partition, offset, timestamp_ms, key, value, headers };
        let read = wire::parse(&landed(wire::to_record(&message, TOPIC)));
        prop_assert_eq!(read.expect("our own message"), message);
    }

    #[test]
    fn foreign_messages_give_an_error_and_no_panic(headers in proptest::collection::vec(header(), 0..8)) {
        let message = Message { headers, ..Message::default() };
        if let Err(error) = wire::parse(&message) {
            let not_quarantined = matches!(error, Error::NotQuarantined { .. });
            prop_assert!(not_quarantined);
        }
    }
}

#[test]
fn a_message_rejected_again_keeps_its_first_reason_as_a_header() {
    let first = landed(wire::to_record(&rejected(b"x".to_vec()), TOPIC));
    let mut again = rejected(b"x".to_vec());
    again.rejection.reason = "second".into();
    again.original.headers = first.headers.clone();
    let read = wire::parse(&landed(wire::to_record(&again, TOPIC))).expect("ours");
    assert_eq!(read.rejection.reason, "second");
    assert_eq!(read.original.headers, first.headers);
}

#[test]
fn a_long_detail_is_cut_at_a_character() {
    let mut message = rejected(Vec::new());
    message.rejection.detail = "é".repeat(3000);
    let read = wire::parse(&landed(wire::to_record(&message, TOPIC))).expect("ours");
    assert_eq!(read.rejection.detail, "é".repeat(1000));
}

async fn put_with_limit(limit: usize, message: QuarantineMessage) -> QuarantineMessage {
    let (_cluster, settings) = cluster(TOPIC, 1);
    let options = ProducerOptions {
        message_limit: limit,
        ..ProducerOptions::default()
    };
    let producer = crate::producer::Producer::new(&settings, options).expect("producer");
    Quarantine::new(producer, TOPIC)
        .put(&[&message])
        .await
        .expect("a message never stops its partition");
    let mut found = Vec::new();
    read_all(&settings, TOPIC, None, |_, parsed| {
        found.push(parsed.expect("ours"))
    })
    .expect("read");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_come_through_whole() {
    let message = rejected(vec![9; 10 << 20]);
    assert_eq!(put_with_limit(16 << 20, message.clone()).await, message);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_value_leaves_a_notice() {
    let notice = put_with_limit(10_000, rejected(vec![9; 20_000])).await;
    assert_eq!(
        notice.elided,
        Elided {
            value: Some(20_000),
            key: None,
            headers: None
        }
    );
    assert_eq!(notice.original.value, None);
    assert_eq!((notice.original.offset, notice.original.headers.len()), (77, 2));
    assert!(!notice.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_headers_leave_coordinates_and_reason() {
    let mut message = rejected(vec![9; 20_000]);
    message.original.headers.push(Header {
        name: "big".into(),
        value: Some(vec![1; 20_000]),
    });
    let bare = put_with_limit(10_000, message).await;
    assert_eq!(
        bare.elided,
        Elided {
            value: Some(20_000),
            key: Some(5),
            headers: Some(3)
        }
    );
    assert_eq!((bare.original.partition, bare.original.offset), (3, 77));
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_messages_on_the_topic_are_reported_not_lost() {
    let (_cluster, settings) = cluster(TOPIC, 1);
    producer(&settings)
        .send(Record::new(TOPIC, "k", "v"))
        .await
        .expect("delivered");
    let mut foreign = 0;
    read_all(&settings, TOPIC, None, |_, parsed| {
        foreign += i32::from(parsed.is_err())
    })
    .expect("read");
    assert_eq!(foreign, 1);
}

#[test]
fn of_a_message_that_was_put_aside_twice_the_first_stands() {
    let aside = |offset| PutAside {
        rejection: Rejection {
            reason: format!("reason-{offset}"),
            stage: Stage::Check,
            detail: String::new(),
            about: About::default(),
        },
        place: Delivered { partition: 0, offset },
        timestamp_ms: None,
        bytes: 0,
    };
    let (mut found, origin) = (BTreeMap::new(), || ("returns.x".to_owned(), 1, 7));
    note(&mut found, origin(), aside(3));
    note(&mut found, origin(), aside(4));
    assert_eq!(found, [(origin(), aside(3))].into());
}
