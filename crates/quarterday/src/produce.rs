//! Producing records to their feed's topic as a partner's program would: Avro in Confluent's wire format under the schema
//! of the registry, keyed by natural key.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use quarterday_events::{EncodeError, Encoder, wire};
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::record_key;
use quarterday_kafka::registry::value_subject;
use serde_json::Value;

use crate::synthetic::{Payload, Statement};
use crate::system::System;

/// Messages handed to Kafka at a time; progress is told after each such stretch.
const STRETCH: usize = 5000;

/// How long a message waits for others: files are pushed in bulk, and a request costs more than what is in it.
const LINGER: Duration = Duration::from_millis(50);

/// A schema id that no registry gives out, for messages that are wrong on purpose.
const UNKNOWN_SCHEMA_ID: u32 = 2_000_000_000;

/// Produces to the feeds of one system.
pub struct Producing {
    producer: Producer,
    feeds: HashMap<String, FeedOut>,
}

/// How the records of one feed are written.
struct FeedOut {
    topic: String,
    encoder: Encoder,
    schema_id: u32,
}

impl Producing {
    /// Looks up the schema ids of all feeds.
    ///
    /// # Errors
    /// The registry refuses or is away.
    pub async fn new(system: &System) -> Result<Self> {
        let mut feeds = HashMap::new();
        for feed in system.in_force.catalogue.feeds() {
            let topic = feed.feed.topic.clone();
            let schema_id = system
                .registry
                .register(&value_subject(&topic), &feed.schema)
                .await
                .with_context(|| format!("could not register the schema of feed {}", feed.feed.name))?;
            let encoder = Encoder::new(&feed.record_type);
            feeds.insert(
                feed.feed.name.clone(),
                FeedOut {
                    topic,
                    encoder,
                    schema_id,
                },
            );
        }
        let options = ProducerOptions {
            linger: LINGER,
            ..ProducerOptions::default()
        };
        let producer = Producer::new(&system.kafka, options)?;
        Ok(Producing { producer, feeds })
    }

    /// The message of one JSON record of a feed. `partner` and `reference` make its key.
    ///
    /// # Errors
    /// The record does not fit the schema.
    pub fn message(
        &self,
        feed: &str,
        partner: &str,
        reference: &str,
        record: &Value,
    ) -> Result<Record, EncodeError> {
        // The feed is one of the catalogue: the command line has been checked before.
        let Some(out) = self.feeds.get(feed) else {
            return Ok(Record::default());
        };
        let value = wire::confluent(out.schema_id, &out.encoder.encode(record)?);
        Ok(Record::new(
            out.topic.clone(),
            record_key(feed, partner, reference),
            value,
        ))
    }

    /// Produces messages and waits until all are acknowledged.
    ///
    /// # Errors
    /// Kafka refuses a message or is away for too long.
    pub async fn send(&self, messages: Vec<Record>) -> Result<()> {
        self.producer.send_all(messages).await?;
        Ok(())
    }

    /// Produces synthetic statements in their order; tells `progress` how many are acknowledged.
    ///
    /// # Errors
    /// As [`Producing::send`]; a statement that does not fit its schema is a defect of this software.
    pub async fn all(&self, statements: &[Statement], progress: impl Fn(usize)) -> Result<()> {
        let mut sent = 0;
        for stretch in statements.chunks(STRETCH) {
            let messages = stretch
                .iter()
                .map(|statement| self.statement(statement))
                .collect::<Result<_>>()?;
            self.send(messages).await?;
            sent += stretch.len();
            progress(sent);
        }
        Ok(())
    }

    fn statement(&self, statement: &Statement) -> Result<Record> {
        let Statement {
            feed,
            partner,
            reference,
            payload,
        } = statement;
        let out = self
            .feeds
            .get(*feed)
            .ok_or_else(|| anyhow!("there is no feed {feed}"))?;
        let key = record_key(feed, partner, reference);
        let value = match payload {
            Payload::Record(record) => {
                let datum = out
                    .encoder
                    .encode(record)
                    .with_context(|| format!("{feed} {reference}"))?;
                wire::confluent(out.schema_id, &datum)
            }
            Payload::Raw(bytes) => bytes.clone(),
            Payload::UnknownSchema => wire::confluent(UNKNOWN_SCHEMA_ID, &[0; 16]),
        };
        Ok(Record::new(out.topic.clone(), key, value))
    }
}
