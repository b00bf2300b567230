//! What a registry can answer or fail to answer. Only [`RegistryError::is_retryable`] errors pass by themselves; the
//! others are about the message or the configuration.

use reqwest::StatusCode;

/// Why the registry gave no schema or id.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The configured address is none.
    #[error("schema registry address {url}: {reason}")]
    Url {
        /// The address as configured.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The HTTP client could not be set up.
    #[error("cannot set up the client of the schema registry")]
    Client(#[source] reqwest::Error),
    /// The registry has no schema with this id. Permanent.
    #[error("the schema registry has no schema with id {id}")]
    UnknownId {
        /// The id asked for.
        id: u32,
    },
    /// The id belongs to a JSON or Protobuf schema. Permanent.
    #[error("the schema with id {id} is not Avro")]
    NotAvro {
        /// The id asked for.
        id: u32,
    },
    /// The schema cannot replace the subject's earlier ones.
    #[error("the schema is not compatible with earlier versions of subject {subject}: {message}")]
    Incompatible {
        /// The subject.
        subject: String,
        /// The registry's explanation.
        message: String,
    },
    /// The registry refused the request, for example for want of permission.
    #[error("the schema registry at {url} refused the request ({status}): {message}")]
    Refused {
        /// The address asked.
        url: String,
        /// The HTTP status.
        status: StatusCode,
        /// The registry's explanation.
        message: String,
    },
    /// The registry cannot be reached or is not well.
    #[error("the schema registry at {url} cannot be reached")]
    Away {
        /// The address asked.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The registry answered that it is not well. Passes by itself.
    #[error("the schema registry at {url} is not ready ({status}): {message}")]
    NotReady {
        /// The address asked.
        url: String,
        /// The HTTP status.
        status: StatusCode,
        /// The registry's explanation.
        message: String,
    },
    /// The answer is not what a registry says.
    #[error("the answer of {url} is not that of a schema registry; check the address")]
    Answer {
        /// The address asked.
        url: String,
        /// What could not be read.
        #[source]
        source: serde_json::Error,
    },
}

impl RegistryError {
    /// Whether the same request can succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::NotReady { .. })
    }
}
