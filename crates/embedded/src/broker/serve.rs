//! Accepting connections and answering their requests until told to stop.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use rama::layer::Layer as _;
use rama::{Context, Service as _};
use tansu_broker::Error;
use tansu_broker::coordinator::group::administrator::Controller;
use tansu_service::{BytesFrameLayer, TcpBytesLayer, TcpContext, TcpContextLayer};
use tansu_storage::StorageContainer;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::CLUSTER;
use super::gate::{Gate, Shared};
use super::log::LogFile;
use super::routes::routes;
use super::storage::{Location, OpenStorage};

/// A short rest when the system has no more file handles for connections.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// How often to look whether tansu's storage task is alive.
const HEALTH_EVERY: Duration = Duration::from_secs(1);

/// How often to look for members of groups whose time is over.
const GROUPS_EVERY: Duration = Duration::from_millis(200);

/// What a connection needs.
#[derive(Clone)]
pub(super) struct Services {
    storage: OpenStorage,
    positions: Controller<StorageContainer>,
    shared: Shared,
}

impl Services {
    pub(super) fn new(storage: OpenStorage, log: LogFile) -> Result<Self, Error> {
        let shared = Shared {
            log: Arc::new(log),
            traffic: Arc::default(),
            groups: Arc::default(),
        };
        Self::with(storage, shared)
    }

    #[cfg(test)]
    pub(super) fn container(&self) -> StorageContainer {
        self.storage.container.clone()
    }

    /// The same with a storage task that was begun anew.
    fn revived(&self, storage: OpenStorage) -> Result<Self, Error> {
        Self::with(storage, self.shared.clone())
    }

    fn with(storage: OpenStorage, shared: Shared) -> Result<Self, Error> {
        let positions = Controller::with_storage(storage.container.clone())?;
        Ok(Self {
            storage,
            positions,
            shared,
        })
    }

    async fn answer(self, stream: TcpStream) -> Result<(), Error> {
        stream.set_nodelay(true)?;
        let routes = routes(&self.storage.container, self.positions)?;
        let connection = (
            TcpContextLayer::new(TcpContext::default().cluster_id(Some(CLUSTER.to_owned()))),
            TcpBytesLayer::default(),
            BytesFrameLayer::default(),
        )
            .into_layer(Gate::new(routes, self.shared));
        connection.serve(Context::default(), stream).await
    }
}

/// Runs until `stop`; then no request is begun, and those being worked on are finished.
pub(super) async fn serve(
    listener: TcpListener,
    mut services: Services,
    location: Location,
    stop: CancellationToken,
) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "the embedded Kafka broker cannot listen"),
    };
    let mut connections = JoinSet::new();
    let mut health = tokio::time::interval(HEALTH_EVERY);
    health.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut members = tokio::time::interval(GROUPS_EVERY);
    members.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(services.clone(), stream));
                }
                Err(error) => {
                    tracing::warn!(%error, "the embedded Kafka broker could not accept a connection");
                    tokio::time::sleep(ACCEPT_REST).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = members.tick() => services.shared.groups.tick(),
            _ = health.tick() => if !services.storage.is_alive().await {
                connections.shutdown().await;
                revive(&mut services, &location).await;
            },
        }
    }
    drop(listener);
    services.shared.traffic.quiet().await;
    connections.shutdown().await;
    services.storage.stop.cancel();
}

async fn connection(services: Services, stream: TcpStream) {
    if let Err(error) = services.answer(stream).await
        && !is_hang_up(&error)
    {
        tracing::debug!(?error, "a Kafka connection was closed for an error");
    }
}

/// tansu's storage task ends when a request makes it panic, and with it every later request would fail. Clients see
/// a lost connection and try again.
async fn revive(services: &mut Services, location: &Location) {
    tracing::error!("the embedded Kafka broker lost its storage task and begins it anew");
    let revived = match location.open().await {
        Ok(storage) => services.revived(storage).map_err(Into::into),
        Err(error) => Err(error),
    };
    match revived {
        Ok(revived) => *services = revived,
        Err(error) => tracing::error!(%error, "the storage task could not be begun; trying again"),
    }
}

fn is_hang_up(error: &Error) -> bool {
    matches!(error, Error::Io(io) if matches!(
        io.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    ))
}
