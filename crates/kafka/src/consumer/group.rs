//! What happens to a member when partitions come and go.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

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
    /// These partitions are this member's now. They are paused: their messages follow once the owner has said from where on, by
    /// [`super::GroupConsumer::start_at`].
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
    ends: Mutex<BTreeMap<TopicPartition, i64>>,
    log: ClientLog,
}

impl<L: GroupListener> GroupContext<L> {
    pub(super) fn new(listener: L) -> Self {
        Self {
            listener,
            paused: AtomicBool::new(false),
            standing: StandingReader::default(),
            ends: Mutex::default(),
            log: ClientLog::default(),
        }
    }

    /// See [`super::GroupConsumer::take_ends`].
    pub(super) fn take_ends(&self) -> BTreeMap<TopicPartition, i64> {
        std::mem::take(&mut *self.ends.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note_ends(&self, statistics: &Statistics) {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, topic) in &statistics.topics {
            let active = topic.partitions.values().filter(|p| p.fetch_state == "active");
            for partition in active.filter(|p| p.eof_offset >= 0) {
                ends.insert((name.clone(), partition.partition), partition.eof_offset);
            }
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
        self.note_ends(&statistics);
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
        if let Err(error) = consumer.pause(partitions) {
            tracing::warn!(%error, "new partitions could not be paused");
        }
    }
}
