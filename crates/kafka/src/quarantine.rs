//! The quarantine topic: a rejected message waits there whole, with its reason, until it is mended and replayed.
//!
//! A quarantined message keeps the key, value and headers it came with. After its own headers follow ours, beginning
//! with `quarterday-reason`; so the last header of that name divides the two, also for a message that was replayed and
//! rejected again.
//!
//! A message must never stop its partition. Where the broker refuses it for its size, a notice goes instead, without
//! the value and with header `quarterday-value-elided` (the value's length); if that is still too large, without key
//! and headers too (`quarterday-key-elided`, `quarterday-headers-elided`). The original lies at its topic, partition
//! and offset.

mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rdkafka::message::BorrowedMessage;

use crate::message::{Header, Message};
use crate::producer::{Delivered, Producer};
use crate::{Error, KafkaSettings};

/// Messages, and bytes of their values, on their way to the topic at a time.
const STRETCH: usize = 10_000;
const STRETCH_BYTES: usize = 16 << 20;

/// The name of the quarantine topic.
pub const TOPIC: &str = "quarantine";

/// Where on its way a message was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// It is in no wire format we know.
    Wire,
    /// Its writer's schema is unknown, or cannot be read as the record type.
    Schema,
    /// Its bytes are not what its schema says.
    Decode,
    /// It decoded, and a check or code list refused it.
    Check,
}

/// Why a message was rejected. No field may hold free text of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// A short, stable code of the reason.
    pub reason: String,
    /// Where on its way.
    pub stage: Stage,
    /// A sentence for people.
    pub detail: String,
    /// What of the record could be read and may be shown.
    pub about: About,
}

/// What is known of a rejected record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The field at fault, or empty.
    pub field: String,
    /// The partner's code, or empty.
    pub partner: String,
    /// The record's reference, or empty.
    pub reference: String,
}

/// A rejected message with its reason and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineMessage {
    /// Why.
    pub rejection: Rejection,
    /// The message as it came: topic, partition, offset, timestamp, key, value and headers of the original.
    pub original: Message,
    /// What is missing of it.
    pub elided: Elided,
}

/// What a notice left out for the broker's sake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elided {
    /// Length of the value that was left out.
    pub value: Option<u64>,
    /// Length of the key that was left out.
    pub key: Option<u64>,
    /// Number of headers that were left out.
    pub headers: Option<u64>,
}

/// Puts messages into quarantine.
#[derive(Clone)]
pub struct Quarantine {
    producer: Producer,
    topic: String,
}

impl Stage {
    /// The word in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Schema => "schema",
            Self::Decode => "decode",
            Self::Check => "check",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Wire, Self::Schema, Self::Decode, Self::Check]
            .into_iter()
            .find(|stage| stage.as_str() == word)
            .ok_or(())
    }
}

impl QuarantineMessage {
    /// A consumed message with the reason of its rejection.
    pub fn new(message: &BorrowedMessage<'_>, rejection: Rejection) -> Self {
        Self {
            rejection,
            original: Message::from(message),
            elided: Elided::default(),
        }
    }

    /// The same without its value.
    pub fn without_value(mut self) -> Self {
        if let Some(value) = self.original.value.take() {
            self.elided.value = Some(length(value.len()));
        }
        self
    }

    /// The same without value, key and headers: coordinates and reason only.
    pub fn bare(self) -> Self {
        let mut bare = self.without_value();
        if let Some(key) = bare.original.key.take() {
            bare.elided.key = Some(length(key.len()));
        }
        let headers = std::mem::take(&mut bare.original.headers);
        if !headers.is_empty() {
            bare.elided.headers = Some(length(headers.len()));
        }
        bare
    }

    /// Length of the value that it came with.
    pub fn bytes(&self) -> u64 {
        let value = self.original.value.as_ref().map(|value| length(value.len()));
        value.or(self.elided.value).unwrap_or(0)
    }

    /// Whether nothing of the original is missing.
    pub fn is_whole(&self) -> bool {
        self.elided == Elided::default()
    }

    /// The headers it came with, where they are there.
    pub fn headers(&self) -> &[Header] {
        &self.original.headers
    }
}

impl Quarantine {
    /// Puts messages onto `topic` (as a rule [`TOPIC`]) through this producer.
    pub fn new(producer: Producer, topic: impl Into<String>) -> Self {
        Self {
            producer,
            topic: topic.into(),
        }
    }

    /// Returns where the messages, or notices of them, lie, in their order, when all are acknowledged. They are sent a
    /// stretch at a time, so that large ones are not in memory twice.
    pub async fn put(&self, messages: &[&QuarantineMessage]) -> Result<Vec<Delivered>, Error> {
        let (mut stretch, mut bytes, mut places) = (Vec::new(), 0, Vec::new());
        for message in messages {
            bytes += message.original.value.as_ref().map_or(0, Vec::len);
            stretch.push(self.put_one(message));
            if bytes >= STRETCH_BYTES || stretch.len() >= STRETCH {
                places.extend(futures::future::try_join_all(std::mem::take(&mut stretch)).await?);
                bytes = 0;
            }
        }
        places.extend(futures::future::try_join_all(stretch).await?);
        Ok(places)
    }

    async fn put_one(&self, message: &QuarantineMessage) -> Result<Delivered, Error> {
        let whole = self.producer.send(wire::to_record(message, &self.topic)).await;
        let error = match size_refusal(whole)? {
            Ok(delivered) => return Ok(delivered),
            Err(error) => error,
        };
        let notice = message.clone().without_value();
        warn_elided(&notice, &error);
        let sent = self.producer.send(wire::to_record(&notice, &self.topic)).await;
        match size_refusal(sent)? {
            Ok(delivered) => Ok(delivered),
            Err(_) => {
                self.producer
                    .send(wire::to_record(&notice.bare(), &self.topic))
                    .await
            }
        }
    }
}

/// From where on the quarantine topic is read: of each partition from the time or the offset, whichever is earlier. Clocks can be set
/// back, and many messages can come in a short time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// Milliseconds since 1970.
    pub time_ms: i64,
    /// Offsets by partition; 0 where there is none.
    pub offsets: crate::read::PartitionOffsets,
}

/// Reads the quarantine topic, oldest first within each partition, all of it or since then; blocks. Messages on it that Quarterday did not write are passed to `visit` as the error [`Error::NotQuarantined`].
pub fn read_all(
    settings: &KafkaSettings,
    topic: &str,
    since: Option<&Since>,
    mut visit: impl FnMut(Message, Result<QuarantineMessage, Error>),
) -> Result<(), Error> {
    let mut from = crate::read::PartitionOffsets::new();
    if let Some(since) = since {
        from = crate::read::offsets_since(settings, topic, since.time_ms)?;
        for (partition, offset) in &mut from {
            *offset = (*offset).min(since.offsets.get(partition).copied().unwrap_or(0));
        }
    }
    crate::read::read_from(settings, topic, &from, |message| {
        let message = Message::from(message);
        let parsed = wire::parse(&message);
        visit(message, parsed);
        Ok::<(), Error>(())
    })
    .map(drop)
}

/// A message that was put aside: why, and where it lies now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutAside {
    /// Why.
    pub rejection: Rejection,
    /// Its place in the quarantine topic.
    pub place: Delivered,
    /// Kafka timestamp of the message, milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    /// Length of its value.
    pub bytes: u64,
}

/// What lies in the quarantine topic, all of it or since then, by topic, partition and offset that it came from; blocks. Of one that was put
/// aside twice, by a worker that was cut off, the first stands.
pub fn by_origin(
    settings: &KafkaSettings,
    since: Option<&Since>,
) -> Result<BTreeMap<(String, i32, i64), PutAside>, Error> {
    let mut found = BTreeMap::new();
    read_all(settings, TOPIC, since, |message, parsed| {
        let Ok(parsed) = parsed else {
            return;
        };
        let bytes = parsed.bytes();
        let (original, rejection) = (parsed.original, parsed.rejection);
        let place = Delivered {
            partition: message.partition,
            offset: message.offset,
        };
        let origin = (original.topic, original.partition, original.offset);
        let put_aside = PutAside {
            rejection,
            place,
            timestamp_ms: original.timestamp_ms,
            bytes,
        };
        note(&mut found, origin, put_aside);
    })?;
    Ok(found)
}

/// The first stands.
fn note(found: &mut BTreeMap<(String, i32, i64), PutAside>, origin: (String, i32, i64), put_aside: PutAside) {
    found.entry(origin).or_insert(put_aside);
}

impl TryFrom<&Message> for QuarantineMessage {
    type Error = Error;

    fn try_from(message: &Message) -> Result<Self, Error> {
        wire::parse(message)
    }
}

/// Sets a refusal for size apart from other errors.
fn size_refusal<T>(sent: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match sent {
        Err(error) if !error.is_too_large() => Err(error),
        delivered_or_too_large => Ok(delivered_or_too_large),
    }
}

fn warn_elided(notice: &QuarantineMessage, error: &Error) {
    let Message {
        topic,
        partition,
        offset,
        ..
    } = &notice.original;
    tracing::warn!(topic, partition, offset, %error, "the quarantine topic refused a message for its size; a notice went");
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
