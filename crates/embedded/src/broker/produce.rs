//! Checking what is produced before tansu sees it: its decoder panics on malformed batches, and a message larger than
//! any answer could never be fetched.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tansu_sans_io::record::deflated::Batch;
use tansu_sans_io::record::inflated;
use tansu_sans_io::{ErrorCode, ProduceRequest, ProduceResponse};

use super::log::{LogFile, TopicRef};

/// The largest batch that is taken, bytes on the wire: 16 MiB of message with room for its frame.
const BATCH_LIMIT: usize = (16 << 20) + (64 << 10);

/// More records than any client packs into a batch of that size.
const RECORD_LIMIT: u32 = 1 << 20;

/// A request that tansu can take.
pub(super) struct Checked {
    pub(super) request: ProduceRequest,
    pub(super) refused: Refused,
}

/// Partitions whose batches were taken out, with the reason. tansu answers a partition without batches by an error
/// of no meaning.
#[derive(Default)]
pub(super) struct Refused(HashMap<(String, i32), ErrorCode>);

impl Checked {
    /// Takes out what tansu must not see.
    pub(super) fn new(mut request: ProduceRequest, log: &LogFile) -> Self {
        let mut refused = Refused::default();
        for topic in request.topic_data.iter_mut().flatten() {
            for partition in topic.partition_data.iter_mut().flatten() {
                let exists = matches!(
                    log.bounds(TopicRef::Name(&topic.name), partition.index),
                    Ok(Some(_))
                );
                let fault = if exists {
                    let mut batches = partition.records.iter().flat_map(|records| &records.batches);
                    batches.find_map(|batch| fault(batch, log))
                } else {
                    Some(ErrorCode::UnknownTopicOrPartition)
                };
                if let Some(code) = fault {
                    refused.0.insert((topic.name.clone(), partition.index), code);
                    partition.records = None;
                }
            }
        }
        Self { request, refused }
    }
}

impl Refused {
    /// The answer with our reasons.
    pub(super) fn explain(&self, mut response: ProduceResponse) -> ProduceResponse {
        for topic in response.responses.iter_mut().flatten() {
            for partition in topic.partition_responses.iter_mut().flatten() {
                if let Some(code) = self.0.get(&(topic.name.clone(), partition.index)) {
                    partition.error_code = i16::from(*code);
                }
            }
        }
        response
    }
}

/// The epochs in a request that are newer than the newest known of their producers.
pub(super) fn new_epochs(
    request: &ProduceRequest,
    log: &LogFile,
) -> Result<BTreeSet<(i64, i16)>, libsql::Error> {
    let topics = request.topic_data.iter().flatten();
    let partitions = topics.flat_map(|topic| topic.partition_data.iter().flatten());
    let batches =
        partitions.flat_map(|partition| partition.records.iter().flat_map(|records| &records.batches));
    let mut unknown = BTreeSet::new();
    for batch in batches.filter(|batch| batch.is_idempotent()) {
        if log
            .epoch(batch.producer_id)?
            .is_some_and(|known| known < batch.producer_epoch)
        {
            unknown.insert((batch.producer_id, batch.producer_epoch));
        }
    }
    Ok(unknown)
}

fn fault(batch: &Batch, log: &LogFile) -> Option<ErrorCode> {
    if batch.record_data.len() > BATCH_LIMIT {
        return Some(ErrorCode::MessageTooLarge);
    }
    let claims = batch.record_count;
    if claims == 0 || claims > RECORD_LIMIT || i64::from(claims) != i64::from(batch.last_offset_delta) + 1 {
        return Some(ErrorCode::InvalidRecord);
    }
    if batch.is_idempotent() {
        match log.epoch(batch.producer_id) {
            Ok(Some(known)) if known == batch.producer_epoch => {}
            Ok(Some(_)) => return Some(ErrorCode::InvalidProducerEpoch),
            Ok(None) => return Some(ErrorCode::UnknownProducerId),
            Err(_) => return Some(ErrorCode::KafkaStorageError),
        }
    }
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        inflated::Batch::try_from(batch.clone()).is_ok()
    }));
    (!decoded.unwrap_or(false)).then_some(ErrorCode::CorruptMessage)
}
