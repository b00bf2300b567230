//! What can go wrong.

/// The result of this crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something about snapshots could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Kafka was not reached, or refused, or the topic is damaged.
    #[error("could not read the topic {topic}")]
    Reading {
        /// The topic.
        topic: &'static str,
        /// Why not.
        source: quarterday_kafka::Error,
    },
    /// Kafka was not reached, or refused.
    #[error("could not write to the topic {topic}")]
    Writing {
        /// The topic.
        topic: &'static str,
        /// Why not.
        source: quarterday_kafka::Error,
    },
    /// A message is none that this version of the software knows.
    #[error(
        "topic {topic}, partition 0, offset {offset}: this cannot be read by this version of quarterday; use the version that wrote it, or a \
             later one"
    )]
    Unreadable {
        /// The topic.
        topic: &'static str,
        /// Where it lies.
        offset: i64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A snapshot is of a period that is none.
    #[error("a snapshot is of {period}, which is no period")]
    Period {
        /// What stands there.
        period: String,
    },
    /// A task ended before its work was done.
    #[error("the reading of the topic {topic} was cut off")]
    CutOff {
        /// The topic.
        topic: &'static str,
    },
    /// A value has no JSON form.
    #[error("a snapshot cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}
