//! Clients that do what no client should, over plain connections. The broker must outlive them all.

use std::time::Instant;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use quarterday_kafka::producer::Record;
use tansu_sans_io::produce_request::{PartitionProduceData, TopicProduceData};
use tansu_sans_io::record::{self, deflated, inflated};
use tansu_sans_io::{ErrorCode, Frame, Header, ProduceRequest, ProduceResponse};
use tansu_storage::Storage as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::tests::{producer, read_all, start, with_topics};
use super::*;

const PRODUCE: i16 = 0;
const PRODUCE_VERSION: i16 = 9;
const LIMIT: Duration = Duration::from_secs(30);

fn good_batch() -> deflated::Batch {
    let batch = inflated::Batch::builder()
        .record(
            record::Record::builder()
                .key(Some("k".into()))
                .value(Some("v".into())),
        )
        .build()
        .expect("batch");
    deflated::Batch::try_from(batch).expect("batch")
}

async fn produce(broker: &Broker, topic: &str, batch: deflated::Batch) -> ErrorCode {
    let partition = PartitionProduceData::default()
        .index(0)
        .records(Some(deflated::Frame { batches: vec![batch] }));
    let topic = TopicProduceData::default()
        .name(topic.into())
        .partition_data(Some(vec![partition]));
    let request = ProduceRequest::default()
        .acks(-1)
        .timeout_ms(5000)
        .topic_data(Some(vec![topic]));
    let header = Header::Request {
        api_key: PRODUCE,
        api_version: PRODUCE_VERSION,
        correlation_id: 1,
        client_id: Some("test".into()),
    };
    let mut stream = TcpStream::connect(broker.address()).await.expect("connected");
    let request = Frame::request(header, request.into()).expect("encoded");
    stream.write_all(&request).await.expect("sent");
    let mut size = [0; 4];
    stream.read_exact(&mut size).await.expect("an answer");
    let mut answer = size.to_vec();
    answer.resize(4 + usize::try_from(u32::from_be_bytes(size)).unwrap(), 0);
    stream
        .read_exact(&mut answer[4..])
        .await
        .expect("the whole answer");
    let frame = Frame::response_from_bytes(&answer[..], PRODUCE, PRODUCE_VERSION).expect("decoded");
    let response = ProduceResponse::try_from(frame.body).expect("an answer to produce");
    let topics = response.responses.expect("topics");
    let partitions = topics[0].partition_responses.as_ref().expect("partitions");
    ErrorCode::try_from(partitions[0].error_code).expect("a known code")
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_batches_are_refused_by_code_and_good_ones_taken() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("t", 1)]).await;
    let good = good_batch;
    // The batch's own length is right, so that it gets as far as its records.
    let missing = i32::try_from(good().record_data.len() - 3).expect("small");
    let cut = deflated::Batch {
        record_data: good().record_data.slice(..3),
        batch_length: good().batch_length - missing,
        ..good()
    };
    assert_eq!(produce(&broker, "t", cut).await, ErrorCode::CorruptMessage);
    let lie = deflated::Batch {
        record_count: 4_000_000_000,
        ..good()
    };
    assert_eq!(produce(&broker, "t", lie).await, ErrorCode::InvalidRecord);
    let stranger = deflated::Batch {
        producer_id: 4711,
        producer_epoch: 0,
        base_sequence: 0,
        ..good()
    };
    assert_eq!(
        produce(&broker, "t", stranger).await,
        ErrorCode::UnknownProducerId
    );
    assert_eq!(
        produce(&broker, "nowhere", good()).await,
        ErrorCode::UnknownTopicOrPartition
    );
    assert_eq!(produce(&broker, "t", good()).await, ErrorCode::None);
    assert_eq!(read_all(&broker, "t").await.len(), 1);
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_time_blocks_nothing() {
    let directory = tempfile::tempdir().expect("directory");
    let broker = start(directory.path()).await;
    with_topics(&broker, &[("t", 1)]).await;
    let timeless = deflated::Batch {
        base_timestamp: -1,
        max_timestamp: -1,
        ..good_batch()
    };
    assert_eq!(produce(&broker, "t", timeless).await, ErrorCode::None);
    assert_eq!(produce(&broker, "t", good_batch()).await, ErrorCode::None);
    let came = read_all(&broker, "t").await;
    assert_eq!(
        came.iter()
            .map(|message| message.timestamp_ms.is_some())
            .collect::<Vec<_>>(),
        [false, true]
    );
    broker.shutdown().await;
}

#[test]
fn any_bytes_leave_the_broker_alive() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let directory = tempfile::tempdir().expect("directory");
    let broker = runtime.block_on(start(directory.path()));
    runtime.block_on(with_topics(&broker, &[("t", 1)]));
    let frame = (0_i16..80, 0_i16..20, vec(any::<u8>(), 0..200)).prop_map(|(key, version, rest)| {
        let mut frame = [&key.to_be_bytes()[..], &version.to_be_bytes(), &rest].concat();
        let size = u32::try_from(frame.len()).expect("small");
        frame.splice(..0, size.to_be_bytes());
        frame
    });
    let bytes = prop_oneof![frame, vec(any::<u8>(), 0..64)];
    let mut runner = TestRunner::new(Config {
        cases: 300,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&bytes, |bytes| {
        runtime.block_on(async {
            let mut stream = TcpStream::connect(broker.address()).await.expect("connected");
            stream.write_all(&bytes).await.expect("sent");
            stream.shutdown().await.expect("closed");
            // Until the broker hangs up, or has answered.
            let mut answer = Vec::new();
            let _ = tokio::time::timeout(LIMIT, stream.read_to_end(&mut answer))
                .await
                .expect("hung up");
        });
        Ok(())
    });
    outcome.expect("no panic");
    runtime.block_on(async {
        producer(&broker)
            .send(Record::new("t", "k", "v"))
            .await
            .expect("the broker lives");
        assert!(!read_all(&broker, "t").await.is_empty());
        broker.shutdown().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_task_that_panicked_is_begun_anew() {
    let directory = tempfile::tempdir().expect("directory");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("non-blocking");
    let address = listener.local_addr().expect("address");
    let location = Location {
        file: directory.path().join(FILE),
        address,
    };
    let services = open(&location).await.expect("opened");
    let storage = services.container();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve::serve(listener, services, location, stop.clone()));
    let settings = KafkaSettings::new(address.to_string());
    let topics = Topics::new(&settings).expect("client");
    topics
        .ensure(&[quarterday_kafka::topics::TopicPlan::kept_for_ever("t", 1)])
        .await
        .expect("topic");
    // tansu has not written this function.
    storage.delete_records(&[]).await.expect_err("the task is gone");
    let started = Instant::now();
    while topics.list().await.is_err() {
        assert!(started.elapsed() < LIMIT, "the storage task did not come back");
    }
    assert!(topics.list().await.expect("topics").contains_key("t"));
    stop.cancel();
    serving.await.expect("stopped");
}
