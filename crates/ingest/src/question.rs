//! Asking the registry for a writer's schema that a message names, for as long as the registry is away.

use quarterday_kafka::registry::{RegistryClient, RegistryError, value_subject};
use tokio_util::sync::CancellationToken;

use crate::judge::{Missing, Named};
use crate::{Parts, retry};

/// A question to the registry about a writer's schema.
pub(crate) struct Question {
    registry: RegistryClient,
    stop: CancellationToken,
    by: Named,
    /// The subject of the feed's topic.
    subject: String,
}

/// Schemas with their ids. `None`: told to stop before the registry answered.
pub(crate) type Found = Option<Result<Vec<(u32, String)>, RegistryError>>;

impl Question {
    pub(crate) fn new(parts: &Parts, stop: &CancellationToken, missing: Missing) -> Self {
        let feed = parts.catalogue.feeds().get(missing.feed);
        Question {
            registry: parts.registry.clone(),
            stop: stop.clone(),
            by: missing.by,
            subject: value_subject(feed.map(|f| f.feed.topic.as_str()).unwrap_or_default()),
        }
    }

    pub(crate) async fn ask(self) -> Found {
        match self.by {
            Named::Id(id) => self.schema_of(id).await,
            Named::Fingerprint(_) => self.all_schemas().await,
        }
    }

    async fn schema_of(&self, id: u32) -> Found {
        let ask = || self.registry.schema_by_id(id);
        Some(match self.until_answered("ask for a schema", ask).await? {
            Ok(schema) => Ok(vec![(id, schema.to_string())]),
            Err(RegistryError::UnknownId { .. } | RegistryError::NotAvro { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        })
    }

    async fn all_schemas(&self) -> Found {
        let ask = || self.registry.versions(&self.subject);
        let answer = self.until_answered("ask for the schemas of a topic", ask).await?;
        Some(answer.map(|versions| versions.into_iter().map(|v| (v.id, v.schema)).collect()))
    }

    async fn until_answered<T, F>(
        &self,
        what: &str,
        ask: impl FnMut() -> F,
    ) -> Option<Result<T, RegistryError>>
    where
        F: Future<Output = Result<T, RegistryError>>,
    {
        retry::until_done(what, &self.stop, RegistryError::is_retryable, ask).await
    }
}
