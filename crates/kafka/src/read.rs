//! Reading outside of any group: a small topic whole (registry, quarantine), or one message by its coordinates.
//! All calls block.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::{Offset, TopicPartitionList};

use crate::context::Context;
use crate::error::{is_damage, is_transient};
use crate::message::Message;
use crate::{Error, KafkaSettings, damaged};

/// An offset of each partition.
pub type PartitionOffsets = BTreeMap<i32, i64>;

/// Reading gives up when nothing came for this long.
pub const STALL_LIMIT: Duration = Duration::from_secs(30);

/// One poll's wait.
const POLL: Duration = Duration::from_millis(100);

/// How long one question to the cluster may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// Reads all messages that are in the topic now, in order within each partition, and returns the next offset of each
/// partition.
///
/// "Now" are the high watermarks at the call: messages produced later may or may not be seen. `visit` is called for
/// each message and can stop the reading with an error of its own.
///
/// Damaged record batches are passed over, and that is logged.
pub fn read_to_end<E: From<Error>>(
    settings: &KafkaSettings,
    topic: &str,
    visit: impl FnMut(&BorrowedMessage<'_>) -> Result<(), E>,
) -> Result<PartitionOffsets, E> {
    read_from(settings, topic, &BTreeMap::new(), visit)
}

/// Like [`read_from`], but a damaged record batch is an error: for a topic whose rest means something else without it.
pub fn read_undamaged<E: From<Error>>(
    settings: &KafkaSettings,
    topic: &str,
    from: &PartitionOffsets,
    visit: impl FnMut(&BorrowedMessage<'_>) -> Result<(), E>,
) -> Result<PartitionOffsets, E> {
    read(settings, topic, from, OnDamage::Fail, visit)
}

/// The first offset of each partition whose message is at least as young as this, in milliseconds since 1970; of a partition that
/// has none, the end.
pub fn offsets_since(
    settings: &KafkaSettings,
    topic: &str,
    since_ms: i64,
) -> Result<PartitionOffsets, Error> {
    let reader = Reader::new(settings, topic)?;
    let (starts, ends) = reader.bounds(&BTreeMap::new())?;
    let mut list = TopicPartitionList::with_capacity(starts.len());
    let fault = |source| reader.unanswered("look up a time in", source);
    for partition in starts.keys() {
        list.add_partition_offset(topic, *partition, Offset::Offset(since_ms.max(0)))
            .map_err(fault)?;
    }
    let found = reader
        .consumer
        .offsets_for_times(list, ANSWER_LIMIT)
        .map_err(fault)?;
    let mut offsets = ends;
    for element in found.elements() {
        element.error().map_err(fault)?;
        if let Offset::Offset(offset) = element.offset() {
            offsets.insert(element.partition(), offset);
        }
    }
    Ok(offsets)
}

/// Like [`read_to_end`], but starts each partition at the offset given for it (else at its beginning), so that a
/// reader can go on where it stopped.
pub fn read_from<E: From<Error>>(
    settings: &KafkaSettings,
    topic: &str,
    from: &PartitionOffsets,
    visit: impl FnMut(&BorrowedMessage<'_>) -> Result<(), E>,
) -> Result<PartitionOffsets, E> {
    read(settings, topic, from, OnDamage::PassOver, visit)
}

/// What to do about a damaged record batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnDamage {
    PassOver,
    Fail,
}

fn read<E: From<Error>>(
    settings: &KafkaSettings,
    topic: &str,
    from: &PartitionOffsets,
    on_damage: OnDamage,
    mut visit: impl FnMut(&BorrowedMessage<'_>) -> Result<(), E>,
) -> Result<PartitionOffsets, E> {
    let reader = Reader::new(settings, topic)?;
    let (starts, ends) = reader.bounds(from)?;
    let mut next = starts.clone();
    next.retain(|partition, start| ends.get(partition).is_some_and(|end| *start < *end));
    reader.assign(&next)?;
    let mut last_progress = Instant::now();
    while let Some((&partition, &offset)) = next.first_key_value() {
        let taken = match reader.consumer.poll(POLL) {
            Some(Ok(message)) => {
                // A message at or after the end stands for all that may be missing before the end.
                let end = ends.get(&message.partition()).copied().unwrap_or(0);
                if message.offset() < end && next.contains_key(&message.partition()) {
                    visit(&message)?;
                }
                Some((message.partition(), message.offset() + 1))
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                Some((partition, ends.get(&partition).copied().unwrap_or(0)))
            }
            Some(Err(source)) if is_damage(&source) && on_damage == OnDamage::Fail => {
                return Err(reader.damaged(partition, offset).into());
            }
            Some(Err(source)) if is_damage(&source) => {
                reader.step_over_damage(settings, &mut next, &ends)?;
                last_progress = Instant::now();
                None
            }
            Some(Err(source)) if !is_transient(&source) => {
                return Err(reader.unanswered("read the topic", source).into());
            }
            Some(Err(_)) | None => None,
        };
        if let Some((partition, position)) = taken {
            last_progress = Instant::now();
            if ends.get(&partition).is_none_or(|end| position >= *end) {
                next.remove(&partition);
            } else if let Some(next) = next.get_mut(&partition) {
                *next = position;
            }
        } else if last_progress.elapsed() > STALL_LIMIT {
            return Err(Error::Stalled {
                topic: topic.to_owned(),
                partition,
                offset,
                waited: STALL_LIMIT,
            }
            .into());
        }
    }
    Ok(ends)
}

/// The offset of the first message of a partition at or behind this offset; where there is none now, the offset that the next message will
/// get. That can lie before this one: a broker that has just become leader may not know yet how far its log goes.
pub fn first_or_end(
    settings: &KafkaSettings,
    topic: &str,
    partition: i32,
    offset: i64,
) -> Result<i64, Error> {
    let reader = Reader::new(settings, topic)?;
    // Asked for first: the end moves, and what it has passed by now must have been looked for.
    let (_, end) = reader
        .consumer
        .fetch_watermarks(topic, partition, ANSWER_LIMIT)
        .map_err(|source| reader.unanswered("read the watermarks", source))?;
    reader.assign(&BTreeMap::from([(partition, offset)]))?;
    let first = reader.first(partition, offset)?;
    Ok(first.map_or(end, |message| message.offset()))
}

/// Reads the message at these coordinates; none when there is none (any more, or yet).
pub fn read_one(
    settings: &KafkaSettings,
    topic: &str,
    partition: i32,
    offset: i64,
) -> Result<Option<Message>, Error> {
    let reader = Reader::new(settings, topic)?;
    let (lows, highs) = reader.bounds(&BTreeMap::new())?;
    let low = lows.get(&partition).copied().unwrap_or(0);
    let high = highs.get(&partition).copied().unwrap_or(0);
    if offset < low || offset >= high {
        return Ok(None);
    }
    reader.assign(&BTreeMap::from([(partition, offset)]))?;
    // A later offset: this one is a gap that Kafka left.
    let found = reader.first(partition, offset)?;
    Ok(found
        .filter(|message| message.offset() == offset)
        .map(|message| Message::from(&message)))
}

/// A consumer of one topic that belongs to no group: its group name is only what librdkafka insists on.
struct Reader<'a> {
    consumer: BaseConsumer<Context>,
    topic: &'a str,
    brokers: &'a str,
}

impl<'a> Reader<'a> {
    fn new(settings: &'a KafkaSettings, topic: &'a str) -> Result<Self, Error> {
        let mut config = settings.client_config()?;
        config
            .set("group.id", "quarterday-reader")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("enable.partition.eof", "true")
            .set("queued.max.messages.kbytes", "65536")
            .set("fetch.wait.max.ms", "50");
        let consumer = config
            .create_with_context(Context::default())
            .map_err(Error::client)?;
        Ok(Self {
            consumer,
            topic,
            brokers: &settings.brokers,
        })
    }

    /// First wanted and next offset of each partition.
    fn bounds(&self, from: &PartitionOffsets) -> Result<(PartitionOffsets, PartitionOffsets), Error> {
        let metadata = self
            .consumer
            .fetch_metadata(Some(self.topic), ANSWER_LIMIT)
            .map_err(|source| self.unanswered("list partitions", source))?;
        let found = metadata
            .topics()
            .iter()
            .find(|found| found.name() == self.topic && found.error().is_none());
        let partitions = found.map_or(&[][..], |found| found.partitions());
        if partitions.is_empty() {
            return Err(Error::NoTopic {
                topic: self.topic.to_owned(),
            });
        }
        let (mut starts, mut ends) = (BTreeMap::new(), BTreeMap::new());
        for partition in partitions {
            let (low, high) = self
                .consumer
                .fetch_watermarks(self.topic, partition.id(), ANSWER_LIMIT)
                .map_err(|source| self.unanswered("read the watermarks", source))?;
            let start = from.get(&partition.id()).copied().unwrap_or(low).max(low);
            starts.insert(partition.id(), start);
            ends.insert(partition.id(), high);
        }
        Ok((starts, ends))
    }

    fn assign(&self, starts: &PartitionOffsets) -> Result<(), Error> {
        let mut list = TopicPartitionList::with_capacity(starts.len());
        let action = || format!("read topic {}", self.topic);
        for (partition, offset) in starts {
            list.add_partition_offset(self.topic, *partition, Offset::Offset(*offset))
                .map_err(|source| Error::consumer(action(), source))?;
        }
        self.consumer
            .assign(&list)
            .map_err(|source| Error::consumer(action(), source))
    }

    /// Goes on behind damaged batches, and drops partitions that end with one. What was in them is lost to everybody; whoever reads
    /// a whole topic is better served by the rest than by nothing.
    fn step_over_damage(
        &self,
        settings: &KafkaSettings,
        next: &mut PartitionOffsets,
        ends: &PartitionOffsets,
    ) -> Result<(), Error> {
        let from = next
            .iter()
            .map(|(partition, offset)| ((self.topic.to_owned(), *partition), *offset));
        for damage in damaged::find(settings, &from.collect())? {
            tracing::error!(
                topic = damage.topic,
                partition = damage.partition,
                first = damage.first,
                next = damage.next,
                "a record batch is damaged in Kafka: what was in it is passed over"
            );
            next.insert(damage.partition, damage.next);
        }
        next.retain(|partition, offset| ends.get(partition).is_some_and(|end| *offset < *end));
        self.assign(next)
    }

    /// The first message of the only partition that is assigned, from `offset` on.
    fn first(&self, partition: i32, offset: i64) -> Result<Option<BorrowedMessage<'_>>, Error> {
        let started = Instant::now();
        while started.elapsed() < STALL_LIMIT {
            match self.consumer.poll(POLL) {
                Some(Ok(message)) => return Ok(Some(message)),
                Some(Err(KafkaError::PartitionEOF(_))) => return Ok(None),
                Some(Err(source)) if is_damage(&source) => {
                    return Err(self.damaged(partition, offset));
                }
                Some(Err(source)) if !is_transient(&source) => {
                    return Err(self.unanswered("read a message", source));
                }
                Some(Err(_)) | None => {}
            }
        }
        Err(Error::Stalled {
            topic: self.topic.to_owned(),
            partition,
            offset,
            waited: STALL_LIMIT,
        })
    }

    fn damaged(&self, partition: i32, offset: i64) -> Error {
        Error::Damaged {
            topic: self.topic.to_owned(),
            partition,
            offset,
        }
    }

    fn unanswered(&self, what: &str, source: KafkaError) -> Error {
        Error::cluster(self.brokers, format!("{what} {}", self.topic), source)
    }
}

#[cfg(test)]
mod tests;
