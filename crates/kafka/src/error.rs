//! Errors of this crate. Each names its topic, partition and offset where it has them; Display never repeats the
//! source, which stays reachable through [`std::error::Error::source`].

use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// What can go wrong between this program and Kafka.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A librdkafka setting from the configuration is unknown, has a bad value, or belongs to Quarterday itself.
    #[error("Kafka setting `{name}`: {reason}")]
    Setting {
        /// The setting as written in the configuration.
        name: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// A client could not be created: the settings contradict each other, or a file they name cannot be read.
    #[error("cannot set up a Kafka client; check the Kafka settings in the configuration")]
    Client(#[source] Box<KafkaError>),
    /// A question about the cluster, a topic or a group was not answered.
    #[error("Kafka at {brokers} did not answer ({what})")]
    Cluster {
        /// The brokers as configured.
        brokers: String,
        /// What was asked.
        what: String,
        /// librdkafka's reason.
        #[source]
        source: Box<KafkaError>,
    },
    /// A topic could not be created.
    #[error("cannot create topic {topic}: {reason}")]
    CreateTopic {
        /// The topic.
        topic: String,
        /// The broker's or our own reason.
        reason: String,
    },
    /// The broker has no such topic.
    #[error("Kafka has no topic {topic}; create it, or let `quarterday up` or `quarterday migrate` do so")]
    NoTopic {
        /// The topic.
        topic: String,
    },
    /// Subscribing, pausing or assigning failed.
    #[error("cannot {action}")]
    Consumer {
        /// What was tried, with its topics.
        action: String,
        /// librdkafka's reason.
        #[source]
        source: Box<KafkaError>,
    },
    /// Polling reported an error; see [`Error::is_retryable`].
    #[error("consuming as group {group} failed")]
    Poll {
        /// The consumer group.
        group: String,
        /// librdkafka's reason.
        #[source]
        source: Box<KafkaError>,
    },
    /// Reading a topic made no progress for this long.
    #[error(
        "reading topic {topic} partition {partition} made no progress for {waited:?} (at offset {offset})"
    )]
    Stalled {
        /// The topic.
        topic: String,
        /// The first partition that is behind.
        partition: i32,
        /// The next offset wanted.
        offset: i64,
        /// How long nothing came.
        waited: Duration,
    },
    /// The record batch at this offset is damaged where the broker keeps it; see [`crate::damaged`].
    #[error(
        "topic {topic} partition {partition} offset {offset}: the broker's record batch is damaged (its checksum does not fit); what was \
         in it is lost unless another copy of the log is whole"
    )]
    Damaged {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// The offset asked for.
        offset: i64,
    },
    /// A message was not acknowledged. With `partition` -1 it never left this process.
    #[error("topic {topic} partition {partition} did not take a message of {bytes} bytes")]
    Delivery {
        /// The topic.
        topic: String,
        /// The partition, or -1 when none was chosen yet.
        partition: i32,
        /// Length of the value.
        bytes: usize,
        /// librdkafka's or the broker's reason.
        #[source]
        source: Box<KafkaError>,
    },
    /// Not everything was acknowledged within the time given.
    #[error("messages were still unacknowledged after {waited:?}")]
    Flush {
        /// How long was waited.
        waited: Duration,
        /// librdkafka's reason.
        #[source]
        source: Box<KafkaError>,
    },
    /// A message on the quarantine topic is not one that Quarterday wrote.
    #[error("topic {topic} partition {partition} offset {offset} is no quarantined message: {reason}")]
    NotQuarantined {
        /// The topic read.
        topic: String,
        /// The partition read.
        partition: i32,
        /// The offset read.
        offset: i64,
        /// Which header is missing or malformed.
        reason: String,
    },
    /// A thread or task of this process ended early (it is shutting down).
    #[error("the operation was cut off because the program is stopping")]
    Stopping,
}

impl Error {
    /// The settings do not make a client.
    pub(crate) fn client(source: KafkaError) -> Self {
        Self::Client(Box::new(source))
    }

    /// The cluster gave no answer.
    pub(crate) fn cluster(brokers: &str, what: impl Into<String>, source: KafkaError) -> Self {
        Self::Cluster {
            brokers: brokers.to_owned(),
            what: what.into(),
            source: Box::new(source),
        }
    }

    /// The consumer did not do what it was told.
    pub(crate) fn consumer(action: impl Into<String>, source: KafkaError) -> Self {
        Self::Consumer {
            action: action.into(),
            source: Box::new(source),
        }
    }

    /// Whether the same operation can succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Cluster { source, .. } | Self::Poll { source, .. } | Self::Delivery { source, .. } => {
                is_transient(source)
            }
            Self::Stalled { .. } | Self::Flush { .. } => true,
            _ => false,
        }
    }

    /// Whether a record batch is damaged: see [`crate::damaged`].
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Poll { source, .. } => is_damage(source),
            Self::Damaged { .. } => true,
            _ => false,
        }
    }

    /// Whether broker or client refused the message for its size.
    pub fn is_too_large(&self) -> bool {
        let Self::Delivery { source, .. } = self else {
            return false;
        };
        matches!(
            source.rdkafka_error_code(),
            Some(
                RDKafkaErrorCode::MessageSizeTooLarge
                    | RDKafkaErrorCode::MessageBatchTooLarge
                    | RDKafkaErrorCode::InvalidMessageSize
            )
        )
    }
}

/// Errors that pass by themselves: the network, elections, a coordinator that moves.
pub(crate) fn is_transient(error: &KafkaError) -> bool {
    if matches!(error, KafkaError::MessageConsumptionFatal(_)) {
        return false;
    }
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::SSL
                | RDKafkaErrorCode::Resolve
                | RDKafkaErrorCode::AllBrokersDown
                | RDKafkaErrorCode::OperationTimedOut
                | RDKafkaErrorCode::MessageTimedOut
                | RDKafkaErrorCode::TimedOutQueue
                | RDKafkaErrorCode::QueueFull
                | RDKafkaErrorCode::WaitingForCoordinator
                | RDKafkaErrorCode::WaitCache
                | RDKafkaErrorCode::InProgress
                | RDKafkaErrorCode::PreviousInProgress
                | RDKafkaErrorCode::Retry
                | RDKafkaErrorCode::PollExceeded
                | RDKafkaErrorCode::DestroyBroker
                | RDKafkaErrorCode::LeaderNotAvailable
                | RDKafkaErrorCode::NotLeaderForPartition
                | RDKafkaErrorCode::RequestTimedOut
                | RDKafkaErrorCode::BrokerNotAvailable
                | RDKafkaErrorCode::ReplicaNotAvailable
                | RDKafkaErrorCode::NetworkException
                | RDKafkaErrorCode::CoordinatorLoadInProgress
                | RDKafkaErrorCode::CoordinatorNotAvailable
                | RDKafkaErrorCode::NotCoordinator
                | RDKafkaErrorCode::NotController
                | RDKafkaErrorCode::NotEnoughReplicas
                | RDKafkaErrorCode::NotEnoughReplicasAfterAppend
                | RDKafkaErrorCode::RebalanceInProgress
                | RDKafkaErrorCode::KafkaStorageError
                | RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::FencedLeaderEpoch
                | RDKafkaErrorCode::UnknownLeaderEpoch
                | RDKafkaErrorCode::OffsetNotAvailable
                | RDKafkaErrorCode::PreferredLeaderNotAvailable
                | RDKafkaErrorCode::EligibleLeadersNotAvailable
                | RDKafkaErrorCode::UnstableOffsetCommit
                | RDKafkaErrorCode::ThrottlingQuotaExceeded
        )
    )
}

/// What librdkafka says in the place of a record batch that it cannot take for one.
pub(crate) fn is_damage(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(RDKafkaErrorCode::BadMessage | RDKafkaErrorCode::NotImplemented)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(code: RDKafkaErrorCode) -> Error {
        Error::Delivery {
            topic: "t".into(),
            partition: 1,
            bytes: 9,
            source: Box::new(KafkaError::MessageProduction(code)),
        }
    }

    #[test]
    fn size_refusals_are_permanent_and_recognised() {
        let error = delivery(RDKafkaErrorCode::MessageSizeTooLarge);
        assert!(error.is_too_large() && !error.is_retryable());
        assert!(delivery(RDKafkaErrorCode::BrokerTransportFailure).is_retryable());
    }

    #[test]
    fn display_does_not_repeat_the_source() {
        let error = delivery(RDKafkaErrorCode::MessageSizeTooLarge);
        let source = std::error::Error::source(&error)
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(!source.is_empty() && !error.to_string().contains(&source));
    }
}
