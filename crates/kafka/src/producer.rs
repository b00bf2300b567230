//! Producing: idempotent, acknowledged by all replicas, partitioned by key as Java clients do (murmur2), with bounded
//! memory. A call returns when the broker has acknowledged, so what it returned for is in the log.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::context::Context;
use crate::message::{Header, to_native};
use crate::{Error, KafkaSettings};

/// The largest message that is let through to the broker, unless configured otherwise: 16 MiB.
pub const DEFAULT_MESSAGE_LIMIT: usize = 16 << 20;

/// Memory of messages on their way, in KiB: one permit of the window each.
const WINDOW_KIB: u32 = 64 << 10;

/// What to produce.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Where to.
    pub topic: String,
    /// The partition; none lets the key decide.
    pub partition: Option<i32>,
    /// The key.
    pub key: Option<Vec<u8>>,
    /// The value; none is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers in order.
    pub headers: Vec<Header>,
    /// Milliseconds since 1970; none is now.
    pub timestamp_ms: Option<i64>,
}

/// Where an acknowledged message lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The partition.
    pub partition: i32,
    /// The offset in it.
    pub offset: i64,
}

/// How to produce.
#[derive(Clone, Copy, Debug)]
pub struct ProducerOptions {
    /// Refuse larger messages before they are sent, bytes.
    pub message_limit: usize,
    /// How long a message may wait for others to travel with.
    pub linger: Duration,
    /// How long to try to deliver one message before it fails.
    pub delivery_limit: Duration,
}

/// A producer; cloning shares it.
#[derive(Clone)]
pub struct Producer {
    inner: FutureProducer<Context>,
    window: Arc<Semaphore>,
}

/// A message that was handed to librdkafka and not yet acknowledged; its permits come back when it is dropped.
struct Flying {
    topic: String,
    bytes: usize,
    delivery: DeliveryFuture,
    _permits: OwnedSemaphorePermit,
}

impl Default for ProducerOptions {
    fn default() -> Self {
        Self {
            message_limit: DEFAULT_MESSAGE_LIMIT,
            // One produce request costs the embedded broker some 8 ms: a short wait for company pays.
            linger: Duration::from_millis(5),
            delivery_limit: Duration::from_secs(120),
        }
    }
}

impl Record {
    /// A message with key and value, partitioned by its key.
    pub fn new(topic: impl Into<String>, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            topic: topic.into(),
            key: Some(key.into()),
            value: Some(value.into()),
            ..Self::default()
        }
    }

    fn bytes(&self) -> usize {
        self.value.as_ref().map_or(0, Vec::len)
    }

    /// What it takes of the window: its size in KiB, headers included, and at least one.
    fn permits(&self) -> u32 {
        let headers: usize = self
            .headers
            .iter()
            .map(|header| header.name.len() + header.value.as_ref().map_or(0, Vec::len) + 16)
            .sum();
        let bytes = self.bytes() + self.key.as_ref().map_or(0, Vec::len) + headers;
        u32::try_from(bytes / 1024 + 1)
            .unwrap_or(u32::MAX)
            .min(WINDOW_KIB)
    }
}

impl Producer {
    /// Creates a producer. Nothing connects before the first message.
    pub fn new(settings: &KafkaSettings, options: ProducerOptions) -> Result<Self, Error> {
        let mut config = settings.client_config()?;
        config
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", options.message_limit.to_string())
            .set("linger.ms", options.linger.as_millis().to_string())
            .set(
                "message.timeout.ms",
                options.delivery_limit.as_millis().to_string(),
            )
            // The window of this module is the bound; librdkafka's own must never be met before it.
            .set("queue.buffering.max.messages", (2 * WINDOW_KIB).to_string())
            .set("queue.buffering.max.kbytes", (4 * WINDOW_KIB).to_string());
        let inner = config
            .create_with_context(Context::default())
            .map_err(Error::client)?;
        let window = usize::try_from(WINDOW_KIB).unwrap_or(Semaphore::MAX_PERMITS);
        Ok(Self {
            inner,
            window: Arc::new(Semaphore::new(window)),
        })
    }

    /// Produces one message and waits until it is acknowledged.
    pub async fn send(&self, record: Record) -> Result<Delivered, Error> {
        let permits = Arc::clone(&self.window)
            .acquire_many_owned(record.permits())
            .await
            .map_err(|_| Error::Stopping)?;
        self.take_off(record, permits)?.land().await
    }

    /// Produces many messages, in order per key, and waits until all are acknowledged; the answers are in the order
    /// of `records`.
    ///
    /// On an error those handed over before have been waited for; later ones were not sent. The error names topic
    /// and partition.
    pub async fn send_all(&self, records: impl IntoIterator<Item = Record>) -> Result<Vec<Delivered>, Error> {
        let mut flying = VecDeque::new();
        let mut delivered = Vec::new();
        let mut failure = None;
        for record in records {
            match self.join_window(record, &mut flying, &mut delivered).await {
                Ok(next) => flying.push_back(next),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        for flight in flying {
            match flight.land().await {
                Ok(landed) => delivered.push(landed),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(delivered), Err)
    }

    /// Waits until everything sent by any clone is acknowledged. [`Producer::send_all`] needs no flush.
    pub async fn flush(&self, limit: Duration) -> Result<(), Error> {
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || inner.flush(limit))
            .await
            .map_err(|_| Error::Stopping)?
            .map_err(|source| Error::Flush {
                waited: limit,
                source: Box::new(source),
            })
    }

    /// Finds room in the window, by waiting for the oldest of our own flights rather than for others' when there are
    /// any: else two callers could each hold half of the window and wait for the other.
    async fn join_window(
        &self,
        record: Record,
        flying: &mut VecDeque<Flying>,
        delivered: &mut Vec<Delivered>,
    ) -> Result<Flying, Error> {
        let wanted = record.permits();
        let permits = loop {
            if let Ok(permits) = Arc::clone(&self.window).try_acquire_many_owned(wanted) {
                break permits;
            }
            match flying.pop_front() {
                Some(oldest) => delivered.push(oldest.land().await?),
                None => {
                    break Arc::clone(&self.window)
                        .acquire_many_owned(wanted)
                        .await
                        .map_err(|_| Error::Stopping)?;
                }
            }
        };
        self.take_off(record, permits)
    }

    fn take_off(&self, record: Record, permits: OwnedSemaphorePermit) -> Result<Flying, Error> {
        let bytes = record.bytes();
        let wire = FutureRecord::<[u8], [u8]> {
            topic: &record.topic,
            partition: record.partition,
            payload: record.value.as_deref(),
            key: record.key.as_deref(),
            timestamp: record.timestamp_ms,
            headers: to_native(&record.headers),
        };
        match self.inner.send_result(wire) {
            Ok(delivery) => Ok(Flying {
                topic: record.topic,
                bytes,
                delivery,
                _permits: permits,
            }),
            Err((source, _)) => {
                let partition = record.partition.unwrap_or(-1);
                Err(Error::Delivery {
                    topic: record.topic,
                    partition,
                    bytes,
                    source: Box::new(source),
                })
            }
        }
    }
}

impl Flying {
    async fn land(self) -> Result<Delivered, Error> {
        let Self {
            topic,
            bytes,
            delivery,
            _permits,
        } = self;
        match delivery.await {
            Ok(Ok(landed)) => Ok(Delivered {
                partition: landed.partition,
                offset: landed.offset,
            }),
            Ok(Err((source, message))) => {
                let partition = rdkafka::message::Message::partition(&message);
                Err(Error::Delivery {
                    topic,
                    partition,
                    bytes,
                    source: Box::new(source),
                })
            }
            Err(_) => {
                let source = KafkaError::MessageProduction(RDKafkaErrorCode::PurgeQueue);
                Err(Error::Delivery {
                    topic,
                    partition: -1,
                    bytes,
                    source: Box::new(source),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
