//! `endpoints.json` in the data directory: where the parts of a running `quarterday up` answer.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

use crate::data_dir::DataDir;

const FILE: &str = "endpoints.json";

/// How long a part may take to accept a connection.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// Where the parts answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// `host:port` of the Kafka broker.
    pub kafka: String,
    /// URL of the ClickHouse HTTP interface.
    pub clickhouse: String,
    /// URL of the schema registry.
    pub registry: String,
    /// URL in front of `/metrics`, `/healthz` and `/readyz`, if they are served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<String>,
}

/// The file could not be written or removed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {path}")]
pub struct EndpointsError {
    action: &'static str,
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

#[derive(Serialize, Deserialize)]
struct File {
    pid: u32,
    #[serde(flatten)]
    endpoints: Endpoints,
}

/// The parts of the process that holds this directory, if there is one, it has published where they are, and they
/// answer. What a killed process left behind is ignored.
pub async fn read_live(directory: &Path) -> Option<Endpoints> {
    if !DataDir::is_held(directory) {
        return None;
    }
    let text = std::fs::read(directory.join(FILE)).ok()?;
    let File { endpoints, .. } = serde_json::from_slice(&text).ok()?;
    let (kafka, clickhouse, registry) = tokio::join!(
        answers(&endpoints.kafka),
        answers(without_scheme(&endpoints.clickhouse)),
        answers(without_scheme(&endpoints.registry)),
    );
    (kafka && clickhouse && registry).then_some(endpoints)
}

/// Says where the parts of this process are. The file is there whole or not at all.
pub(crate) fn write(directory: &DataDir, endpoints: &Endpoints) -> Result<(), EndpointsError> {
    let path = directory.path().join(FILE);
    let content = File {
        pid: std::process::id(),
        endpoints: endpoints.clone(),
    };
    let write = || {
        let mut text = serde_json::to_vec_pretty(&content)?;
        text.push(b'\n');
        let mut file = tempfile::NamedTempFile::new_in(directory.path())?;
        file.write_all(&text)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|source| EndpointsError {
        action: "write",
        path: path.clone(),
        source,
    })
}

/// Takes back what was said, also by a process that was killed.
pub(crate) fn remove(directory: &DataDir) -> Result<(), EndpointsError> {
    let path = directory.path().join(FILE);
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(EndpointsError {
            action: "remove",
            path,
            source,
        }),
        _ => Ok(()),
    }
}

async fn answers(address: &str) -> bool {
    let Ok(address) = address.parse::<SocketAddr>() else {
        return false;
    };
    matches!(
        tokio::time::timeout(ANSWER_LIMIT, TcpStream::connect(address)).await,
        Ok(Ok(_))
    )
}

fn without_scheme(url: &str) -> &str {
    url.strip_prefix("http://").unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn endpoints(address: SocketAddr) -> Endpoints {
        let url = format!("http://{address}");
        Endpoints {
            kafka: address.to_string(),
            clickhouse: url.clone(),
            registry: url,
            metrics: None,
        }
    }

    async fn held(directory: &Path) -> DataDir {
        DataDir::open(directory, Duration::ZERO).await.expect("free")
    }

    #[tokio::test]
    async fn what_is_published_is_read_until_taken_back() {
        let directory = tempfile::tempdir().expect("directory");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoints = endpoints(listener.local_addr().expect("address"));
        let held = held(directory.path()).await;
        assert_eq!(read_live(directory.path()).await, None);
        write(&held, &endpoints).expect("written");
        assert_eq!(read_live(directory.path()).await, Some(endpoints.clone()));
        let text = std::fs::read_to_string(directory.path().join(FILE)).expect("there");
        assert!(
            text.contains(&format!("\"pid\": {}", std::process::id())),
            "{text}"
        );
        remove(&held).expect("removed");
        remove(&held).expect("nothing left to remove");
        assert_eq!(read_live(directory.path()).await, None);
    }

    #[tokio::test]
    async fn what_a_killed_process_left_is_ignored() {
        let directory = tempfile::tempdir().expect("directory");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoints = endpoints(listener.local_addr().expect("address"));
        let first = held(directory.path()).await;
        write(&first, &endpoints).expect("written");
        drop(first);
        assert_eq!(
            read_live(directory.path()).await,
            None,
            "nobody holds the directory"
        );
        let _second = held(directory.path()).await;
        drop(listener);
        assert_eq!(read_live(directory.path()).await, None, "nobody answers there");
    }

    #[tokio::test]
    async fn a_file_that_is_none_is_ignored() {
        let directory = tempfile::tempdir().expect("directory");
        let _held = held(directory.path()).await;
        for text in [
            "",
            "{}",
            "[1]",
            r#"{"pid":1,"kafka":"x","clickhouse":"y","registry":"z"}"#,
        ] {
            std::fs::write(directory.path().join(FILE), text).expect("written");
            assert_eq!(read_live(directory.path()).await, None, "{text}");
        }
    }
}
