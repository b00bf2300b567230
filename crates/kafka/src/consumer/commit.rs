//! Committing offsets, and what a refusal means for the worker.

use rdkafka::consumer::{CommitMode, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};

use super::Offsets;
use crate::error::is_transient;

/// Why offsets were not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The coordinator is away or busy rebalancing: the same commit can succeed later.
    #[error("the group's offsets could not be committed for now")]
    Retryable(#[source] KafkaError),
    /// The partitions belong to somebody else now. Harmless: their owner consumes again from the last commit.
    #[error("the partitions were given to another member before their offsets were committed")]
    Revoked(#[source] KafkaError),
    /// The commit will be refused again, for example for want of permission.
    #[error("the group's offsets could not be committed; check the permissions of the group")]
    Permanent(#[source] KafkaError),
}

/// Commits `offsets` and waits for the answer; an empty map is a success.
pub(super) fn commit<C: ConsumerContext>(
    consumer: &impl Consumer<C>,
    offsets: &Offsets,
) -> Result<(), CommitError> {
    if offsets.is_empty() {
        return Ok(());
    }
    let mut list = TopicPartitionList::with_capacity(offsets.len());
    for ((topic, partition), next) in offsets {
        list.add_partition_offset(topic, *partition, Offset::Offset(*next))
            .map_err(CommitError::Permanent)?;
    }
    consumer.commit(&list, CommitMode::Sync).map_err(classify)
}

fn classify(error: KafkaError) -> CommitError {
    match error.rdkafka_error_code() {
        Some(
            RDKafkaErrorCode::IllegalGeneration
            | RDKafkaErrorCode::UnknownMemberId
            | RDKafkaErrorCode::FencedInstanceId
            | RDKafkaErrorCode::FencedMemberEpoch
            | RDKafkaErrorCode::StaleMemberEpoch
            | RDKafkaErrorCode::Fenced
            | RDKafkaErrorCode::AssignmentLost
            | RDKafkaErrorCode::State
            | RDKafkaErrorCode::Outdated
            | RDKafkaErrorCode::NoOffset,
        ) => CommitError::Revoked(error),
        _ if is_transient(&error) => CommitError::Retryable(error),
        _ => CommitError::Permanent(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        let classified = |code| classify(KafkaError::ConsumerCommit(code));
        assert!(matches!(
            classified(RDKafkaErrorCode::IllegalGeneration),
            CommitError::Revoked(_)
        ));
        assert!(matches!(
            classified(RDKafkaErrorCode::RebalanceInProgress),
            CommitError::Retryable(_)
        ));
        assert!(matches!(
            classified(RDKafkaErrorCode::NotCoordinator),
            CommitError::Retryable(_)
        ));
        assert!(matches!(
            classified(RDKafkaErrorCode::GroupAuthorizationFailed),
            CommitError::Permanent(_)
        ));
    }
}
