//! What a worker serves to those who watch it: `/metrics` for Prometheus, `/healthz` and `/readyz` for whoever starts and stops it.
//!
//! `/healthz` is 200 while all parts of the worker are alive, `/readyz` while it can do its work; else 503, with a JSON object that
//! says why. Both are answered from what is so now, never from what was so at the start.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use quarterday_ingest::metrics::Metrics;
use quarterday_ingest::{Catalogue, Health, Observed};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// The usual port of metrics that are made for Prometheus.
const PORT: u16 = 9464;
/// Instead of an address: nothing is served.
const OFF: &str = "off";
/// A probe needs about a second; more often would measure probes.
const SHORTEST_PROBE_MS: u64 = 100;
/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The `[metrics]` section of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsSettings {
    /// Address and port that metrics and health are served on, or `off`. Default: off for `ingest`; for `up` 127.0.0.1:9464, or a
    /// free port when that is taken.
    pub listen: Option<String>,
    /// A probe is sent every so many milliseconds; never with 0, or when nothing is served. Default 60,000.
    pub probe_ms: u64,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        MetricsSettings {
            listen: None,
            probe_ms: 60_000,
        }
    }
}

impl MetricsSettings {
    /// What is wrong with the settings, with the key; nothing if they are usable.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        if (1..SHORTEST_PROBE_MS).contains(&self.probe_ms) {
            return Some(format!(
                "metrics.probe_ms must be at least {SHORTEST_PROBE_MS}, or 0 for none"
            ));
        }
        let listen = self.listen.as_deref().filter(|listen| *listen != OFF)?;
        listen.parse::<SocketAddr>().err().map(|_| {
            format!("metrics.listen must be an IP address with a port, such as 127.0.0.1:{PORT}, or {OFF}; it is {listen}")
        })
    }

    fn probe_every(&self) -> Option<Duration> {
        (self.probe_ms > 0).then(|| Duration::from_millis(self.probe_ms))
    }
}

/// An address that is listened on; nobody is answered yet.
pub struct Monitoring {
    listener: TcpListener,
    address: SocketAddr,
    probe_every: Option<Duration>,
}

/// Answers until it is dropped.
pub struct Serving {
    address: SocketAddr,
    task: AbortHandle,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Monitoring {
    /// Listens where the settings say; `None` where they say nothing, or `off`.
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn where_set(settings: &MetricsSettings) -> Result<Option<Self>> {
        let Some(listen) = settings.listen.as_deref().filter(|listen| *listen != OFF) else {
            return Ok(None);
        };
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot serve metrics on {listen} (metrics.listen); is another program using it?")
        })?;
        Ok(Some(Self::on(listener, settings)?))
    }

    /// As [`Monitoring::where_set`], but where the settings say nothing on the usual port of this machine, or on a free one.
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn on_loopback(settings: &MetricsSettings) -> Result<Option<Self>> {
        if settings.listen.is_some() {
            return Self::where_set(settings).await;
        }
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).await {
            Ok(listener) => listener,
            Err(_taken) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .await
                .context("there is no free port for metrics")?,
        };
        Ok(Some(Self::on(listener, settings)?))
    }

    fn on(listener: TcpListener, settings: &MetricsSettings) -> Result<Self> {
        let address = listener
            .local_addr()
            .context("the address of the metrics cannot be read")?;
        Ok(Monitoring {
            listener,
            address,
            probe_every: settings.probe_every(),
        })
    }

    /// What the worker is to be started with.
    ///
    /// # Errors
    /// The list of metrics is not usable: a defect of this build.
    pub fn observed(&self, catalogue: &Catalogue) -> Result<Observed> {
        Ok(Observed {
            metrics: Metrics::kept(catalogue)?,
            probe_every: self.probe_every,
        })
    }

    /// Answers for the worker that is at work, from now on.
    #[must_use]
    pub fn serve(self, health: watch::Receiver<Health>) -> Serving {
        let routes = Router::new()
            .route("/metrics", get(metrics))
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .with_state(health);
        let served = async move {
            if let Err(error) = axum::serve(self.listener, routes).await {
                tracing::error!(%error, "metrics are not served any more");
            }
        };
        Serving {
            address: self.address,
            task: tokio::spawn(served).abort_handle(),
        }
    }
}

impl Serving {
    /// The URL in front of the paths.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// How the worker is that is at work now.
type Now = State<watch::Receiver<Health>>;

async fn metrics(State(health): Now) -> Response {
    let health = health.borrow().clone();
    ([(header::CONTENT_TYPE, TEXT)], health.metrics().await).into_response()
}

async fn healthz(State(health): Now) -> Response {
    let health = health.borrow().clone();
    answer(&health.faults())
}

async fn readyz(State(health): Now) -> Response {
    let health = health.borrow().clone();
    answer(&health.obstacles().await)
}

fn answer(reasons: &[String]) -> Response {
    if reasons.is_empty() {
        return Json(json!({ "status": "ok" })).into_response();
    }
    let body = Json(json!({ "status": "unavailable", "reasons": reasons }));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

/// Refuses settings that cannot be used.
///
/// # Errors
/// What is wrong, with the key.
pub fn check(settings: &MetricsSettings) -> Result<()> {
    match settings.problem() {
        Some(problem) => bail!(problem),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(listen: &str, probe_ms: u64) -> MetricsSettings {
        MetricsSettings {
            listen: Some(listen.to_owned()),
            probe_ms,
        }
    }

    #[test]
    fn settings_are_checked_before_anything_listens() {
        assert_eq!(MetricsSettings::default().problem(), None);
        for usable in ["off", "127.0.0.1:9464", "[::]:0"] {
            assert_eq!(settings(usable, 0).problem(), None, "{usable}");
        }
        let problem = settings("localhost", 0).problem().unwrap_or_default();
        assert!(
            problem.starts_with("metrics.listen") && problem.ends_with("localhost"),
            "{problem}"
        );
        let problem = settings("off", 5).problem().unwrap_or_default();
        assert!(problem.starts_with("metrics.probe_ms"), "{problem}");
    }

    #[tokio::test]
    async fn a_port_that_was_asked_for_and_is_taken_is_an_error() -> Result<()> {
        let taken = TcpListener::bind("127.0.0.1:0").await?;
        let address = taken.local_addr()?.to_string();
        let error = Monitoring::where_set(&settings(&address, 0)).await.err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(&address), "{error}");
        assert!(Monitoring::where_set(&settings(OFF, 0)).await?.is_none());
        assert!(Monitoring::on_loopback(&settings(OFF, 0)).await?.is_none());
        Ok(())
    }
}
