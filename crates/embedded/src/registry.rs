//! The embedded schema registry: the REST calls that Confluent's serializers make, for Avro schemas.
//!
//! What it knows lies in the Kafka topic `_schemas`, in the format of Confluent's registry, so ids stay the same over
//! restarts and rebuilds. A schema is answered for only after Kafka has acknowledged it. Ids ascend from 1; equal
//! schemas have one id under all subjects. Nothing is ever deleted: what was written must stay readable.

mod answer;
mod compatibility;
mod error;
mod journal;
mod record;
mod routes;
mod schema;
mod service;
mod state;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use quarterday_kafka::KafkaSettings;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::http::origin;
use error::Refusal;
use journal::Journal;
use service::Service;

/// How long requests that are being worked on may take when the registry stops.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// Why the registry did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// Its topic cannot be made or read.
    #[error("the embedded schema registry cannot read its topic")]
    Topic(#[source] quarterday_kafka::Error),
    /// The listener given is unusable.
    #[error("the embedded schema registry cannot listen")]
    Listen(#[source] std::io::Error),
}

/// A running registry.
pub struct Registry {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Registry {
    /// Starts a registry on `listener` that keeps its schemas in Kafka.
    pub async fn start(kafka: KafkaSettings, listener: TcpListener) -> Result<Self, RegistryError> {
        listener.set_nonblocking(true).map_err(RegistryError::Listen)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(RegistryError::Listen)?;
        let address = listener.local_addr().map_err(RegistryError::Listen)?;
        let journal = Journal::open(kafka).await.map_err(RegistryError::Topic)?;
        let service = Service::open(journal).await.map_err(RegistryError::Topic)?;
        let app = routes::router(Arc::new(service)).layer(middleware::from_fn_with_state(address, guard));
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stopped).await {
                tracing::error!(%error, "the embedded schema registry ended");
            }
        });
        Ok(Self {
            address,
            stop,
            serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How clients reach it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Finishes the requests being worked on, then stops.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        // Clients may keep idle connections open.
        if tokio::time::timeout(STOP_LIMIT, &mut self.serving).await.is_err() {
            self.serving.abort();
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Keeps web pages away.
async fn guard(State(address): State<SocketAddr>, request: Request, next: Next) -> Response {
    match origin::objection(request.headers(), request.uri(), address) {
        Some(reason) => Refusal::foreign(reason).into_response(),
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests;
