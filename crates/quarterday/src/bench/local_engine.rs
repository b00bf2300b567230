//! The embedded ClickHouse engine behind its HTTP interface, without broker and registry: what all contenders insert into.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use anyhow::Result;
use quarterday_embedded::ENGINE_MEMORY;
use quarterday_embedded::engine::{Engine, Options};
use quarterday_embedded::http::{self, Server};

use super::contest::{Event, say};

/// An engine that answers for as long as this lives.
pub(super) struct LocalEngine {
    url: String,
    _server: Server,
}

impl LocalEngine {
    /// Starts it on a directory; this process must have no other.
    pub(super) async fn start(directory: &Path) -> Result<Self> {
        let options = Options {
            memory_limit_bytes: Some(ENGINE_MEMORY),
            ..Options::new(directory)
        };
        let engine = tokio::task::spawn_blocking(move || Engine::start(&options)).await??;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Server::start(engine, listener, http::Options::default())?;
        Ok(Self {
            url: format!("http://{}", server.address()),
            _server: server,
        })
    }

    /// Address of its HTTP interface.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Runs an engine for another process until killed.
pub(super) async fn serve(directory: &Path) -> Result<()> {
    let engine = LocalEngine::start(directory).await?;
    say(&Event::Listening {
        clickhouse: engine.url().to_owned(),
    })?;
    std::future::pending().await
}
