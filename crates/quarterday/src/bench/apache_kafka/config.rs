//! The configuration files of a cluster's brokers.

use std::path::Path;

/// What all brokers of a cluster must know.
pub(super) struct Cluster {
    id: String,
    nodes: Vec<Ports>,
}

struct Ports {
    client: u16,
    controller: u16,
}

impl Cluster {
    /// A cluster with one broker for every two ports.
    pub(super) fn new(id: String, ports: &[u16]) -> Self {
        let (pairs, _) = ports.as_chunks::<2>();
        let nodes = pairs
            .iter()
            .map(|&[client, controller]| Ports { client, controller })
            .collect();
        Self { id, nodes }
    }

    /// The cluster id that storage is formatted with.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// `host:port` on which clients reach this broker.
    pub(super) fn address(&self, node: usize) -> String {
        format!(
            "127.0.0.1:{}",
            self.nodes.get(node).map_or(0, |ports| ports.client)
        )
    }

    /// The `server.properties` of one node, with its logs in `data`.
    ///
    /// Topics must be made on purpose, as on a well-kept cluster. A dead broker is noticed sooner than by default, and a
    /// new consumer group waits for no further members.
    pub(super) fn properties(&self, node: usize, data: &Path) -> String {
        let controller = self.nodes.get(node).map_or(0, |ports| ports.controller);
        let client = self.address(node);
        let voters: Vec<String> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(id, ports)| format!("{id}@127.0.0.1:{}", ports.controller))
            .collect();
        let (voters, data) = (voters.join(","), data.to_string_lossy().replace('\\', "\\\\"));
        let copies = self.nodes.len().min(3);
        let in_sync = copies.saturating_sub(1).max(1);
        format!(
            "\
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=CLIENT://{client},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=CLIENT://{client}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENT
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
default.replication.factor={copies}
min.insync.replicas={in_sync}
offsets.topic.num.partitions=4
log.cleaner.backoff.ms=500
offsets.topic.replication.factor={copies}
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=5000
"
        )
    }
}

/// The log4j configuration of a Java program that logs to this file.
pub(super) fn logging(log: &Path) -> String {
    let log = log.to_string_lossy().replace('\\', "\\\\");
    format!(
        "\
status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %m (%c)%n
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broker_keeps_one_copy() {
        let text = Cluster::new("id".to_owned(), &[1, 2]).properties(0, Path::new("/d"));
        assert!(
            text.contains("\ncontroller.quorum.voters=0@127.0.0.1:2\n"),
            "{text}"
        );
        assert!(
            text.contains("\ndefault.replication.factor=1\nmin.insync.replicas=1\n"),
            "{text}"
        );
    }

    #[test]
    fn three_brokers_keep_three_copies_of_which_two_suffice() {
        let cluster = Cluster::new("id".to_owned(), &[1, 2, 3, 4, 5, 6]);
        let text = cluster.properties(1, Path::new("/d"));
        assert!(text.contains("\nnode.id=1\n"), "{text}");
        assert!(
            text.contains("\nlisteners=CLIENT://127.0.0.1:3,CONTROLLER://127.0.0.1:4\n"),
            "{text}"
        );
        assert!(
            text.contains("=0@127.0.0.1:2,1@127.0.0.1:4,2@127.0.0.1:6\n"),
            "{text}"
        );
        assert!(
            text.contains("\ndefault.replication.factor=3\nmin.insync.replicas=2\n"),
            "{text}"
        );
    }
}
