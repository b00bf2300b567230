//! Bringing Kafka, the registry and ClickHouse to what the plan in force needs. Each step may be run again.

use anyhow::{Context, Result};
use quarterday_kafka::producer::{Producer, ProducerOptions};
use quarterday_kafka::registry::value_subject;
use quarterday_kafka::topics::{TopicPlan, Topics};
use quarterday_kafka::watermarks::{self, Contents, ContentsFile};
use quarterday_kafka::{MessageFields, decisions, quarantine, read};
use quarterday_plan::period::Period;
use quarterday_snapshot::{comments, concealments, journal};

use crate::freezing::left_behind;
use crate::rebuilding::held_back;
use crate::system::System;

/// A message in quarantine carries headers besides what it was: it may be larger than any return.
pub(crate) const QUARANTINE_MESSAGE_LIMIT: usize = 64 << 20;

/// All files in force are one message.
const CONTENTS_MESSAGE_LIMIT: usize = 16 << 20;

/// Creates the topics that are missing and registers the schemas of all feeds.
///
/// # Errors
/// Kafka or the registry refuses or is away.
pub async fn topics_and_schemas(system: &System) -> Result<()> {
    create_topics(system)
        .await
        .context("could not create the topics")?;
    register_schemas(system).await
}

/// Creates or upgrades the ClickHouse schema, and tells Kafka which files are in force.
///
/// # Errors
/// ClickHouse or Kafka refuses or is away, or stored data would have to change.
pub async fn store(system: &System) -> Result<()> {
    warn_of_what_is_left_behind(system).await?;
    let declared = system.in_force.declared();
    system.store.migrate(&declared).await?;
    held_back::send(system, &system.store)
        .await
        .context("could not put into quarantine what a rebuild has rejected")?;
    tell_contents(system, &declared.contents)
        .await
        .context("could not tell Kafka which files are in force")
}

async fn warn_of_what_is_left_behind(system: &System) -> Result<()> {
    let left = left_behind(system)
        .await
        .context("could not look for periods of the plan before")?;
    if !left.is_empty() {
        let each: Vec<String> = left.iter().map(Period::id).collect();
        tracing::warn!(
            periods = each.join(" "),
            "periods of the plan before are not frozen, and no plan covers them by now: name its file beside the new one ([plan] plans) until they are"
        );
    }
    Ok(())
}

/// Once for each set of files.
async fn tell_contents(system: &System, contents: &quarterday_store::Contents) -> Result<()> {
    let (kafka, hash) = (system.kafka.clone(), contents.hash().to_owned());
    let is_told = tokio::task::spawn_blocking(move || {
        let mut is_told = false;
        read::read_to_end(&kafka, watermarks::CONTENTS_TOPIC, |message| {
            is_told |= message.key() == Some(hash.as_bytes());
            Ok::<_, quarterday_kafka::Error>(())
        })?;
        Ok::<_, quarterday_kafka::Error>(is_told)
    });
    if is_told.await?? {
        return Ok(());
    }
    let files = contents.files().iter().map(|(name, text)| ContentsFile {
        name: name.clone(),
        text: text.clone(),
    });
    let message = Contents {
        hash: contents.hash().to_owned(),
        software: env!("CARGO_PKG_VERSION").to_owned(),
        files: files.collect(),
    };
    let options = ProducerOptions {
        message_limit: CONTENTS_MESSAGE_LIMIT,
        ..ProducerOptions::default()
    };
    Producer::new(&system.kafka, options)?
        .send(message.record())
        .await?;
    Ok(())
}

async fn create_topics(system: &System) -> Result<()> {
    let plan =
        |name: &str| TopicPlan::kept_for_ever(name, system.partitions).with_replication(system.replication);
    let mut plans: Vec<TopicPlan> = system.in_force.catalogue.topics().into_iter().map(plan).collect();
    plans.push(plan(quarantine::TOPIC).with_message_limit(QUARANTINE_MESSAGE_LIMIT));
    let ordered = |name: &str| TopicPlan::kept_for_ever(name, 1).with_replication(system.replication);
    plans.extend([decisions::TOPIC, watermarks::TOPIC, comments::TOPIC].map(ordered));
    plans.push(ordered(watermarks::CONTENTS_TOPIC).with_message_limit(CONTENTS_MESSAGE_LIMIT));
    for topic in [journal::TOPIC, concealments::TOPIC] {
        plans.push(ordered(topic).with_message_limit(journal::MESSAGE_LIMIT));
    }
    Topics::new(&system.kafka)?.ensure(&plans).await?;
    Ok(())
}

async fn register_schemas(system: &System) -> Result<()> {
    for feed in system.in_force.catalogue.feeds() {
        let subject = value_subject(&feed.feed.topic);
        system
            .registry
            .register(&subject, &feed.schema)
            .await
            .with_context(|| format!("could not register the schema of feed {}", feed.feed.name))?;
    }
    Ok(())
}
