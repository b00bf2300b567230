//! Topics of one partition, whose messages are JSON and say whose they are: snapshots, what is hidden of them, comments.

use std::collections::BTreeMap;

use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::{KafkaSettings, MessageFields, read};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// The largest message: a plan of some thousand measures.
pub(crate) const MESSAGE_LIMIT: usize = 16 << 20;

/// What a topic has, each message taken in by `note` with its offset.
///
/// # Errors
/// Kafka is not reached or refuses, or the topic is damaged, or `note` cannot read a message.
pub(crate) async fn read<T: Default + Send + 'static>(
    kafka: &KafkaSettings,
    topic: &'static str,
    note: impl Fn(&mut T, i64, &[u8]) -> Result<()> + Send + 'static,
) -> Result<T> {
    let kafka = kafka.clone();
    let read = tokio::task::spawn_blocking(move || {
        let (mut found, mut noted) = (T::default(), Ok(()));
        let all = read::read_undamaged(&kafka, topic, &BTreeMap::new(), |message| {
            noted = note(
                &mut found,
                message.offset(),
                message.payload().unwrap_or_default(),
            );
            match &noted {
                Ok(()) => Ok(()),
                // Only ends the reading; what it was stands in `noted`.
                Err(_) => Err(quarterday_kafka::Error::Stopping),
            }
        });
        noted?;
        all.map_err(|source| Error::Reading { topic, source })?;
        Ok(found)
    });
    read.await.map_err(|_| Error::CutOff { topic })?
}

/// A message of a topic.
///
/// # Errors
/// It is none that this version of the software knows.
pub(crate) fn parse<T: DeserializeOwned>(topic: &'static str, offset: i64, payload: &[u8]) -> Result<T> {
    serde_json::from_slice(payload).map_err(|source| Error::Unreadable {
        topic,
        offset,
        source,
    })
}

/// Writes a message; what it has become is seen by reading again.
///
/// # Errors
/// Kafka is not reached or refuses.
pub(crate) async fn append(
    kafka: &KafkaSettings,
    topic: &'static str,
    key: String,
    message: &impl Serialize,
) -> Result<()> {
    let fault = |source| Error::Writing { topic, source };
    let options = ProducerOptions {
        message_limit: MESSAGE_LIMIT,
        ..ProducerOptions::default()
    };
    let producer = Producer::new(kafka, options).map_err(fault)?;
    let record = Record::new(topic, key, serde_json::to_vec(message)?);
    producer.send(record).await.map_err(fault)?;
    Ok(())
}
