//! A real Apache Kafka for tests and for the benchmark: one broker or several, each broker and controller in one (KRaft),
//! on loopback ports, with its data in a temporary directory.
//!
//! Needs Java 17 and, the first time, Maven; when one is missing, [`Error::is_missing_tool`] says so. The brokers end with the
//! [`ApacheKafka`] that started them, also in a panic or when the process is killed.

mod config;
mod jars;
mod java;
mod node;

use std::path::PathBuf;
use std::time::Duration;

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::positions::Positions;
use rand::Rng;
use tempfile::TempDir;

use super::{Error, ports};
use config::Cluster;
use node::Node;

pub use jars::version;

/// How long a started broker may take to be ready; it takes 3 to 6 s on two idle cores, several times that beside a build.
const START_LIMIT: Duration = Duration::from_secs(180);

/// A running cluster.
pub struct ApacheKafka {
    nodes: Vec<Node>,
    _directory: TempDir,
}

impl ApacheKafka {
    /// Starts so many brokers on fresh data and waits until all are ready.
    ///
    /// With three, topics get three copies by default and need two of them in sync. Blocks, as all of this does.
    ///
    /// # Errors
    /// A tool is missing ([`Error::is_missing_tool`]), or a broker did not start: then with the end of its log.
    pub fn start(brokers: usize) -> Result<Self, Error> {
        let launcher = java::Launcher::ready()?;
        let directory = tempfile::Builder::new()
            .prefix("quarterday-kafka-")
            .tempdir()
            .map_err(Error::io("make a temporary directory"))?;
        let ports = ports::free(brokers * 2)?;
        let cluster = Cluster::new(cluster_id(), &ports);
        let nodes = (0..brokers)
            .map(|id| Node::prepare(&launcher, &cluster, id, directory.path()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut kafka = Self {
            nodes,
            _directory: directory,
        };
        kafka.format(cluster.id())?;
        kafka.launch()?;
        Ok(kafka)
    }

    /// The bootstrap brokers: `host:port` of each, separated by commas.
    #[must_use]
    pub fn bootstrap(&self) -> String {
        let addresses: Vec<&str> = self.nodes.iter().map(Node::address).collect();
        addresses.join(",")
    }

    /// How clients reach it.
    #[must_use]
    pub fn settings(&self) -> KafkaSettings {
        KafkaSettings::new(self.bootstrap())
    }

    /// Stops a broker gracefully: it hands its partitions over and closes its logs.
    ///
    /// # Errors
    /// There is no such broker, or it does not stop.
    pub fn stop_broker(&mut self, index: usize) -> Result<(), Error> {
        self.node(index)?.stop()
    }

    /// Kills a broker at once, as a power cut would. With three brokers the others take over.
    ///
    /// # Errors
    /// There is no such broker.
    pub fn kill_broker(&mut self, index: usize) -> Result<(), Error> {
        self.node(index)?.kill();
        Ok(())
    }

    /// Starts a stopped or killed broker on the data and the port it had, and waits until it is ready. One that runs is
    /// stopped before.
    ///
    /// # Errors
    /// There is no such broker, or it does not start: then with the end of its log.
    pub fn restart_broker(&mut self, index: usize) -> Result<(), Error> {
        let node = self.node(index)?;
        node.stop()?;
        node.launch()?;
        node.started(START_LIMIT)?;
        answers(node.address())
    }

    /// Where a broker keeps its logs: a directory for each partition. `None`: there is no such broker.
    #[must_use]
    pub fn logs(&self, index: usize) -> Option<PathBuf> {
        Some(self.nodes.get(index)?.logs())
    }

    /// All at the same time: each is one start of Java.
    fn format(&mut self, cluster_id: &str) -> Result<(), Error> {
        self.nodes
            .iter_mut()
            .try_for_each(|node| node.begin_format(cluster_id))?;
        for node in &mut self.nodes {
            node.formatted()?;
        }
        Ok(())
    }

    /// All at the same time: none is ready before the controllers have a majority.
    fn launch(&mut self) -> Result<(), Error> {
        self.nodes.iter_mut().try_for_each(Node::launch)?;
        for node in &mut self.nodes {
            node.started(START_LIMIT)?;
        }
        for node in &self.nodes {
            answers(node.address())?;
        }
        Ok(())
    }

    fn node(&mut self, index: usize) -> Result<&mut Node, Error> {
        let brokers = self.nodes.len();
        self.nodes
            .get_mut(index)
            .ok_or(Error::NoBroker { index, brokers })
    }
}

/// A client of the kind that the program uses must get an answer from this very broker: that it has no such topic.
fn answers(address: &str) -> Result<(), Error> {
    match Positions::new(&KafkaSettings::new(address), "ready").and_then(|ask| ask.read(&["no-such-topic"])) {
        Ok(_) | Err(quarterday_kafka::Error::NoTopic { .. }) => Ok(()),
        Err(source) => Err(Error::Silent {
            address: address.to_owned(),
            source,
        }),
    }
}

/// 16 bytes in the base64 that Kafka expects, never the same: brokers of another cluster that come by a port which was
/// theirs are turned away.
fn cluster_id() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut rng = rand::rng();
    let mut letter = || {
        LETTERS
            .get(rng.random_range(0..LETTERS.len()))
            .map_or('A', |byte| char::from(*byte))
    };
    // The last letter carries two bits only.
    (0..21).map(|_| letter()).chain(['A']).collect()
}

#[cfg(test)]
mod tests;
