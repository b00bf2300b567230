//! Answering which offsets a partition has. tansu's own answer fails for good in a partition that holds a message
//! without a timestamp, and says 0 for topics that are not there.

use tansu_sans_io::list_offsets_request::ListOffsetsPartition;
use tansu_sans_io::list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse};
use tansu_sans_io::{ErrorCode, ListOffsetsRequest, ListOffsetsResponse};

use super::log::{LogFile, TopicRef};

/// Kafka's special timestamps.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;

/// Answers from the log; blocking.
pub(super) fn answer(
    log: &LogFile,
    request: ListOffsetsRequest,
) -> Result<ListOffsetsResponse, libsql::Error> {
    let mut topics = Vec::new();
    for topic in request.topics.into_iter().flatten() {
        let partitions = topic
            .partitions
            .iter()
            .flatten()
            .map(|partition| in_partition(log, &topic.name, partition))
            .collect::<Result<Vec<_>, _>>()?;
        topics.push(
            ListOffsetsTopicResponse::default()
                .name(topic.name)
                .partitions(Some(partitions)),
        );
    }
    Ok(ListOffsetsResponse::default()
        .throttle_time_ms(Some(0))
        .topics(Some(topics)))
}

fn in_partition(
    log: &LogFile,
    topic: &str,
    wanted: &ListOffsetsPartition,
) -> Result<ListOffsetsPartitionResponse, libsql::Error> {
    let answer = ListOffsetsPartitionResponse::default()
        .partition_index(wanted.partition_index)
        .old_style_offsets(Some([].into()))
        .leader_epoch(Some(-1));
    let Some(bounds) = log.bounds(TopicRef::Name(topic), wanted.partition_index)? else {
        let unknown = ErrorCode::UnknownTopicOrPartition.into();
        return Ok(answer.error_code(unknown).timestamp(Some(-1)).offset(Some(-1)));
    };
    let (offset, timestamp) = match wanted.timestamp {
        LATEST => (bounds.high, -1),
        EARLIEST => (bounds.low, -1),
        timestamp => log.first_since(&bounds, timestamp)?.unwrap_or((-1, -1)),
    };
    Ok(answer
        .error_code(ErrorCode::None.into())
        .timestamp(Some(timestamp))
        .offset(Some(offset)))
}
