//! The embedded Kafka broker: tansu's services on a loopback port, its log in one SQLite file.
//!
//! tansu provides the protocol, topics, producing and the groups' offsets. Four things are our own, each for a reason found
//! in its code:
//!
//! - accepting connections (`serve`): the port is bound by us, so that a taken port is a plain error, and stopping
//!   is possible. Its periodic maintenance is never run: it deletes the log of a topic that carries
//!   `cleanup.policy=delete`, even with unlimited retention.
//! - fetching (`fetch`, `log`): tansu sleeps half of the client's waiting time on every fetch, found something or
//!   not, scans the rest of the log for each, and can never deliver a message of more than 5 MiB, so that its
//!   partition stands still. Ours answers as soon as something is there and reads no more than it delivers.
//! - the members of groups (`groups`): tansu's groups wait for a leader that died, in some cases for ever.
//! - guarding tansu (`gate`, `produce`, `routes`, `serve`): all storage is one task, and a panic ends it. An ordinary client
//!   that lost a message and goes on with its next producer epoch makes it panic, so do malformed batches. What is known
//!   to do so is kept away; should it happen all the same, the task is begun anew.
//!
//! The broker runs on threads of its own, because SQLite blocks them.

mod batch;
mod fetch;
mod gate;
mod groups;
mod log;
mod offsets;
mod produce;
mod routes;
mod serve;
mod storage;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::topics::Topics;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::runtime::PartRuntime;
use serve::Services;
use storage::Location;

/// How the cluster calls itself to clients, and under which name its topics are kept in the file.
const CLUSTER: &str = "quarterday";
const NODE: i32 = 1;
const FILE: &str = "kafka.sqlite";

/// How long requests that are being worked on may take when the broker stops.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Why the broker did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrokerError {
    /// The directory cannot be used.
    #[error("cannot prepare {path} for the embedded Kafka broker")]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The log file cannot be used.
    #[error("the embedded Kafka broker cannot open its log {path}")]
    Storage {
        /// The file.
        path: PathBuf,
        /// What SQLite or tansu says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The listener given is unusable.
    #[error("the embedded Kafka broker cannot listen")]
    Listen(#[source] std::io::Error),
    /// It listens and gives no answers.
    #[error("the embedded Kafka broker does not answer at {address}")]
    Silent {
        /// Where it listens.
        address: SocketAddr,
        /// What a client saw.
        #[source]
        source: quarterday_kafka::Error,
    },
}

/// A running broker. Dropping it stops it hard; the log takes no harm.
pub struct Broker {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    runtime: PartRuntime,
    /// Stands in for a path that tansu cannot take; must live as long as files are opened by it.
    _alias: Option<tempfile::TempDir>,
}

impl Broker {
    /// Starts a broker whose log is in `directory` (made if missing) and that listens on `listener`, and waits until it
    /// answers. The directory must be nobody else's: see [`crate::data_dir`].
    pub async fn start(directory: &Path, listener: TcpListener) -> Result<Self, BrokerError> {
        let prepare = |source| BrokerError::Directory {
            path: directory.to_owned(),
            source,
        };
        std::fs::create_dir_all(directory).map_err(prepare)?;
        let address = listener.local_addr().map_err(BrokerError::Listen)?;
        listener.set_nonblocking(true).map_err(BrokerError::Listen)?;
        let (path, alias) = plain_path(directory).map_err(prepare)?;
        let runtime = PartRuntime::new("kafka").map_err(BrokerError::Listen)?;
        let stop = CancellationToken::new();
        let file = directory.join(FILE);
        let location = Location {
            file: path.join(FILE),
            address,
        };
        let opening = location.clone();
        let services = match runtime.spawn(async move { open(&opening).await }).await {
            Ok(opened) => opened,
            Err(panicked) => Err(panicked.into()),
        }
        .map_err(|source| BrokerError::Storage { path: file, source })?;
        let serving = runtime.spawn(serve::serve(listener, services, location, stop.clone()));
        let broker = Self {
            address,
            stop,
            serving,
            runtime,
            _alias: alias,
        };
        broker.answers().await?;
        Ok(broker)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How clients reach it.
    pub fn settings(&self) -> KafkaSettings {
        KafkaSettings::new(self.address.to_string())
    }

    /// Finishes the requests being worked on, then stops.
    pub async fn shutdown(self) {
        self.stop.cancel();
        if tokio::time::timeout(STOP_LIMIT, self.serving).await.is_err() {
            tracing::warn!("the embedded Kafka broker was stopped while it worked on a request");
        }
        self.runtime.shutdown(STOP_LIMIT).await;
    }

    async fn answers(&self) -> Result<(), BrokerError> {
        let silent = |source| BrokerError::Silent {
            address: self.address,
            source,
        };
        Topics::new(&self.settings())
            .map_err(silent)?
            .list()
            .await
            .map_err(silent)?;
        Ok(())
    }
}

async fn open(location: &Location) -> Result<Services, Box<dyn std::error::Error + Send + Sync>> {
    let storage = location.open().await?;
    let log = log::LogFile::open(&location.file).await?;
    Ok(Services::new(storage, log)?)
}

/// tansu does not undo the percent-encoding of URLs, so a path with blanks or umlauts is reached through a symbolic
/// link with a plain name.
fn plain_path(directory: &Path) -> std::io::Result<(PathBuf, Option<tempfile::TempDir>)> {
    let directory = directory.canonicalize()?;
    let text = directory.to_str();
    let survives = |text: &str| {
        Url::parse(&format!("sqlite:///{text}")).is_ok_and(|url| url.path() == format!("/{text}"))
    };
    if text.is_some_and(survives) {
        return Ok((directory, None));
    }
    let alias = tempfile::Builder::new().prefix("quarterday-").tempdir()?;
    let link = alias.path().join("kafka");
    std::os::unix::fs::symlink(&directory, &link)?;
    Ok((link, Some(alias)))
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
pub(crate) mod tests;
