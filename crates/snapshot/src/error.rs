//! What can go wrong.

/// The result of this crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something about snapshots could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Kafka was not reached, or refused.
    #[error("could not {doing}")]
    Kafka {
        /// What was being done.
        doing: &'static str,
        /// Why not.
        source: quarterday_kafka::Error,
    },
    /// A message is none that this version of the software knows.
    #[error(
        "topic snapshots, partition 0, offset {offset}: this is no snapshot that this version of quarterday can read; use the version that \
             wrote it, or a later one"
    )]
    Unreadable {
        /// Where it lies.
        offset: i64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A message does not say what is hidden in a way that this version of the software knows.
    #[error(
        "topic disclosures, partition 0, offset {offset}: what is hidden of a snapshot cannot be read by this version of quarterday; use \
             the version that wrote it, or a later one"
    )]
    UnreadableConcealment {
        /// Where it lies.
        offset: i64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A message is no comment that this version of the software knows.
    #[error(
        "topic comments, partition 0, offset {offset}: this is no comment that this version of quarterday can read; use the version that \
             wrote it, or a later one"
    )]
    UnreadableComment {
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
    #[error("the reading of the topic snapshots was cut off")]
    CutOff,
    /// A value has no JSON form.
    #[error("a snapshot cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl From<quarterday_kafka::Error> for Error {
    fn from(source: quarterday_kafka::Error) -> Self {
        Error::Kafka {
            doing: "read the topic snapshots",
            source,
        }
    }
}

impl Error {
    pub(crate) fn kafka(doing: &'static str) -> impl FnOnce(quarterday_kafka::Error) -> Error {
        move |source| Error::Kafka { doing, source }
    }
}
