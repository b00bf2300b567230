//! One broker: its directory, its process, and what its log says of it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::config::{self, Cluster};
use super::java::Launcher;
use crate::bench::Error;
use crate::bench::guarded::{self, Guarded};

/// How long formatting a directory may take; it is one start of Java.
const FORMAT_LIMIT: Duration = Duration::from_secs(90);
/// How long a broker may take to hand over its partitions and close its logs.
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// What it logs when it takes part in the cluster; before, it may answer without being counted yet.
const STARTED: &str = "Kafka Server started (kafka.server.KafkaRaftServer)";

/// A broker, running or not.
pub(super) struct Node {
    launcher: Launcher,
    directory: PathBuf,
    address: String,
    process: Option<Guarded>,
}

impl Node {
    /// Writes the broker's configuration into a directory of its own below `parent`.
    pub(super) fn prepare(
        launcher: &Launcher,
        cluster: &Cluster,
        id: usize,
        parent: &Path,
    ) -> Result<Self, Error> {
        let node = Self {
            launcher: launcher.clone(),
            directory: parent.join(id.to_string()),
            address: cluster.address(id),
            process: None,
        };
        fs::create_dir_all(&node.directory).map_err(Error::file("make", &node.directory))?;
        node.write("server.properties", &cluster.properties(id, &node.logs()))?;
        node.write("logging.properties", &config::logging(&node.file("broker.log")))?;
        node.write(
            "logging-format.properties",
            &config::logging(&node.file("format.log")),
        )?;
        Ok(node)
    }

    /// `host:port` for clients.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Where its logs are.
    pub(super) fn logs(&self) -> PathBuf {
        self.file("data")
    }

    /// Begins to format the data directory; see [`Node::formatted`].
    pub(super) fn begin_format(&mut self, cluster_id: &str) -> Result<(), Error> {
        let mut arguments = ["format", "--cluster-id", cluster_id, "--config"]
            .map(OsString::from)
            .to_vec();
        arguments.push(self.file("server.properties").into());
        let logging = self.file("logging-format.properties");
        let output = self.file("format.out");
        self.process = Some(
            self.launcher
                .start("kafka.tools.StorageTool", &arguments, &logging, &output)?,
        );
        Ok(())
    }

    /// Waits until the data directory is formatted.
    pub(super) fn formatted(&mut self) -> Result<(), Error> {
        let output = self.file("format.out");
        let Some(mut formatting) = self.process.take() else {
            return Ok(());
        };
        let status = formatting.wait(FORMAT_LIMIT, &output)?;
        if status.success() {
            return Ok(());
        }
        Err(Error::Failed {
            what: "formatting a directory for Apache Kafka".to_owned(),
            status: status.to_string(),
            tail: guarded::tail(&output),
        })
    }

    /// Starts the broker's process; see [`Node::started`].
    pub(super) fn launch(&mut self) -> Result<(), Error> {
        // A fresh log, so that what it says is of this start.
        let log = self.file("broker.log");
        if log.exists() {
            fs::rename(&log, self.file("broker.log.before")).map_err(Error::file("move away", &log))?;
        }
        let arguments = [self.file("server.properties").into()];
        let (logging, output) = (self.file("logging.properties"), self.file("broker.out"));
        self.process = Some(
            self.launcher
                .start("kafka.Kafka", &arguments, &logging, &output)?,
        );
        Ok(())
    }

    /// Waits until the broker says that it takes part in the cluster, at most so long.
    pub(super) fn started(&mut self, limit: Duration) -> Result<(), Error> {
        let what = format!("start of the Apache Kafka broker at {}", self.address);
        let log = self.file("broker.log");
        let started = guarded::poll(limit, || {
            if fs::read_to_string(&log).is_ok_and(|log| log.contains(STARTED)) {
                return Ok(true);
            }
            match self.process.as_mut().map(Guarded::ended).transpose()?.flatten() {
                None => Ok(false),
                Some(status) => Err(Error::Failed {
                    what: what.clone(),
                    status: status.to_string(),
                    tail: self.last_words(),
                }),
            }
        })?;
        if started {
            Ok(())
        } else {
            Err(Error::TooSlow {
                what,
                limit,
                tail: self.last_words(),
            })
        }
    }

    /// Stops the broker gracefully, if it runs.
    pub(super) fn stop(&mut self) -> Result<(), Error> {
        let log = self.file("broker.log");
        if let Some(process) = &mut self.process
            && process.ended()?.is_none()
        {
            process.terminate()?;
            process.wait(STOP_LIMIT, &log)?;
        }
        self.process = None;
        Ok(())
    }

    /// Kills the broker, if it runs.
    pub(super) fn kill(&mut self) {
        self.process = None;
    }

    fn last_words(&self) -> String {
        let log = guarded::tail(&self.file("broker.log"));
        format!("{log}\n{}", guarded::tail(&self.file("broker.out")))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.file(name);
        fs::write(&path, text).map_err(Error::file("write", &path))
    }
}
