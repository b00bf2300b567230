//! What stops a worker. Everything that passes by itself is tried again and only logged.

/// Why a worker stopped, or could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Kafka refused for good.
    #[error("the worker cannot go on consuming")]
    Kafka(#[from] quarterday_kafka::Error),
    /// The group's offsets cannot be committed, for want of permission for example.
    #[error("the worker cannot commit its offsets; nothing is lost, but it would work everything off again")]
    Commit(#[source] quarterday_kafka::consumer::CommitError),
    /// The settings name a feed that there is not.
    #[error("there is no feed {feed} for the worker to take (worker.feeds); the feeds are {known}")]
    NoFeed {
        /// The feed named.
        feed: String,
        /// All feeds there are.
        known: String,
    },
    /// ClickHouse refused rows for good: nothing is committed, so nothing is lost.
    #[error(
        "the worker cannot write to ClickHouse; if the software is newer than the schema, run 'quarterday migrate'"
    )]
    Store(#[from] quarterday_store::Error),
    /// The schema registry refused for good.
    #[error("the worker cannot ask the schema registry")]
    Registry(#[from] quarterday_kafka::registry::RegistryError),
    /// The schema registry refused for good, at this message.
    #[error(
        "topic {topic}, partition {partition}, offset {offset}: the worker cannot ask the schema registry for the schema that the message names"
    )]
    Question {
        /// Where the message lies.
        topic: String,
        /// Where the message lies.
        partition: i32,
        /// Where the message lies.
        offset: i64,
        /// Why not.
        source: quarterday_kafka::registry::RegistryError,
    },
    /// The log has less than was taken from it.
    #[error(
        "topic {topic}, partition {partition}: the log ends at offset {high}, and messages up to offset {next} were taken from it: the topic was made \
         again, or has lost messages. What comes under their offsets would be taken for them, so nothing is taken; 'quarterday rebuild' \
         derives the store from the log as it is now"
    )]
    Shorter {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// The store's position.
        next: i64,
        /// The end of the log.
        high: i64,
    },
    /// Another store was put in force: a worker of that one goes on.
    #[error("the store that the worker wrote to was replaced by another")]
    Replaced,
    /// A thread of the worker ended by a defect of this software.
    #[error("the {0} of the worker ended unexpectedly; please report this with the log")]
    Ended(&'static str),
}

impl Error {
    /// The same, with the message that it was about.
    pub(crate) fn at(self, topic: &str, partition: i32, offset: i64) -> Self {
        match self {
            Error::Registry(source) => Error::Question {
                topic: topic.to_owned(),
                partition,
                offset,
                source,
            },
            other => other,
        }
    }

    /// Whether the same may succeed later without anybody mending anything.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Error::Kafka(error) => error.is_retryable(),
            Error::Store(error) => error.is_retryable(),
            Error::Registry(error) | Error::Question { source: error, .. } => error.is_retryable(),
            Error::Commit(_)
            | Error::NoFeed { .. }
            | Error::Shorter { .. }
            | Error::Replaced
            | Error::Ended(_) => false,
        }
    }
}
