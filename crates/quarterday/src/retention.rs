//! Whether the topics keep what the plan needs: Kafka holds the truth, and what a topic's retention takes away cannot be derived
//! again.

use jiff::civil::Date;
use jiff::{SpanRelativeTo, Zoned};
use quarterday_kafka::retention::Retention;
use quarterday_kafka::topics::Topics;
use quarterday_kafka::{decisions, quarantine, watermarks};
use quarterday_snapshot::{comments, concealments, journal};
use quarterday_store::migrate::needed_since;

use crate::system::System;

/// What is wrong with the settings of topics, one sentence for each. A broker that does not tell of them is a sentence too.
///
/// # Errors
/// The Kafka settings do not make a client.
pub async fn warnings(system: &System) -> anyhow::Result<Vec<String>> {
    let Some(since) = needed_since(&system.in_force.declared()) else {
        return Ok(Vec::new());
    };
    let mut topics = system.in_force.catalogue.topics();
    topics.extend([quarantine::TOPIC, decisions::TOPIC]);
    // What was shown, frozen, hidden and said: numbers and proofs of years ago need all of it.
    topics.extend([watermarks::TOPIC, watermarks::CONTENTS_TOPIC]);
    topics.extend([journal::TOPIC, concealments::TOPIC, comments::TOPIC]);
    let told = Topics::new(&system.kafka)?.retention(&topics).await;
    Ok(match told {
        Ok(told) => {
            let today = Zoned::now().date();
            told.iter()
                .filter_map(|topic| warning(topic, since, today))
                .collect()
        }
        Err(error) => vec![format!(
            "whether the topics keep what the plan needs is not known: {error}"
        )],
    })
}

/// Returns of a day may come long after it, but not before: messages as old as the day are needed.
fn warning(topic: &Retention, since: Date, today: Date) -> Option<String> {
    let Retention {
        topic,
        keeps,
        keeps_bytes,
        is_compacted,
    } = topic;
    if *is_compacted {
        return Some(format!(
            "topic {topic} is compacted: earlier versions of records are lost from the log; set cleanup.policy=delete and retention.ms=-1"
        ));
    }
    if let Some(bytes) = keeps_bytes {
        return Some(format!(
            "topic {topic} keeps {bytes} bytes of each partition, however old; set retention.bytes=-1"
        ));
    }
    let days = keeps.as_ref()?.as_secs() / (24 * 3600);
    let needed = (today - since)
        .total((jiff::Unit::Day, SpanRelativeTo::days_are_24_hours()))
        .ok()?;
    let is_short = f64::from(u32::try_from(days).unwrap_or(u32::MAX)) < needed;
    is_short.then(|| {
        format!(
            "topic {topic} keeps messages for {days} days; the plan needs those since {since} ({needed:.0} days); set retention.ms=-1"
        )
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::civil::date;

    use super::*;

    fn of(days: u64) -> Option<String> {
        let topic = Retention {
            topic: "returns.x".to_owned(),
            keeps: Some(Duration::from_secs(days * 24 * 3600)),
            keeps_bytes: None,
            is_compacted: false,
        };
        warning(&topic, date(2013, 4, 1), date(2015, 4, 1))
    }

    #[test]
    fn too_short_a_retention_is_warned_of() {
        let week = of(7).unwrap_or_default();
        assert!(week.contains("7 days") && week.contains("730 days"), "{week}");
        assert_eq!(of(800), None);
    }
}
