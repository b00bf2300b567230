//! The configuration: file, then environment, then flags; unknown keys are refused, and all is checked before anything
//! connects. `deploy/quarterday.toml` documents every key.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use config::builder::DefaultState;
use config::{Config, ConfigBuilder, Environment, File, FileFormat};
use quarterday_ingest::WorkerSettings;
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::registry::{RegistryAuth, RegistryClient};
use serde::Deserialize;

use crate::freezing::schedule::SnapshotSettings;
use crate::monitoring::{self, MetricsSettings};

/// Environment variables that set a key begin like this: `QUARTERDAY__KAFKA__BROKERS`.
const ENVIRONMENT: &str = "QUARTERDAY";

/// The configuration of an embedded system, in its data directory.
const EMBEDDED_FILE: &str = "quarterday.toml";

/// Keys that hold lists; in the environment their entries are separated by commas.
const LISTS: [&str; 2] = ["worker.feeds", "plan.plans"];

/// A setting from the command line, which wins over environment and file: `--set worker.batch_ms=200`.
#[derive(Debug, Clone)]
pub struct Override {
    key: String,
    value: config::Value,
}

impl std::str::FromStr for Override {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.trim().is_empty()) else {
            return Err("write KEY=VALUE, for example worker.batch_ms=200".to_owned());
        };
        let key = key.trim().to_owned();
        if key.starts_with("kafka.properties.") {
            return Err("settings of librdkafka have dots in their names: put them into the file".to_owned());
        }
        let value = if LISTS.contains(&key.as_str()) {
            list(value)
        } else {
            config::Value::from(value.trim())
        };
        Ok(Override { key, value })
    }
}

fn environment() -> Environment {
    Environment::with_prefix(ENVIRONMENT)
        .prefix_separator("__")
        .separator("__")
}

/// The lists that the environment names; every other value stays the text that it is.
fn lists_of_environment() -> impl Iterator<Item = Override> {
    LISTS.into_iter().filter_map(|key| {
        let name = format!("{ENVIRONMENT}__{}", key.replace('.', "__").to_uppercase());
        let value = std::env::var(name).ok()?;
        Some(Override {
            key: key.to_owned(),
            value: list(&value),
        })
    })
}

fn list(text: &str) -> config::Value {
    config::Value::from(text.split(',').map(str::trim).collect::<Vec<_>>())
}

/// The whole configuration of an installation with Kafka and ClickHouse of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the log is.
    pub kafka: Kafka,
    /// Where the writers' schemas are.
    pub registry: Registry,
    /// Where the store is.
    pub clickhouse: quarterday_store::Settings,
    /// How the worker batches.
    #[serde(default)]
    pub worker: WorkerSettings,
    /// Where metrics and health are served.
    #[serde(default)]
    pub metrics: MetricsSettings,
    /// Which plan is in force.
    #[serde(default)]
    pub plan: PlanFiles,
}

/// The `[kafka]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    /// Bootstrap brokers, `host:port` separated by commas.
    pub brokers: String,
    /// Partitions of a feed's topic when it is created. Default 3.
    #[serde(default = "default_partitions")]
    pub partitions: i32,
    /// Copies of each partition when a topic is created; -1 takes the cluster's default.
    #[serde(default = "default_replication")]
    pub replication: i32,
    /// Settings passed to librdkafka as they are: TLS, SASL, tuning.
    #[serde(default)]
    pub properties: std::collections::BTreeMap<String, String>,
}

/// The `[registry]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// Address of the schema registry.
    pub url: String,
    /// User, if it asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// Password, if it asks for one.
    #[serde(default)]
    pub password: Option<String>,
}

/// The `[plan]` section: files that take the place of the built-in ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlanFiles {
    /// Feeds file.
    pub feeds: Option<PathBuf>,
    /// Code lists.
    pub codes: Option<PathBuf>,
    /// Directory of the Avro schemas, one `<record type>.avsc` each.
    pub schemas: Option<PathBuf>,
    /// Plan and review files.
    pub plans: Option<Vec<PathBuf>>,
}

impl PlanFiles {
    /// Relative paths are from the configuration file's directory, if there is something there, else from where the command runs.
    fn beside(&mut self, file: &Path) {
        let Some(directory) = file.parent() else {
            return;
        };
        let one = [&mut self.feeds, &mut self.codes, &mut self.schemas];
        let each = one.into_iter().flatten().chain(self.plans.iter_mut().flatten());
        for path in each {
            let there = directory.join(&*path);
            if there.exists() {
                *path = there;
            }
        }
    }
}

impl Settings {
    /// Reads a configuration file, with the environment over it, and `overrides` over both.
    ///
    /// # Errors
    /// The file cannot be read, a key is unknown or has a wrong type, or a value is unusable.
    pub fn read(file: &Path, overrides: &[Override]) -> Result<Self> {
        let mut source = source(file)?.add_source(environment());
        for Override { key, value } in lists_of_environment().chain(overrides.iter().cloned()) {
            source = source.set_override(key, value)?;
        }
        let mut settings: Settings = source
            .build()
            .and_then(Config::try_deserialize)
            .with_context(|| unusable(file))?;
        settings.plan.beside(file);
        settings
            .validate()
            .with_context(|| format!("in {}", file.display()))?;
        Ok(settings)
    }

    fn validate(&self) -> Result<()> {
        self.kafka().validate()?;
        if self.kafka.partitions < 1 {
            bail!("kafka.partitions must be at least 1");
        }
        if self.kafka.replication < 1 && self.kafka.replication != -1 {
            bail!("kafka.replication must be at least 1, or -1 for the cluster's default");
        }
        self.registry.client()?;
        self.clickhouse.validate()?;
        monitoring::check(&self.metrics)?;
        match self.worker.problem() {
            Some(problem) => bail!(problem),
            None => Ok(()),
        }
    }

    /// What the Kafka clients need.
    #[must_use]
    pub fn kafka(&self) -> KafkaSettings {
        let mut settings = KafkaSettings::new(self.kafka.brokers.clone());
        settings.properties.clone_from(&self.kafka.properties);
        settings
    }
}

/// The configuration of an embedded system: `quarterday.toml` in its data directory, if there is one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Embedded {
    /// The ClickHouse engine.
    pub engine: Engine,
    /// How the worker batches.
    pub worker: WorkerSettings,
    /// Where metrics and health are served.
    pub metrics: MetricsSettings,
    /// When what is due is frozen.
    pub snapshots: SnapshotSettings,
    /// Which plan is in force.
    pub plan: PlanFiles,
}

/// The `[engine]` section.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Engine {
    /// libchdb.so, or the directory that it lies in; looked for, and fetched if need be, without it.
    pub library: Option<PathBuf>,
    /// Limit of the engine's memory, bytes. Default 2 GiB.
    pub memory_bytes: Option<u64>,
}

impl Embedded {
    /// Reads the configuration of a data directory; the defaults if it has none. The environment speaks of systems elsewhere
    /// and is not asked.
    ///
    /// # Errors
    /// The file cannot be read, a key is unknown or has a wrong type, or a value is unusable.
    pub fn of(directory: &Path) -> Result<Self> {
        let file = directory.join(EMBEDDED_FILE);
        if !file.exists() {
            return Ok(Self::default());
        }
        let mut settings: Embedded = source(&file)?
            .build()
            .and_then(Config::try_deserialize)
            .with_context(|| unusable(&file))?;
        settings.plan.beside(&file);
        let problem = settings.worker.problem();
        let problem = problem.or_else(|| settings.metrics.problem());
        if let Some(problem) = problem.or_else(|| settings.snapshots.problem()) {
            bail!("in {}: {problem}", file.display());
        }
        if !settings.worker.feeds.is_empty() {
            bail!(
                "in {}: an embedded system has one worker, which takes all feeds: leave worker.feeds out",
                file.display()
            );
        }
        Ok(settings)
    }
}

fn unusable(file: &Path) -> String {
    format!("{} is not a usable configuration", file.display())
}

fn source(file: &Path) -> Result<ConfigBuilder<DefaultState>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Config::builder().add_source(File::from_str(&text, FileFormat::Toml)))
}

impl Registry {
    /// A client of this registry.
    ///
    /// # Errors
    /// The address is none.
    pub fn client(&self) -> Result<RegistryClient> {
        let auth = self.user.clone().map(|user| RegistryAuth {
            user,
            password: self.password.clone().unwrap_or_default(),
        });
        Ok(RegistryClient::new(&self.url, auth)?)
    }
}

fn default_partitions() -> i32 {
    3
}

fn default_replication() -> i32 {
    -1
}
