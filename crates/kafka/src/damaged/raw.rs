//! Polling librdkafka itself: `rdkafka` says of an error in the place of messages only what it is, not where.

use std::collections::BTreeMap;
use std::ffi::CStr;
use std::time::Duration;

use rdkafka::bindings::{self, rd_kafka_message_t, rd_kafka_resp_err_t as Code};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};

use crate::context::Context;
use crate::positions::TopicPartition;
use crate::{Error, KafkaSettings};

/// How long one question to the cluster may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// One poll's wait, milliseconds.
const POLL_MS: i32 = 100;

/// What a partition gives first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// A message, with its offset.
    Message(i64),
    /// A batch that begins at this offset and whose checksum does not fit.
    Damaged(i64),
    /// A batch that begins at this offset and is of a version that there is not.
    Foreign(i64),
    /// Nothing: it ends there.
    Nothing,
}

/// A consumer without a group; its group name is only what librdkafka insists on.
pub(super) struct Raw {
    consumer: BaseConsumer<Context>,
    brokers: String,
}

impl Raw {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, Error> {
        let mut config = settings.client_config()?;
        config
            .set("group.id", "quarterday-damaged")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("enable.partition.eof", "true")
            // One batch of each partition is wanted.
            .set("fetch.message.max.bytes", "65536")
            .set("queued.max.messages.kbytes", "1024")
            .set("fetch.wait.max.ms", "50");
        let consumer = config
            .create_with_context(Context::default())
            .map_err(Error::client)?;
        Ok(Raw {
            consumer,
            brokers: settings.brokers.clone(),
        })
    }

    /// Begins at these offsets.
    pub(super) fn assign(&self, from: &BTreeMap<TopicPartition, i64>) -> Result<(), Error> {
        let mut list = TopicPartitionList::with_capacity(from.len());
        let fault = |source| Error::consumer("read what may be damaged", source);
        for ((topic, partition), offset) in from {
            list.add_partition_offset(topic, *partition, Offset::Offset(*offset))
                .map_err(fault)?;
        }
        self.consumer.assign(&list).map_err(fault)
    }

    /// Nothing more is wanted of this partition.
    pub(super) fn pause(&self, (topic, partition): &TopicPartition) -> Result<(), Error> {
        let mut list = TopicPartitionList::with_capacity(1);
        list.add_partition(topic, *partition);
        self.consumer
            .pause(&list)
            .map_err(|source| Error::consumer("pause what may be damaged", source))
    }

    /// The offset that the next message of a partition will get.
    pub(super) fn end(&self, (topic, partition): &TopicPartition) -> Result<i64, Error> {
        let (_, end) = self
            .consumer
            .fetch_watermarks(topic, *partition, ANSWER_LIMIT)
            .map_err(|source| {
                Error::cluster(&self.brokers, format!("read the watermarks of {topic}"), source)
            })?;
        Ok(end)
    }

    /// What came next, and of which partition; none when nothing came for a while.
    pub(super) fn poll(&self) -> Result<Option<(TopicPartition, First)>, Error> {
        let client = self.consumer.client().native_ptr();
        // SAFETY: the client lives as long as `self`; what comes is null or a message that is ours until it is destroyed.
        let message = unsafe { bindings::rd_kafka_consumer_poll(client, POLL_MS) };
        // SAFETY: as above, and nobody else knows of it.
        let Some(came) = (unsafe { message.as_ref() }) else {
            return Ok(None);
        };
        let read = self.read(came);
        // SAFETY: it came from the poll, is destroyed once, and nothing borrowed from it is left.
        unsafe { bindings::rd_kafka_message_destroy(message) };
        read
    }

    fn read(&self, came: &rd_kafka_message_t) -> Result<Option<(TopicPartition, First)>, Error> {
        let first = match came.err {
            Code::RD_KAFKA_RESP_ERR_NO_ERROR => First::Message(came.offset),
            Code::RD_KAFKA_RESP_ERR__PARTITION_EOF => First::Nothing,
            Code::RD_KAFKA_RESP_ERR__BAD_MSG => First::Damaged(came.offset),
            Code::RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED => First::Foreign(came.offset),
            other => {
                let source = KafkaError::MessageConsumption(RDKafkaErrorCode::from(other));
                if crate::error::is_transient(&source) {
                    return Ok(None);
                }
                return Err(Error::cluster(&self.brokers, "read what may be damaged", source));
            }
        };
        if came.rkt.is_null() {
            return Ok(None);
        }
        // SAFETY: a message that names a topic keeps it; its name ends with NUL.
        let topic = unsafe { CStr::from_ptr(bindings::rd_kafka_topic_name(came.rkt)) };
        Ok(Some((
            (topic.to_string_lossy().into_owned(), came.partition),
            first,
        )))
    }
}
