//! All parts together: started side by side, stopped in order.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use crate::broker::{Broker, BrokerError};
use crate::data_dir::{DataDir, DataDirError};
use crate::endpoints::{self, Endpoints, EndpointsError};
use crate::engine::{self, Engine, READERS};
use crate::http::{self, Access, Server, User};
use crate::ports::{PortError, Ports};
use crate::registry::{Registry, RegistryError};

/// How long to wait for a directory that a short command holds.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait for the engine to close.
const CLOSE_LIMIT: Duration = Duration::from_secs(20);

/// How often to look whether that command has turned out to be an `up`.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Memory of the ClickHouse engine unless said otherwise, bytes.
pub const ENGINE_MEMORY: u64 = 2 << 30;

/// How to run the parts. [`Options::new`] gives the defaults.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything lies; made if missing.
    pub data_dir: PathBuf,
    /// Where the parts answer, on the loopback address.
    pub ports: Ports,
    /// Users of the ClickHouse interface.
    pub users: Vec<User>,
    /// libchdb.so or its directory; `None` searches for it and fetches it if need be.
    pub engine_library: Option<PathBuf>,
    /// Limit of the ClickHouse engine's memory in bytes; none takes the engine's own.
    pub engine_memory: Option<u64>,
    /// How long to wait for a directory that another command holds. For one that `quarterday up` holds nobody waits.
    pub patience: Duration,
}

/// Why the parts could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// A port cannot be had.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The Kafka broker did not start.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The schema registry did not start.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The ClickHouse engine did not start.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// The ClickHouse HTTP interface did not start.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// `endpoints.json` could not be written or removed.
    #[error(transparent)]
    Endpoints(#[from] EndpointsError),
    /// This process is stopping.
    #[error("the embedded parts were cut off while starting because the program is stopping")]
    Stopping,
}

/// The running parts. They answer until [`Embedded::shutdown`].
pub struct Embedded {
    registry: Registry,
    interface: Server,
    broker: Broker,
    endpoints: Endpoints,
    data_dir: DataDir,
    engine_closed: Pin<Box<dyn Future<Output = ()> + Send + Sync>>,
}

impl Options {
    /// The defaults: users `default`, `bi`, `bi_partners` and `bi_public` (who read one database each), all without a password, as they
    /// are reached from this machine only.
    pub fn new(data_dir: impl AsRef<Path>, ports: Ports) -> Self {
        let user = |name: &str, access| User {
            name: name.to_owned(),
            password: None,
            access,
        };
        Self {
            data_dir: data_dir.as_ref().to_owned(),
            ports,
            users: std::iter::once(user("default", Access::Full))
                .chain(READERS.map(|(name, database)| user(name, Access::ReadDatabase(database.to_owned()))))
                .collect(),
            engine_library: None,
            engine_memory: Some(ENGINE_MEMORY),
            patience: PATIENCE,
        }
    }

    fn engine(&self, data_dir: &DataDir) -> engine::Options {
        engine::Options {
            library: self.engine_library.clone(),
            memory_limit_bytes: self.engine_memory,
            ..engine::Options::new(data_dir.path().join("clickhouse"))
        }
    }
}

impl Embedded {
    /// Starts all parts and waits until they answer.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let data_dir = hold(&options).await?;
        endpoints::remove(&data_dir)?;
        let kafka = options.ports.kafka.listen("Kafka")?;
        let clickhouse = options.ports.clickhouse.listen("ClickHouse")?;
        let registry = options.ports.registry.listen("the schema registry")?;
        let engine_options = options.engine(&data_dir);
        let engine = tokio::task::spawn_blocking(move || Engine::start(&engine_options));
        let kafka_dir = data_dir.path().join("kafka");
        let messaging = async {
            let broker = Broker::start(&kafka_dir, kafka).await?;
            let registry = Registry::start(broker.settings(), registry).await?;
            Ok::<_, Error>((broker, registry))
        };
        let (engine, messaging) = tokio::join!(engine, messaging);
        let engine = engine.map_err(|_| Error::Stopping)??;
        let (broker, registry) = messaging?;
        let interface_options = http::Options {
            users: options.users,
            ..http::Options::default()
        };
        let engine_closed = Box::pin(engine.closed());
        let interface = Server::start(engine, clickhouse, interface_options)?;
        let endpoints = Endpoints {
            kafka: broker.address().to_string(),
            clickhouse: format!("http://{}", interface.address()),
            registry: registry.url(),
            metrics: None,
        };
        Ok(Self {
            registry,
            interface,
            broker,
            endpoints,
            data_dir,
            engine_closed,
        })
    }

    /// Where the parts answer.
    pub fn endpoints(&self) -> Endpoints {
        self.endpoints.clone()
    }

    /// The data directory, absolute.
    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// Lets other processes find the parts, until they stop; `metrics`: where this process serves metrics and health, if it does.
    pub fn publish(&self, metrics: Option<String>) -> Result<(), Error> {
        let endpoints = Endpoints {
            metrics,
            ..self.endpoints()
        };
        Ok(endpoints::write(&self.data_dir, &endpoints)?)
    }

    /// Stops all parts, those first that use others, and lets the directory go.
    pub async fn shutdown(self) -> Result<(), Error> {
        let removed = endpoints::remove(&self.data_dir);
        tokio::join!(self.registry.shutdown(), self.interface.shutdown());
        self.broker.shutdown().await;
        if tokio::time::timeout(CLOSE_LIMIT, self.engine_closed)
            .await
            .is_err()
        {
            tracing::warn!("the ClickHouse engine was left open: a request did not end");
        }
        drop(self.data_dir);
        Ok(removed?)
    }
}

/// Takes the directory. Nobody waits for a process that says where it answers: it does not go away by itself.
async fn hold(options: &Options) -> Result<DataDir, DataDirError> {
    let published = async {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        while endpoints::read_live(&options.data_dir).await.is_none() {
            looks.tick().await;
        }
    };
    tokio::select! {
        biased;
        held = DataDir::open(&options.data_dir, options.patience) => held,
        () = published => DataDir::open(&options.data_dir, Duration::ZERO).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::PortChoice;

    // That all parts start, stop and start again is tested on the program itself: a process can have one engine only,
    // and the tests of the engine have it here.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_taken_port_is_an_error_before_anything_starts() {
        let directory = tempfile::tempdir().expect("directory");
        let taken = PortChoice::Free.listen("test").expect("a free port");
        let port = taken.local_addr().expect("address").port();
        let ports = Ports {
            registry: PortChoice::Exact(port),
            ..Ports::free()
        };
        let refused = Embedded::start(Options::new(directory.path(), ports))
            .await
            .map(drop)
            .expect_err("taken");
        assert!(matches!(refused, Error::Port(_)), "{refused}");
        assert!(!directory.path().join("kafka").exists());
    }
}
