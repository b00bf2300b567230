//! The server: from listening to shutting down.

use std::{io, net::SocketAddr, sync::Arc, time::Instant};

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{
    handler,
    listener::{ConnectionInfo, Listener},
    options::{Access, Options},
    session::Sessions,
    under_way::UnderWay,
};
use crate::engine::Engine;

/// How often expired sessions are looked for.
const SESSION_SWEEP: std::time::Duration = std::time::Duration::from_secs(15);

/// The interface could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The socket cannot be used.
    #[error("the ClickHouse interface cannot listen")]
    Listen(#[source] io::Error),
    /// A user without a password would be open to the network.
    #[error("user {user:?} needs a password, because {address} is not a loopback address")]
    PasswordRequired {
        /// Name of the user.
        user: String,
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The engine was started without a role for this database.
    #[error(
        "user {user:?} is to read {database:?} only, but the engine was started without that read database"
    )]
    UnknownReadDatabase {
        /// Name of the user.
        user: String,
        /// The database.
        database: String,
    },
}

/// What all requests share.
pub(super) struct Shared {
    pub(super) engine: Engine,
    pub(super) options: Options,
    pub(super) address: SocketAddr,
    pub(super) sessions: Arc<Sessions>,
    pub(super) under_way: Arc<UnderWay>,
}

/// The running interface.
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    sweeping: JoinHandle<()>,
    shutdown_timeout: std::time::Duration,
}

impl Server {
    /// Starts to answer on `listener`. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the socket cannot be used or a user is not safe on it, see [`Error`].
    pub fn start(engine: Engine, listener: std::net::TcpListener, options: Options) -> Result<Self, Error> {
        listener.set_nonblocking(true).map_err(Error::Listen)?;
        let listener = TcpListener::from_std(listener).map_err(Error::Listen)?;
        let address = listener.local_addr().map_err(Error::Listen)?;
        check_users(&engine, &options, address)?;
        let shutdown_timeout = options.shutdown_timeout;
        let shared = Arc::new(Shared {
            sessions: Arc::new(Sessions::new(options.sessions)),
            under_way: Arc::default(),
            engine,
            options,
            address,
        });
        let sweeping = tokio::spawn(sweep(Arc::clone(&shared)));
        let router = Router::new().fallback(handler::handle).with_state(shared);
        let service = router.into_make_service_with_connect_info::<ConnectionInfo>();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let serve = axum::serve(Listener::new(listener), service).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
            if let Err(error) = serve.await {
                tracing::error!(%error, "the ClickHouse interface stopped");
            }
        });
        Ok(Self {
            address,
            stop: Some(stop),
            serving,
            sweeping,
            shutdown_timeout,
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections, lets requests under way finish for a while, and ends.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        if tokio::time::timeout(self.shutdown_timeout, &mut self.serving)
            .await
            .is_err()
        {
            tracing::warn!("the ClickHouse interface was stopped with requests under way");
            self.serving.abort();
        }
    }
}

impl Drop for Server {
    /// Takes no more connections; requests under way go on.
    fn drop(&mut self) {
        drop(self.stop.take());
        self.sweeping.abort();
    }
}

fn check_users(engine: &Engine, options: &Options, address: SocketAddr) -> Result<(), Error> {
    for user in &options.users {
        if !address.ip().is_loopback() && user.password.as_deref().unwrap_or_default().is_empty() {
            return Err(Error::PasswordRequired {
                user: user.name.clone(),
                address,
            });
        }
        if let Access::ReadDatabase(database) = &user.access
            && !engine.read_databases().contains(database)
        {
            return Err(Error::UnknownReadDatabase {
                user: user.name.clone(),
                database: database.clone(),
            });
        }
    }
    Ok(())
}

/// Ends sessions that have expired.
async fn sweep(shared: Arc<Shared>) {
    let mut timer = tokio::time::interval(SESSION_SWEEP);
    loop {
        timer.tick().await;
        let expired = shared.sessions.purge(Instant::now());
        if !expired.is_empty() {
            // Closing a connection may wait for the engine.
            let _ = shared.engine.submit_urgent(move || drop(expired));
        }
    }
}
