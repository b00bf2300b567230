//! tansu's storage: one task that writes the SQLite file.

use std::net::SocketAddr;
use std::path::PathBuf;

use tansu_storage::{BrokerRegistrationRequest, Storage as _, StorageContainer};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use super::{CLUSTER, NODE};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Where the log lies and under which address clients reach it.
#[derive(Clone, Debug)]
pub(super) struct Location {
    pub(super) file: PathBuf,
    pub(super) address: SocketAddr,
}

/// An open storage. Its task ends with `stop`, or by a panic of tansu's.
#[derive(Clone)]
pub(super) struct OpenStorage {
    pub(super) container: StorageContainer,
    pub(super) stop: CancellationToken,
}

impl Location {
    /// Opens the file and makes its tables if they are missing.
    pub(super) async fn open(&self) -> Result<OpenStorage, Error> {
        // Three slashes begin a path that tansu takes as relative to the working directory; the fourth makes it
        // absolute.
        let file = Url::parse(&format!("sqlite:///{}", self.file.display()))?;
        let stop = CancellationToken::new();
        let container = StorageContainer::builder()
            .cluster_id(CLUSTER)
            .node_id(NODE)
            .advertised_listener(Url::parse(&format!("tcp://{}", self.address))?)
            .storage(file)
            .silent(true)
            .cancellation(stop.clone())
            .build()
            .await?;
        let registration = BrokerRegistrationRequest {
            broker_id: NODE,
            cluster_id: CLUSTER.to_owned(),
            incarnation_id: Uuid::new_v4(),
            rack: None,
        };
        container.register_broker(registration).await?;
        Ok(OpenStorage { container, stop })
    }
}

impl OpenStorage {
    /// Whether the task still answers.
    pub(super) async fn is_alive(&self) -> bool {
        self.container.ping().await.is_ok()
    }
}
