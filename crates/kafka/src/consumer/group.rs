//! What happens to a member when partitions come and go.

use std::sync::atomic::{AtomicBool, Ordering};

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::{ClientContext, Statistics};

use super::partitions_of;
use super::standing::StandingReader;
use crate::context::ClientLog;
use crate::positions::TopicPartition;

/// Is told of partitions that come and go. Called on the polling thread, from within a poll.
pub trait GroupListener: Send + Sync + 'static {
    /// These partitions are this member's now; their messages follow.
    fn assigned(&self, partitions: &[TopicPartition]);

    /// These partitions go to somebody else as soon as this returns. What was taken from them and not committed will
    /// be consumed again by their new owner, so drop it or finish it quickly.
    ///
    /// `lost` says that they are gone already (the session ran out): commits for them will be refused.
    fn revoked(&self, partitions: &[TopicPartition], lost: bool);
}

pub(crate) struct GroupContext<L> {
    pub(super) listener: L,
    pub(super) paused: AtomicBool,
    pub(super) standing: StandingReader,
    log: ClientLog,
}

impl<L: GroupListener> GroupContext<L> {
    pub(super) fn new(listener: L) -> Self {
        Self {
            listener,
            paused: AtomicBool::new(false),
            standing: StandingReader::default(),
            log: ClientLog::default(),
        }
    }

    pub(super) fn alive(&self) {
        self.log.alive();
    }
}

impl<L: GroupListener> ClientContext for GroupContext<L> {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        self.log.line(level, facility, text);
    }

    fn stats(&self, statistics: Statistics) {
        self.standing.note(&statistics);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.log.error(&error, reason);
    }
}

impl<L: GroupListener> ConsumerContext for GroupContext<L> {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(partitions) => {
                let partitions = partitions_of(partitions);
                if !partitions.is_empty() {
                    self.listener.assigned(&partitions);
                }
            }
            Rebalance::Revoke(partitions) => {
                let partitions = partitions_of(partitions);
                if !partitions.is_empty() {
                    self.listener.revoked(&partitions, consumer.assignment_lost());
                }
            }
            Rebalance::Error(error) => tracing::warn!(%error, "rebalance failed"),
        }
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let Rebalance::Assign(partitions) = rebalance else {
            return;
        };
        if self.paused.load(Ordering::SeqCst)
            && let Err(error) = consumer.pause(partitions)
        {
            tracing::warn!(%error, "new partitions could not be paused");
        }
    }
}
