//! The benchmark's topic: synthetic CCTV incidents, each submitted once, 118 bytes of Avro on average.

use anyhow::{Context, Result};
use jiff::Timestamp;
use quarterday_events::{Encoder, wire};
use quarterday_kafka::consumer::{ConsumerOptions, GroupConsumer, GroupListener};
use quarterday_kafka::positions::TopicPartition;
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::{KafkaSettings, record_key};
use serde_json::{Value, json};

use crate::progress::Step;
use crate::system::System;

/// The feed whose topic it is.
pub(super) const FEED: &str = "cctv-incidents";
/// The topic; every contender reads it whole.
pub(super) const TOPIC: &str = "returns.cctv-incidents";
/// As many as let two consumers share the work evenly.
pub(super) const PARTITIONS: i32 = 4;

const PARTNER: &str = "TWBC_CCTV";
/// Messages handed to Kafka at a time.
const STRETCH: u64 = 50_000;
/// 1 April 2014, 00:00 in London.
const FIRST: i64 = 1_396_306_800_000;
/// Half a year.
const SPAN: u64 = 183 * 86_400_000;

const TYPES: [&str; 9] = [
    "VIOLENCE",
    "SHOPLIFTING",
    "OTHER_THEFT",
    "ASB",
    "DRUGS",
    "ALCOHOL",
    "DAMAGE",
    "MISPER",
    "OTHER",
];
const INSTIGATORS: [&str; 5] = [
    "PUBWATCH_RADIO",
    "RETAIL_RADIO",
    "CCTV_OPERATOR",
    "POLICE",
    "PUBLIC",
];
const AREAS: [&str; 4] = ["CALVERLEY", "HIGH-ST", "PANTILES", "STATION"];

/// What is on the topic.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled {
    /// Messages.
    pub(super) rows: u64,
    /// Mean size of the Avro datum, without the five bytes of frame.
    pub(super) message_bytes: f64,
}

/// The reference and the record of one incident.
fn incident(number: u64) -> (String, Value) {
    // A step that has no divisor in common with the lists visits all combinations.
    let pick = |list: &[&'static str], step: u64| {
        let length = u64::try_from(list.len()).unwrap_or(1);
        usize::try_from(number / step % length)
            .ok()
            .and_then(|at| list.get(at).copied())
            .unwrap_or_default()
    };
    let happened = FIRST + i64::try_from(number.wrapping_mul(7_919_000) % SPAN).unwrap_or_default();
    let time = |millis: i64| {
        Timestamp::from_millisecond(millis)
            .unwrap_or_default()
            .to_string()
    };
    let reference = format!("CCTV-{number:08}");
    let record = json!({
        "feed": FEED,
        "partner": PARTNER,
        "ref": &reference,
        "op": "SUBMIT",
        "version": 1,
        "sent_at": time(happened + 3_600_000),
        "return_id": "CCTV-14-H1",
        "district": "E07000116",
        "ward": format!("E0500{}", 5130 + number % 20),
        "body": {
            "occurred_at": time(happened),
            "incident_type": pick(&TYPES, 1),
            "instigated_by": pick(&INSTIGATORS, 7),
            "monitored": !number.is_multiple_of(3),
            "arrests": number % 3,
            "camera_area": pick(&AREAS, 11),
        }
    });
    (reference, record)
}

/// Fills the topic, which must exist and be empty.
pub(super) async fn fill(system: &System, schema_id: u32, rows: u64, step: &Step) -> Result<Filled> {
    let feed = system
        .in_force
        .catalogue
        .feed(FEED)
        .with_context(|| format!("there is no feed {FEED}"))?;
    let encoder = Encoder::new(&feed.record_type);
    let producer = Producer::new(&system.kafka, ProducerOptions::default())?;
    let (mut bytes, mut begin) = (0, 0);
    while begin < rows {
        let end = rows.min(begin + STRETCH);
        let mut messages = Vec::new();
        for number in begin..end {
            let (reference, record) = incident(number);
            let datum = encoder.encode(&record)?;
            bytes += datum.len();
            let key = record_key(FEED, PARTNER, &reference);
            messages.push(Record::new(TOPIC, key, wire::confluent(schema_id, &datum)));
        }
        producer.send_all(messages).await?;
        step.at_of(end, rows);
        begin = end;
    }
    Ok(Filled {
        rows,
        message_bytes: float(u64::try_from(bytes)?) / float(rows),
    })
}

/// Reads the whole topic and does nothing with it, so that the broker is warm for the first contender. Blocks.
pub(super) fn read_through(kafka: &KafkaSettings, rows: u64, step: &Step) -> Result<()> {
    struct Quiet;
    impl GroupListener for Quiet {
        fn assigned(&self, _: &[TopicPartition]) {}
        fn revoked(&self, _: &[TopicPartition], _: bool) {}
    }
    let consumer = GroupConsumer::join(kafka, &ConsumerOptions::new("bench-warm-up", [TOPIC]), Quiet)?;
    let mut read = 0;
    while read < rows {
        match consumer.poll(std::time::Duration::from_millis(100)) {
            Ok(message) => read += u64::from(message.is_some()),
            Err(error) if error.is_retryable() => {}
            Err(error) => return Err(error.into()),
        }
        if read.is_multiple_of(STRETCH) {
            step.at_of(read, rows);
        }
    }
    Ok(())
}

/// A count as a fraction's part; counts of this size fit into an f64 exactly.
#[expect(
    clippy::as_conversions,
    reason = "there is no other way from an integer of 64 bits to a float"
)]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::InForce;

    #[test]
    fn incidents_are_of_the_size_that_the_benchmark_promises() {
        let in_force = InForce::builtin().unwrap();
        let feed = in_force.catalogue.feed(FEED).unwrap();
        assert_eq!(feed.feed.topic, TOPIC);
        let encoder = Encoder::new(&feed.record_type);
        let sizes: Vec<usize> = (0..5_000)
            .map(|n| encoder.encode(&incident(n).1).unwrap().len())
            .collect();
        let mean = f64::from(u32::try_from(sizes.iter().sum::<usize>()).unwrap()) / 5_000.0;
        assert!((117.5..118.5).contains(&mean), "{mean}");
    }

    #[test]
    fn references_are_unique() {
        assert_ne!(incident(1).0, incident(2).0);
        assert_eq!(incident(99_999_999).0, "CCTV-99999999");
    }
}
