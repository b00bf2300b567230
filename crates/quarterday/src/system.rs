//! The handles to Kafka, the registry and ClickHouse, wherever they run.

use std::sync::Arc;

use anyhow::Result;
use quarterday_embedded::endpoints::Endpoints;
use quarterday_ingest::{Observed, Parts, Task};
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::registry::RegistryClient;
use quarterday_store::Store;

use crate::builtin::InForce;
use crate::settings::Settings;

/// Partitions of a feed's topic in an embedded system, which has one worker.
const EMBEDDED_PARTITIONS: i32 = 2;

/// Everything a command needs to know of a system; cheap to clone.
#[derive(Clone)]
pub struct System {
    /// Feeds, schemas, code lists and plans.
    pub in_force: InForce,
    /// Where the log is.
    pub kafka: KafkaSettings,
    /// Partitions of a new topic.
    pub partitions: i32,
    /// Copies of each partition of a new topic; -1 takes the cluster's default.
    pub replication: i32,
    /// The schema registry.
    pub registry: RegistryClient,
    /// ClickHouse.
    pub store: Store,
}

impl System {
    /// A system that runs elsewhere.
    ///
    /// # Errors
    /// An address is none.
    pub fn elsewhere(settings: &Settings, in_force: InForce) -> Result<Self> {
        Ok(System {
            in_force,
            kafka: settings.kafka(),
            partitions: settings.kafka.partitions,
            replication: settings.kafka.replication,
            registry: settings.registry.client()?,
            store: Store::new(&settings.clickhouse),
        })
    }

    /// An embedded system at these addresses.
    ///
    /// # Errors
    /// An address is none.
    pub fn at(endpoints: &Endpoints, in_force: InForce) -> Result<Self> {
        let clickhouse = quarterday_store::Settings::loopback(&endpoints.clickhouse);
        Ok(System {
            in_force,
            kafka: KafkaSettings::new(endpoints.kafka.clone()),
            partitions: EMBEDDED_PARTITIONS,
            replication: 1,
            registry: RegistryClient::new(&endpoints.registry, None)?,
            store: Store::new(&clickhouse),
        })
    }

    /// The same with the store that readers see: it may have been derived again.
    ///
    /// # Errors
    /// ClickHouse does not answer.
    pub async fn with_store_in_force(self) -> Result<Self> {
        let store = self.store.in_force().await?;
        Ok(System { store, ..self })
    }

    /// What a worker works with that nobody watches.
    #[must_use]
    pub fn parts(&self) -> Parts {
        Parts {
            catalogue: Arc::clone(&self.in_force.catalogue),
            kafka: self.kafka.clone(),
            registry: self.registry.clone(),
            store: self.store.clone(),
            observed: Observed::unread(&self.in_force.catalogue),
            task: Task::default(),
        }
    }
}
