//! How far the logs go, and how far a consumer group has come, without joining the group.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};

use crate::context::Context;
use crate::{Error, KafkaSettings};

/// How long one question to the cluster may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// One partition of a topic.
pub type TopicPartition = (String, i32);

/// A partition's log and the place of the group in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The first offset that is still there.
    pub low: i64,
    /// The offset that the next message will get (the high watermark).
    pub high: i64,
    /// The offset the group wants next; none when it has committed nothing.
    pub committed: Option<i64>,
}

/// Asks for watermarks and committed offsets over connections of its own, so that a waiting fetch of a consumer does
/// not hold up the answers. All calls block.
#[derive(Clone)]
pub struct Positions {
    consumer: Arc<BaseConsumer<Context>>,
    brokers: String,
}

impl Position {
    /// Messages the group has still to take.
    pub fn lag(&self) -> i64 {
        (self.high - self.committed.unwrap_or(self.low).max(self.low)).max(0)
    }
}

impl Positions {
    /// A client for questions about this group's positions. Nothing connects before the first question.
    pub fn new(settings: &KafkaSettings, group: &str) -> Result<Self, Error> {
        let mut config = settings.client_config()?;
        config
            .set("group.id", group)
            .set("enable.auto.commit", "false")
            .set("reconnect.backoff.max.ms", "1000");
        let consumer = config
            .create_with_context(Context::default())
            .map_err(Error::client)?;
        Ok(Self {
            consumer: Arc::new(consumer),
            brokers: settings.brokers.clone(),
        })
    }

    /// The positions in all partitions of these topics. A topic that does not exist is [`Error::NoTopic`].
    pub fn read(&self, topics: &[&str]) -> Result<BTreeMap<TopicPartition, Position>, Error> {
        let list = self.partitions(topics)?;
        let low = self.offsets(&list, Offset::Beginning, "first offsets")?;
        let high = self.offsets(&list, Offset::End, "last offsets")?;
        let committed = self
            .consumer
            .committed_offsets(list, ANSWER_LIMIT)
            .map_err(|source| self.unanswered("committed offsets", source))?;
        let committed =
            offsets_in(&committed).map_err(|source| self.unanswered("committed offsets", source))?;
        Ok(high
            .into_iter()
            .map(|(partition, high)| {
                let low = low.get(&partition).copied().unwrap_or(0);
                let committed = committed.get(&partition).copied();
                (partition, Position { low, high, committed })
            })
            .collect())
    }

    fn partitions(&self, topics: &[&str]) -> Result<TopicPartitionList, Error> {
        let mut list = TopicPartitionList::new();
        for topic in topics {
            let metadata = self
                .consumer
                .fetch_metadata(Some(topic), ANSWER_LIMIT)
                .map_err(|source| self.unanswered("list partitions", source))?;
            let found = metadata.topics().iter().find(|found| found.name() == *topic);
            let partitions = found
                .filter(|found| found.error().is_none())
                .map_or(&[][..], |found| found.partitions());
            if partitions.is_empty() {
                return Err(Error::NoTopic {
                    topic: (*topic).to_owned(),
                });
            }
            for partition in partitions {
                list.add_partition(topic, partition.id());
            }
        }
        Ok(list)
    }

    /// Kafka answers the timestamps -2 and -1 with the first and the next offset, for all partitions in one request.
    fn offsets(
        &self,
        partitions: &TopicPartitionList,
        end: Offset,
        what: &str,
    ) -> Result<BTreeMap<TopicPartition, i64>, Error> {
        let mut list = partitions.clone();
        list.set_all_offsets(end)
            .and_then(|()| self.consumer.offsets_for_times(list, ANSWER_LIMIT))
            .and_then(|list| offsets_in(&list))
            .map_err(|source| self.unanswered(what, source))
    }

    fn unanswered(&self, what: &str, source: KafkaError) -> Error {
        Error::cluster(&self.brokers, what, source)
    }
}

fn offsets_in(list: &TopicPartitionList) -> Result<BTreeMap<TopicPartition, i64>, KafkaError> {
    let mut offsets = BTreeMap::new();
    for element in list.elements() {
        element.error()?;
        if let Offset::Offset(offset) = element.offset() {
            offsets.insert((element.topic().to_owned(), element.partition()), offset);
        }
    }
    Ok(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lag_counts_what_is_there_and_not_taken() {
        assert_eq!(
            Position {
                low: 5,
                high: 9,
                committed: None
            }
            .lag(),
            4
        );
        assert_eq!(
            Position {
                low: 5,
                high: 9,
                committed: Some(8)
            }
            .lag(),
            1
        );
        // Retention overtook the group.
        assert_eq!(
            Position {
                low: 5,
                high: 9,
                committed: Some(2)
            }
            .lag(),
            4
        );
        assert_eq!(
            Position {
                low: 0,
                high: 0,
                committed: Some(3)
            }
            .lag(),
            0
        );
    }
}
