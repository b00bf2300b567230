//! What all contenders share: the broker, the registry, the filled topic, and Python if there is one.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use quarterday_embedded::broker::Broker as EmbeddedBroker;
use quarterday_embedded::endpoints::Endpoints;
use quarterday_embedded::registry::Registry;
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::registry::value_subject;
use tempfile::TempDir;

use super::apache_kafka::{self, ApacheKafka};
use super::python::Python;
use super::role::RoleArgs;
use super::topic::{self, Filled};
use super::{Contender, Error};
use crate::builtin::InForce;
use crate::progress::Progress;
use crate::setup;
use crate::system::System;

/// Everything that is there before the first contender starts.
pub(super) struct Arena {
    registry: Registry,
    broker: Broker,
    python: Option<Python>,
    system: System,
    filled: Filled,
    remarks: Vec<String>,
    contests: AtomicU32,
    directory: TempDir,
}

enum Broker {
    Apache(ApacheKafka),
    Embedded(EmbeddedBroker),
}

/// What one run of one contender gets.
pub(super) struct Contest {
    pub(super) args: RoleArgs,
    /// Removed with this, after the contender's processes are gone.
    _directory: TempDir,
}

impl Arena {
    /// Starts the broker and the registry and fills the topic with so many messages.
    pub(super) async fn open(rows: u64, progress: &Progress) -> Result<Self> {
        let mut remarks = Vec::new();
        let python = present(blocking(Python::ready).await?, |missing| {
            remarks.push(format!("The Python loop was left out: {missing}."));
        })?;
        let mut arena = Self::bare(progress).await?;
        remarks.append(&mut arena.remarks);
        arena.filled = fill(&arena.system, rows, progress).await?;
        Ok(Self {
            python,
            remarks,
            ..arena
        })
    }

    /// Starts the broker and the registry; topics are empty, and nobody but the worker takes part.
    pub(super) async fn bare(progress: &Progress) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("quarterday-bench-").tempdir()?;
        let mut remarks = Vec::new();
        let step = progress.step("broker and schema registry");
        let broker = Broker::start(&directory, &mut remarks).await?;
        let registry = Registry::start(broker.settings(), loopback()?).await?;
        let addresses = endpoints(
            &broker.settings().brokers,
            &registry_url(&registry),
            "http://none",
        );
        let mut system = System::at(&addresses, InForce::builtin()?)?;
        system.partitions = topic::PARTITIONS;
        setup::topics_and_schemas(&system).await?;
        step.done();
        Ok(Self {
            registry,
            broker,
            python: None,
            system,
            filled: Filled {
                rows: 0,
                message_bytes: 0.0,
            },
            remarks,
            contests: AtomicU32::new(0),
            directory,
        })
    }

    /// A fresh directory and a fresh consumer group.
    pub(super) fn contest(&self) -> Result<Contest> {
        let number = self.contests.fetch_add(1, Ordering::Relaxed);
        let directory = tempfile::Builder::new()
            .prefix("engine-")
            .tempdir_in(self.directory.path())?;
        let args = RoleArgs {
            directory: directory.path().to_owned(),
            kafka: self.system.kafka.brokers.clone(),
            registry: registry_url(&self.registry),
            group: format!("bench-{number}"),
            rows: self.filled.rows,
        };
        Ok(Contest {
            args,
            _directory: directory,
        })
    }

    /// Who takes part, in turn.
    pub(super) fn contenders(&self) -> impl Iterator<Item = Contender> {
        let all = [
            Contender::Ours,
            Contender::KafkaEngine,
            Contender::TunedKafkaEngine,
            Contender::PythonLoop,
        ];
        let has_python = self.python.is_some();
        all.into_iter()
            .filter(move |contender| *contender != Contender::PythonLoop || has_python)
    }

    pub(super) fn python(&self) -> Option<&Python> {
        self.python.as_ref()
    }

    pub(super) fn filled(&self) -> Filled {
        self.filled
    }

    /// What the reader of the figures must know besides.
    pub(super) fn remarks(&self) -> Vec<String> {
        self.remarks.clone()
    }

    /// Stops the registry, then the broker that it keeps its schemas in.
    pub(super) async fn close(self) {
        self.registry.shutdown().await;
        drop(self.broker);
    }

    /// Name and version of the broker.
    pub(super) fn broker(&self) -> String {
        match &self.broker {
            Broker::Apache(_) => format!("Apache Kafka {}", apache_kafka::version()),
            Broker::Embedded(_) => "embedded Kafka".to_owned(),
        }
    }
}

impl Broker {
    async fn start(directory: &TempDir, remarks: &mut Vec<String>) -> Result<Self> {
        let apache = present(blocking(|| ApacheKafka::start(1)).await?, |missing| {
            remarks.push(format!(
                "On the embedded broker, whose own work on the same cores weighs on every figure: the ratios mean little ({missing})."
            ));
        })?;
        match apache {
            Some(apache) => Ok(Self::Apache(apache)),
            None => Ok(Self::Embedded(
                EmbeddedBroker::start(&directory.path().join("kafka"), loopback()?).await?,
            )),
        }
    }

    fn settings(&self) -> KafkaSettings {
        match self {
            Self::Apache(kafka) => kafka.settings(),
            Self::Embedded(broker) => broker.settings(),
        }
    }
}

/// Runs something that blocks on a thread for that.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    Ok(tokio::task::spawn_blocking(work).await?)
}

/// A missing tool is none and is told; any other error stays one.
fn present<T>(tool: Result<T, Error>, tell: impl FnOnce(Error)) -> Result<Option<T>, Error> {
    match tool {
        Err(error) if error.is_missing_tool() => {
            tell(error);
            Ok(None)
        }
        tool => tool.map(Some),
    }
}

/// Fills the topic, then reads it through once, so that the broker is as warm for the first contender as for the last.
async fn fill(system: &System, rows: u64, progress: &Progress) -> Result<Filled> {
    let feed = system
        .in_force
        .catalogue
        .feed(topic::FEED)
        .context("the feed of CCTV incidents is missing")?;
    let schema_id = system
        .registry
        .register(&value_subject(topic::TOPIC), &feed.schema)
        .await?;
    let length = usize::try_from(rows)?;
    let step = progress.bar("filling the topic", length);
    let filled = topic::fill(system, schema_id, rows, &step).await?;
    step.done();
    let step = progress.bar("reading it through once", length);
    let kafka = system.kafka.clone();
    tokio::task::spawn_blocking(move || topic::read_through(&kafka, rows, &step).map(|()| step.done()))
        .await??;
    Ok(filled)
}

/// The addresses as the embedded parts give them.
pub(super) fn endpoints(kafka: &str, registry: &str, clickhouse: &str) -> Endpoints {
    Endpoints {
        kafka: kafka.to_owned(),
        registry: registry.to_owned(),
        clickhouse: clickhouse.to_owned(),
        metrics: None,
    }
}

fn registry_url(registry: &Registry) -> String {
    format!("http://{}", registry.address())
}

fn loopback() -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen on a loopback port")
}
