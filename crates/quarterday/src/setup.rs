//! Bringing Kafka, the registry and ClickHouse to what the plan in force needs. Each step may be run again.

use anyhow::{Context, Result};
use quarterday_kafka::registry::value_subject;
use quarterday_kafka::topics::{TopicPlan, Topics};
use quarterday_kafka::{decisions, quarantine};

use crate::system::System;

/// A message in quarantine carries headers besides what it was: it may be larger than any return.
const QUARANTINE_MESSAGE_LIMIT: usize = 64 << 20;

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

/// Creates or upgrades the ClickHouse schema.
///
/// # Errors
/// ClickHouse refuses or is away, or stored data would have to change.
pub async fn store(system: &System) -> Result<()> {
    system.store.migrate(&system.in_force.declared()).await?;
    Ok(())
}

async fn create_topics(system: &System) -> Result<()> {
    let plan =
        |name: &str| TopicPlan::kept_for_ever(name, system.partitions).with_replication(system.replication);
    let mut plans: Vec<TopicPlan> = system.in_force.catalogue.topics().into_iter().map(plan).collect();
    plans.push(plan(quarantine::TOPIC).with_message_limit(QUARANTINE_MESSAGE_LIMIT));
    let decisions = TopicPlan::kept_for_ever(decisions::TOPIC, 1);
    plans.push(decisions.with_replication(system.replication));
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
