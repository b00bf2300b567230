//! Asking the registry for a writer's schema that a message names, for as long as the registry is away. A question for which it has no
//! answer, though it has for others, is about a message that is broken: its schema is taken for unknown, and nothing waits for it.

use std::time::{Duration, Instant};

use quarterday_kafka::registry::{Registered, RegistryClient, RegistryError, value_subject};
use tokio_util::sync::CancellationToken;

use crate::judge::{Missing, Named};
use crate::{Parts, retry};

/// How long a registry may say that it is not ready for one question before it is asked another.
const UNWELL_LIMIT: Duration = Duration::from_secs(20);

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
            Ok(Some(schema)) => Ok(vec![(id, schema.to_string())]),
            Ok(None) => {
                self.registry.give_up(id);
                Ok(Vec::new())
            }
            Err(RegistryError::UnknownId { .. } | RegistryError::NotAvro { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        })
    }

    async fn all_schemas(&self) -> Found {
        let ask = || self.registry.version_numbers(&self.subject);
        let numbers = match self.until_answered("ask for the schemas of a topic", ask).await? {
            Ok(numbers) => numbers.unwrap_or_default(),
            Err(error) => return Some(Err(error)),
        };
        let mut schemas = Vec::new();
        for number in numbers {
            match self.version(number).await? {
                Ok(version) => schemas.extend(version.map(|version| (version.id, version.schema))),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(schemas))
    }

    async fn version(&self, number: u32) -> Option<Result<Option<Registered>, RegistryError>> {
        let ask = || self.registry.version(&self.subject, number);
        let answer = self.until_answered("ask for a schema of a topic", ask).await?;
        if let Ok(None) = answer {
            self.registry.give_up_version(&self.subject, number);
        }
        Some(answer.map(Option::flatten))
    }

    /// The answer; none where the registry has none for this question alone. `None`: told to stop.
    async fn until_answered<T, F>(
        &self,
        what: &str,
        mut ask: impl FnMut() -> F,
    ) -> Option<Result<Option<T>, RegistryError>>
    where
        F: Future<Output = Result<T, RegistryError>>,
    {
        loop {
            let began = Instant::now();
            let passes = |error: &RegistryError| {
                let is_unwell = matches!(error, RegistryError::NotReady { .. });
                error.is_retryable() && !(is_unwell && began.elapsed() >= UNWELL_LIMIT)
            };
            let error =
                match retry::until_done(what, retry::Until::stopped(&self.stop), passes, &mut ask).await? {
                    Ok(answer) => return Some(Ok(Some(answer))),
                    Err(error) => error,
                };
            if matches!(
                error,
                RegistryError::UnknownId { .. } | RegistryError::NotAvro { .. }
            ) {
                return Some(Err(error));
            }
            match self.registry.subjects().await {
                Ok(_) => {
                    tracing::warn!(%error, "the schema registry answers others, and not this: taken for unknown");
                    return Some(Ok(None));
                }
                Err(_) if error.is_retryable() => {}
                Err(_) => return Some(Err(error)),
            }
        }
    }
}
