//! What a store beside rejected goes to the topic `quarantine` when readers see that store, and not before: what lies in that topic holds
//! for every store, and a store that is not put in force decides nothing.
//!
//! Whoever is cut off on the way leaves messages held back, which the next migration sends.

use std::str::FromStr;

use anyhow::{Context, Result};
use quarterday_kafka::producer::{Producer, ProducerOptions};
use quarterday_kafka::quarantine::{self, About, Elided, Quarantine, QuarantineMessage, Rejection, Stage};
use quarterday_kafka::{KafkaSettings, read};
use quarterday_store::{Rejected, Store, rejected};

use crate::setup::QUARANTINE_MESSAGE_LIMIT;
use crate::system::System;

/// Sends what a store that readers see held back.
///
/// # Errors
/// Kafka or ClickHouse refuses or is away.
pub(crate) async fn send(system: &System, store: &Store) -> Result<()> {
    let mut held_back = store.held_back().await?;
    if held_back.is_empty() {
        return Ok(());
    }
    let options = ProducerOptions {
        message_limit: QUARANTINE_MESSAGE_LIMIT,
        ..ProducerOptions::default()
    };
    let quarantine = Quarantine::new(Producer::new(&system.kafka, options)?, quarantine::TOPIC);
    // By a worker that has met the same messages since.
    let kafka = system.kafka.clone();
    let there = tokio::task::spawn_blocking(move || quarantine::by_origin(&kafka, None)).await??;
    while !held_back.is_empty() {
        for row in &mut held_back {
            let place = match there.get(&origin(row)) {
                Some(there) => (there.place.partition, there.place.offset),
                None => put(&system.kafka, &quarantine, row).await?,
            };
            (row.quarantine_partition, row.quarantine_offset) = place;
        }
        store.write_rejected(&held_back).await?;
        held_back = store.held_back().await?;
    }
    Ok(())
}

fn origin(row: &Rejected) -> (String, i32, i64) {
    (row.topic.clone(), row.kafka_partition, row.kafka_offset)
}

/// Sends one, if the log still has it.
async fn put(kafka: &KafkaSettings, quarantine: &Quarantine, row: &Rejected) -> Result<(i32, i64)> {
    let (kafka, (topic, partition, offset)) = (kafka.clone(), origin(row));
    let original =
        tokio::task::spawn_blocking(move || read::read_one(&kafka, &topic, partition, offset)).await??;
    let Some(original) = original else {
        tracing::warn!(
            topic = row.topic,
            partition = row.kafka_partition,
            offset = row.kafka_offset,
            "a message that was rejected cannot be put into quarantine: the log has it no more"
        );
        return Ok(rejected::GONE);
    };
    let message = QuarantineMessage {
        rejection: rejection(row),
        original,
        elided: Elided::default(),
    };
    let placed = quarantine.put(&[&message]).await?;
    let place = placed.first().context("a message in quarantine has no place")?;
    Ok((place.partition, place.offset))
}

fn rejection(row: &Rejected) -> Rejection {
    Rejection {
        reason: row.reason.clone(),
        stage: Stage::from_str(&row.stage).unwrap_or(Stage::Check),
        detail: row.detail.clone(),
        about: About {
            field: row.field.clone(),
            partner: row.partner.clone(),
            reference: row.reference.clone(),
        },
    }
}
