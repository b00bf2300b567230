//! What the registry does, apart from HTTP. Reading takes a lock for an instant; writing is one at a time.

use std::sync::{PoisonError, RwLock};

use tokio::sync::Mutex;

use super::compatibility::Level;
use super::error::Refusal;
use super::journal::Journal;
use super::record;
use super::schema::AvroSchema;
use super::state::{State, Version};

/// How often to try when another process keeps taking the ids.
const ATTEMPTS: usize = 20;

/// The registry.
pub(super) struct Service {
    state: RwLock<State>,
    journal: Mutex<Journal>,
}

impl Service {
    /// Reads the topic to its end.
    pub(super) async fn open(mut journal: Journal) -> Result<Self, quarterday_kafka::Error> {
        let mut state = State::default();
        journal
            .read()
            .await?
            .into_iter()
            .for_each(|entry| state.apply(entry));
        Ok(Self {
            state: RwLock::new(state),
            journal: Mutex::new(journal),
        })
    }

    /// Looks at what is known.
    pub(super) fn with<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The place of a schema under a subject: the one it has, or else a new one at the end.
    pub(super) async fn register(&self, subject: &str, schema: AvroSchema) -> Result<Version, Refusal> {
        check_subject(subject)?;
        if let Some(version) = self.find(subject, &schema) {
            return Ok(version);
        }
        let mut journal = self.journal.lock().await;
        for _ in 0..ATTEMPTS {
            if let Some(version) = self.find(subject, &schema) {
                return Ok(version);
            }
            let message = self.with(|state| {
                let objections = objections(state, subject, &schema);
                if !objections.is_empty() {
                    return Err(Refusal::incompatible(subject, &objections));
                }
                let id = state.id_of(&schema).unwrap_or_else(|| state.next_id());
                Ok(record::schema_message(
                    subject,
                    state.next_version(subject),
                    id,
                    &schema,
                ))
            })?;
            self.write(&mut journal, message).await?;
        }
        Err(Refusal::store(
            "other processes keep registering schemas; try again",
        ))
    }

    /// Sets the level of a subject, or of all.
    pub(super) async fn set_level(&self, subject: Option<&str>, level: Level) -> Result<(), Refusal> {
        subject.map_or(Ok(()), check_subject)?;
        let mut journal = self.journal.lock().await;
        self.write(&mut journal, record::level_message(subject, level))
            .await
    }

    /// Where a schema stands under a subject.
    pub(super) fn find(&self, subject: &str, schema: &AvroSchema) -> Option<Version> {
        let versions = self.with(|state| state.versions(subject));
        versions
            .into_iter()
            .find(|version| version.schema.identity() == schema.identity())
    }

    async fn write(&self, journal: &mut Journal, message: (Vec<u8>, Vec<u8>)) -> Result<(), Refusal> {
        let news = journal.write(message).await.map_err(Refusal::store)?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        news.into_iter().for_each(|entry| state.apply(entry));
        Ok(())
    }
}

/// Why a schema may not be the next version of a subject.
pub(super) fn objections(state: &State, subject: &str, schema: &AvroSchema) -> Vec<String> {
    let versions = state.versions(subject);
    let earlier = versions.iter().map(|version| (version.number, &*version.schema));
    state.level(subject).objections(schema, earlier)
}

fn check_subject(subject: &str) -> Result<(), Refusal> {
    if subject.is_empty() || subject.len() > 300 {
        return Err(Refusal::invalid_subject("it must have 1 to 300 bytes"));
    }
    if subject.chars().any(char::is_control) {
        return Err(Refusal::invalid_subject("it must not contain control characters"));
    }
    Ok(())
}
