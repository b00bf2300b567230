//! Answering fetch requests as Kafka does: at once when something is there, else as soon as something comes, else
//! empty when the client's waiting time is over.

use std::sync::Arc;
use std::time::Duration;

use tansu_broker::Error;
use tansu_sans_io::fetch_request::{FetchPartition, FetchTopic};
use tansu_sans_io::fetch_response::{FetchableTopicResponse, PartitionData};
use tansu_sans_io::record::deflated::Frame as Batches;
use tansu_sans_io::{ErrorCode, FetchRequest, FetchResponse};
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use super::batch;
use super::log::{LogFile, Slice, TopicRef, Wanted};

/// No answer is larger, whatever the client asks for, save for a single message that is.
const ANSWER_LIMIT: usize = 50 << 20;

/// No client waits longer.
const WAIT_LIMIT: Duration = Duration::from_secs(60);

/// Answers fetch requests.
pub(super) struct Fetcher {
    log: Arc<LogFile>,
    produced: watch::Receiver<u64>,
}

/// What one look at the log found.
struct Found {
    topics: Vec<FetchableTopicResponse>,
    bytes: usize,
    failed: bool,
}

impl Fetcher {
    pub(super) fn new(log: Arc<LogFile>, produced: watch::Receiver<u64>) -> Self {
        Self { log, produced }
    }

    pub(super) async fn answer(&self, request: FetchRequest) -> Result<FetchResponse, Error> {
        let wait = Duration::from_millis(u64::try_from(request.max_wait_ms).unwrap_or(0)).min(WAIT_LIMIT);
        let deadline = Instant::now() + wait;
        let enough = usize::try_from(request.min_bytes).unwrap_or(0);
        let request = Arc::new(request);
        let mut produced = self.produced.clone();
        loop {
            produced.mark_unchanged();
            let (log, wanted) = (Arc::clone(&self.log), Arc::clone(&request));
            let found = tokio::task::spawn_blocking(move || look(&log, &wanted)).await??;
            if found.failed || found.bytes >= enough {
                return Ok(response(found));
            }
            match tokio::time::timeout_at(deadline, produced.changed()).await {
                Ok(Ok(())) => {}
                // Time is over, or the broker stops: nothing came since the last look.
                Ok(Err(_)) | Err(_) => return Ok(response(found)),
            }
        }
    }
}

fn look(log: &LogFile, request: &FetchRequest) -> Result<Found, Error> {
    let limit = request
        .max_bytes
        .and_then(|bytes| usize::try_from(bytes).ok())
        .unwrap_or(ANSWER_LIMIT);
    let mut found = Found {
        topics: Vec::new(),
        bytes: 0,
        failed: false,
    };
    for topic in request.topics.iter().flatten() {
        let mut partitions = Vec::new();
        for partition in topic.partitions.iter().flatten() {
            let left = limit.min(ANSWER_LIMIT).saturating_sub(found.bytes);
            let answer = look_into(log, topic, partition, (left, found.bytes == 0))?;
            found.bytes += answer
                .records
                .iter()
                .flat_map(|records| &records.batches)
                .map(|batch| batch.record_data.len())
                .sum::<usize>();
            found.failed |= answer.error_code != i16::from(ErrorCode::None);
            partitions.push(answer);
        }
        found.topics.push(
            FetchableTopicResponse::default()
                .topic(topic.topic.clone())
                .topic_id(topic.topic_id)
                .partitions(Some(partitions)),
        );
    }
    Ok(found)
}

/// `left` bytes may come, or one message of any size where nothing came before it.
fn look_into(
    log: &LogFile,
    topic: &FetchTopic,
    partition: &FetchPartition,
    (left, first): (usize, bool),
) -> Result<PartitionData, Error> {
    let name = topic.topic.as_deref().unwrap_or_default();
    let id = topic.topic_id.map(Uuid::from_bytes).filter(|id| !id.is_nil());
    let wanted = Wanted {
        topic: id.map_or(TopicRef::Name(name), TopicRef::Id),
        partition: partition.partition,
        from: partition.fetch_offset,
        bytes: usize::try_from(partition.partition_max_bytes)
            .unwrap_or(0)
            .min(left),
        at_least_one: first,
    };
    let Some(slice) = log
        .read(&wanted)
        .map_err(|error| Error::Message(error.to_string()))?
    else {
        let code = if id.is_some() {
            ErrorCode::UnknownTopicId
        } else {
            ErrorCode::UnknownTopicOrPartition
        };
        return Ok(partition_data(partition.partition, code, (-1, -1), None));
    };
    let Slice { low, high, records } = slice;
    if !(low..=high).contains(&partition.fetch_offset) {
        return Ok(partition_data(
            partition.partition,
            ErrorCode::OffsetOutOfRange,
            (low, high),
            None,
        ));
    }
    let batches = batch::pack(records)?.map(|batch| Batches { batches: vec![batch] });
    Ok(partition_data(
        partition.partition,
        ErrorCode::None,
        (low, high),
        batches,
    ))
}

fn partition_data(
    index: i32,
    code: ErrorCode,
    (low, high): (i64, i64),
    records: Option<Batches>,
) -> PartitionData {
    PartitionData::default()
        .partition_index(index)
        .error_code(code.into())
        .high_watermark(high)
        .last_stable_offset(Some(high))
        .log_start_offset(Some(low))
        .diverging_epoch(None)
        .current_leader(None)
        .snapshot_id(None)
        .aborted_transactions(Some([].into()))
        .preferred_read_replica(Some(-1))
        .records(records)
}

fn response(found: Found) -> FetchResponse {
    FetchResponse::default()
        .throttle_time_ms(Some(0))
        .error_code(Some(ErrorCode::None.into()))
        .session_id(Some(0))
        .node_endpoints(Some([].into()))
        .responses(Some(found.topics))
}
