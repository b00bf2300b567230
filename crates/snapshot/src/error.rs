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
    /// A task ended before its work was done.
    #[error("the reading of the topic snapshots was cut off")]
    CutOff,
    /// A value has no JSON form.
    #[error("a snapshot cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl Error {
    pub(crate) fn kafka(doing: &'static str) -> impl FnOnce(quarterday_kafka::Error) -> Error {
        move |source| Error::Kafka { doing, source }
    }
}
