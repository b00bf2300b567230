//! The configuration: file, then environment, then flags; unknown keys are refused, and all is checked before anything
//! connects. `deploy/quarterday.toml` documents every key.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use config::{Config, Environment, File, FileFormat};
use quarterday_ingest::WorkerSettings;
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::registry::{RegistryAuth, RegistryClient};
use serde::Deserialize;

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
        let value = if LISTS.contains(&key.as_str()) {
            config::Value::from(value.split(',').map(str::trim).collect::<Vec<_>>())
        } else {
            config::Value::from(value.trim())
        };
        Ok(Override { key, value })
    }
}

fn environment() -> Environment {
    let environment = Environment::with_prefix(ENVIRONMENT)
        .prefix_separator("__")
        .separator("__")
        .list_separator(",")
        .try_parsing(true);
    LISTS.iter().fold(environment, |environment, key| {
        environment.with_list_parse_key(key)
    })
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

impl Settings {
    /// Reads a configuration file, with the environment over it, and `overrides` over both.
    ///
    /// # Errors
    /// The file cannot be read, a key is unknown or has a wrong type, or a value is unusable.
    pub fn read(file: &Path, overrides: &[Override]) -> Result<Self> {
        let settings: Settings = read(file, overrides)?;
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
    /// Reads the configuration of a data directory, with the environment over it; the defaults if it has none.
    ///
    /// # Errors
    /// The file cannot be read, a key is unknown or has a wrong type, or a value is unusable.
    pub fn of(directory: &Path) -> Result<Self> {
        let file = directory.join(EMBEDDED_FILE);
        if !file.exists() {
            return Ok(Self::default());
        }
        let settings: Embedded = read(&file, &[])?;
        match settings.worker.problem() {
            Some(problem) => bail!("in {}: {problem}", file.display()),
            None => Ok(settings),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(file: &Path, overrides: &[Override]) -> Result<T> {
    let unusable = || format!("{} is not a usable configuration", file.display());
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut source = Config::builder()
        .add_source(File::from_str(&text, FileFormat::Toml))
        .add_source(environment());
    for Override { key, value } in overrides {
        source = source.set_override(key, value.clone())?;
    }
    let source = source.build().with_context(unusable)?;
    source.try_deserialize().with_context(unusable)
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
