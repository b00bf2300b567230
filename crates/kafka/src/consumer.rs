//! Consuming as a member of a group, for the worker.
//!
//! Offsets are committed by hand only, after the insert. The owner runs one thread that calls
//! [`GroupConsumer::poll`] again and again (also while paused: polling serves rebalances); every other call may come
//! from any thread. Rebalances are cooperative: partitions that stay are consumed on while others move.
//!
//! Back-pressure: for a moment, simply do not poll (up to five minutes are allowed). For longer,
//! [`GroupConsumer::pause`] and go on polling: paused partitions keep their place, but what librdkafka had fetched
//! ahead is dropped and fetched again.

mod commit;
mod group;
mod standing;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::topic_partition_list::TopicPartitionListElem;
use rdkafka::{Offset, TopicPartitionList};

pub use commit::CommitError;
pub use group::GroupListener;
pub use standing::{Standing, StandingReader};

use crate::positions::TopicPartition;
use crate::{Error, KafkaSettings};
use group::GroupContext;

/// Where a group stands: the next offset wanted of each partition.
pub type Offsets = BTreeMap<TopicPartition, i64>;

/// How to consume.
#[derive(Clone, Debug)]
pub struct ConsumerOptions {
    /// The consumer group.
    pub group: String,
    /// The topics, all of them existing.
    pub topics: Vec<String>,
    /// Bound on messages fetched ahead, KiB over all partitions together.
    pub fetch_ahead_kib: u32,
    /// How long a broker may hold back an empty answer.
    pub fetch_wait: Duration,
    /// After how long without a sign of life the broker gives this member's partitions to others.
    pub session_limit: Duration,
}

/// A member of a consumer group.
pub struct GroupConsumer<L: GroupListener> {
    inner: BaseConsumer<GroupContext<L>>,
    group: String,
}

impl ConsumerOptions {
    /// Defaults: 64 MiB ahead, four seconds of fetch wait, ten seconds of session.
    pub fn new(group: impl Into<String>, topics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            group: group.into(),
            topics: topics.into_iter().map(Into::into).collect(),
            fetch_ahead_kib: 64 << 10,
            fetch_wait: Duration::from_secs(4),
            session_limit: Duration::from_secs(10),
        }
    }
}

/// How long going to another offset may take.
const SEEK_LIMIT: Duration = Duration::from_secs(10);

impl<L: GroupListener> GroupConsumer<L> {
    /// Joins the group. Partitions come with later polls, and `listener` is told of them; their messages come once
    /// [`GroupConsumer::start_at`] has said from where on.
    pub fn join(settings: &KafkaSettings, options: &ConsumerOptions, listener: L) -> Result<Self, Error> {
        let mut config = settings.client_config()?;
        let fetch_ahead = options.fetch_ahead_kib.max(1024);
        config
            .set("group.id", &options.group)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("partition.assignment.strategy", "cooperative-sticky")
            // How far behind the member is comes with them.
            .set("statistics.interval.ms", "1000");
        let session = options.session_limit;
        // These are tuning, not correctness: a setting in the configuration wins.
        for (name, value) in [
            ("session.timeout.ms", session.as_millis().to_string()),
            ("heartbeat.interval.ms", (session / 4).as_millis().to_string()),
            ("fetch.wait.max.ms", options.fetch_wait.as_millis().to_string()),
            ("queued.max.messages.kbytes", fetch_ahead.to_string()),
            ("queued.min.messages", "100000".to_owned()),
            // The default of a second lets a fast reader run dry between two fetches.
            ("fetch.queue.backoff.ms", "10".to_owned()),
            ("reconnect.backoff.max.ms", "2000".to_owned()),
            // The default finds partitions that were added only after five minutes.
            ("topic.metadata.refresh.interval.ms", "30000".to_owned()),
        ] {
            if !settings.properties.contains_key(name) {
                config.set(name, value);
            }
        }
        let inner: BaseConsumer<GroupContext<L>> = config
            .create_with_context(GroupContext::new(listener))
            .map_err(Error::client)?;
        let topics: Vec<&str> = options.topics.iter().map(String::as_str).collect();
        inner
            .subscribe(&topics)
            .map_err(|source| Error::consumer(format!("subscribe to {}", topics.join(", ")), source))?;
        Ok(Self {
            inner,
            group: options.group.clone(),
        })
    }

    /// The next message, or none when none came within `limit`. Call it from one thread only.
    ///
    /// Key and value are borrowed from librdkafka and free its memory when dropped. The listener is called from
    /// within. An error that [`Error::is_retryable`] says so passes by itself: poll on.
    pub fn poll(&self, limit: Duration) -> Result<Option<BorrowedMessage<'_>>, Error> {
        match self.inner.poll(limit) {
            None => Ok(None),
            Some(Ok(message)) => {
                self.inner.context().alive();
                Ok(Some(message))
            }
            Some(Err(KafkaError::PartitionEOF(_))) => Ok(None),
            Some(Err(source)) => Err(Error::Poll {
                group: self.group.clone(),
                source: Box::new(source),
            }),
        }
    }

    /// Messages in this member's partitions that [`GroupConsumer::poll`] has not given out yet, as of a second ago; `None`
    /// when that is not known yet.
    pub fn behind(&self) -> Option<u64> {
        self.standing().read().map(|standing| standing.behind)
    }

    /// Where it can be read how this member stands.
    pub fn standing(&self) -> StandingReader {
        self.inner.context().standing.clone()
    }

    /// Stops fetching from all partitions, those assigned later too, until [`GroupConsumer::resume`].
    pub fn pause(&self) -> Result<(), Error> {
        self.inner.context().paused.store(true, Ordering::SeqCst);
        self.inner
            .assignment()
            .and_then(|assigned| self.inner.pause(&assigned))
            .map_err(|source| Error::consumer("pause fetching", source))
    }

    /// Stops fetching from these partitions, until [`GroupConsumer::resume`].
    pub fn pause_some(&self, partitions: &[TopicPartition]) -> Result<(), Error> {
        if partitions.is_empty() {
            return Ok(());
        }
        let mut list = TopicPartitionList::with_capacity(partitions.len());
        for (topic, partition) in partitions {
            list.add_partition(topic, *partition);
        }
        self.inner
            .pause(&list)
            .map_err(|source| Error::consumer("pause what is done", source))
    }

    /// Fetches again after [`GroupConsumer::pause`]. Of a partition that began shortly before, messages that were given out
    /// already may come again.
    pub fn resume(&self) -> Result<(), Error> {
        self.inner.context().paused.store(false, Ordering::SeqCst);
        self.inner
            .assignment()
            .and_then(|assigned| self.inner.resume(&assigned))
            .map_err(|source| Error::consumer("resume fetching", source))
    }

    /// Takes a message for not given out: it comes again with a later poll.
    pub fn give_back(&self, message: &BorrowedMessage<'_>) -> Result<(), Error> {
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        self.seek(topic, partition, offset)
            .map_err(|source| Error::consumer(format!("go back to {topic}/{partition}/{offset}"), source))
    }

    /// Has the messages of a partition that was just assigned follow, from this offset on; from the first that is there if it is
    /// not. `false`: librdkafka is not ready; poll and call again. Messages of the partition that come meanwhile come again.
    pub fn start_at(&self, (topic, partition): &TopicPartition, offset: i64) -> Result<bool, Error> {
        let sought = self.seek(topic, *partition, offset).and_then(|()| {
            if self.inner.context().paused.load(Ordering::SeqCst) {
                return Ok(());
            }
            let mut list = TopicPartitionList::new();
            list.add_partition(topic, *partition);
            // Resuming goes back to where librdkafka had stopped.
            self.inner.resume(&list)?;
            self.seek(topic, *partition, offset)
        });
        match sought {
            Ok(()) => Ok(true),
            Err(source) if is_early(&source) => Ok(false),
            // It is somebody else's by now: the listener will be told.
            Err(_) if !self.assignment()?.contains(&(topic.clone(), *partition)) => Ok(false),
            Err(source) => Err(Error::consumer(
                format!("begin at {topic}/{partition}/{offset}"),
                source,
            )),
        }
    }

    /// Has the messages of a partition that was just assigned follow, from the group's offset on.
    pub fn start(&self, (topic, partition): &TopicPartition) -> Result<(), Error> {
        let mut list = TopicPartitionList::new();
        list.add_partition(topic, *partition);
        self.inner
            .resume(&list)
            .map_err(|source| Error::consumer(format!("begin with {topic}/{partition}"), source))
    }

    fn seek(&self, topic: &str, partition: i32, offset: i64) -> Result<(), KafkaError> {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        let sought = self.inner.seek_partitions(list, SEEK_LIMIT)?;
        sought
            .elements()
            .iter()
            .try_for_each(TopicPartitionListElem::error)
    }

    /// The ends of the log that librdkafka says it has read up to, as far as they are news: behind a partition's last message there
    /// may be offsets that are no messages. A hint only: what was fetched before a pause and dropped counts as read.
    pub fn take_ends(&self) -> BTreeMap<TopicPartition, i64> {
        self.inner.context().take_ends()
    }

    /// Commits where the group stands and waits for the broker's answer.
    pub fn commit(&self, offsets: &Offsets) -> Result<(), CommitError> {
        commit::commit(&self.inner, offsets)
    }

    /// Whether the group has taken this member for dead and given its partitions away: the listener is told with a later poll.
    pub fn is_lost(&self) -> bool {
        self.inner.assignment_lost()
    }

    /// The partitions this member owns now.
    pub fn assignment(&self) -> Result<Vec<TopicPartition>, Error> {
        let assigned = self
            .inner
            .assignment()
            .map_err(|source| Error::consumer("read the assignment", source))?;
        Ok(partitions_of(&assigned))
    }

    /// The listener given to [`GroupConsumer::join`].
    pub fn listener(&self) -> &L {
        &self.inner.context().listener
    }

    /// Leaves the group, so that others take over at once; waits for the broker as long as librdkafka does.
    ///
    /// The listener is told of the revocation. Commit before.
    pub fn leave(self) {
        drop(self.inner);
    }
}

/// Fetching begins on threads of librdkafka's, some milliseconds after the assignment: until then it refuses to go anywhere, or
/// lets what it began itself overtake what it was told.
fn is_early(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(RDKafkaErrorCode::State | RDKafkaErrorCode::PreviousInProgress | RDKafkaErrorCode::Outdated)
    )
}

fn partitions_of(list: &TopicPartitionList) -> Vec<TopicPartition> {
    list.elements()
        .iter()
        .map(|element| (element.topic().to_owned(), element.partition()))
        .collect()
}

#[cfg(test)]
mod tests;
