//! Client of a schema registry with Confluent's REST interface (Confluent, Apicurio, Karapace, or the embedded one).
//!
//! Schemas by id never change, so they are remembered for ever. That an id is unknown is remembered for a second only:
//! enough to spare the registry a storm of broken messages, short enough not to reject what was registered just now. When many different
//! ids were asked for in vain within that second, those that are far beyond all that are known are not asked for: they are no ids, but what
//! stands in their place in messages that are broken.

mod error;
mod http;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

pub use error::RegistryError;
use http::Answer;

/// How long an unknown id stays unknown without asking again.
const UNKNOWN_FOR: Duration = Duration::from_secs(1);

/// How many unknown ids are remembered; beyond that all are forgotten.
const UNKNOWN_LIMIT: usize = 10_000;

/// So many different ids are asked for in vain within [`UNKNOWN_FOR`] before it is looked how far they are from those that are known.
const IN_VAIN: u32 = 50;

/// Registries count their schemas one by one: so much beyond the largest that is known there is none.
const FAR: u32 = 1_000_000;

/// How long an id or a version is left alone for which the registry has no answer, though it has for others.
const UNUSABLE_FOR: Duration = Duration::from_secs(600);

/// User name and password for a registry that wants them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryAuth {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// A schema under a subject.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Registered {
    /// The subject, as a rule `<topic>-value`.
    pub subject: String,
    /// The number that Confluent-framed messages carry.
    pub id: u32,
    /// The version within the subject, from 1.
    pub version: u32,
    /// The schema as JSON text.
    pub schema: String,
}

/// The subject of the schemas of a topic's values, as Confluent's serializers name it.
#[must_use]
pub fn value_subject(topic: &str) -> String {
    format!("{topic}-value")
}

/// A registry client; cloning shares connections and memory.
#[derive(Clone)]
pub struct RegistryClient {
    http: http::Http,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    schemas: HashMap<u32, Arc<str>>,
    unknown: HashMap<u32, Instant>,
    unusable: HashMap<u32, Instant>,
    highest: u32,
    /// How many ids were asked for in vain, since when.
    in_vain: Option<(Instant, u32)>,
    versions: HashMap<(String, u32), Registered>,
    /// Versions for which the registry has no answer, since when.
    unusable_versions: HashMap<(String, u32), Instant>,
    ids: HashMap<(String, String), u32>,
}

impl fmt::Debug for RegistryAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryAuth")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl RegistryClient {
    /// A client for the registry at `url` (`http://` or `https://`). Nothing connects yet.
    pub fn new(url: &str, auth: Option<RegistryAuth>) -> Result<Self, RegistryError> {
        Ok(Self {
            http: http::Http::new(url, auth)?,
            memory: Arc::default(),
        })
    }

    /// The schema with this id, as JSON text.
    pub async fn schema_by_id(&self, id: u32) -> Result<Arc<str>, RegistryError> {
        if let Some(known) = self.remembered(id) {
            return known.ok_or(RegistryError::UnknownId { id });
        }
        #[derive(Deserialize)]
        struct Body {
            schema: String,
            #[serde(rename = "schemaType", default)]
            kind: Option<String>,
        }
        if i32::try_from(id).is_err() {
            // Registries number their schemas in a signed int; asked for more, they say neither yes nor no.
            return Err(RegistryError::UnknownId { id });
        }
        if self.remember(|memory| memory.is_no_id(id)) {
            return Err(RegistryError::UnknownId { id });
        }
        let answer = self
            .http
            .call(Method::GET, &["schemas", "ids", &id.to_string()], None)
            .await?;
        if answer.status == StatusCode::NOT_FOUND && answer.error_code() == Some(40403) {
            self.remember(|memory| memory.note_unknown(id));
            return Err(RegistryError::UnknownId { id });
        }
        let body: Body = answer.into_body()?;
        if body.kind.as_deref().is_some_and(|kind| kind != "AVRO") {
            return Err(RegistryError::NotAvro { id });
        }
        let schema: Arc<str> = body.schema.into();
        self.remember(|memory| {
            memory.highest = memory.highest.max(id);
            memory.schemas.insert(id, Arc::clone(&schema))
        });
        Ok(schema)
    }

    /// Takes an id for unknown for a while: the registry has no answer for it, though it has for others.
    pub fn give_up(&self, id: u32) {
        self.remember(|memory| {
            if memory.unusable.len() >= UNKNOWN_LIMIT {
                memory.unusable.clear();
            }
            memory.unusable.insert(id, Instant::now())
        });
    }

    /// Registers a schema under a subject and returns its id; registering it again gives the same id.
    pub async fn register(&self, subject: &str, schema: &str) -> Result<u32, RegistryError> {
        let known = (subject.to_owned(), schema.to_owned());
        if let Some(id) = self.remember(|memory| memory.ids.get(&known).copied()) {
            return Ok(id);
        }
        #[derive(Deserialize)]
        struct Body {
            id: u32,
        }
        let path = ["subjects", subject, "versions"];
        let answer = self
            .http
            .call(Method::POST, &path, Some(json!({ "schema": schema })))
            .await?;
        if answer.status == StatusCode::CONFLICT {
            return Err(RegistryError::Incompatible {
                subject: subject.to_owned(),
                message: answer.message(),
            });
        }
        let body: Body = answer.into_body()?;
        self.remember(|memory| memory.ids.insert(known, body.id));
        Ok(body.id)
    }

    /// The registration of exactly this schema under a subject, if there is one.
    pub async fn lookup(&self, subject: &str, schema: &str) -> Result<Option<Registered>, RegistryError> {
        let body = json!({ "schema": schema });
        found(
            self.http
                .call(Method::POST, &["subjects", subject], Some(body))
                .await?,
        )
    }

    /// The newest version under a subject, if the subject exists.
    pub async fn latest(&self, subject: &str) -> Result<Option<Registered>, RegistryError> {
        found(
            self.http
                .call(Method::GET, &["subjects", subject, "versions", "latest"], None)
                .await?,
        )
    }

    /// The numbers of all versions under a subject, oldest first; none if there is no such subject.
    pub async fn version_numbers(&self, subject: &str) -> Result<Vec<u32>, RegistryError> {
        let path = ["subjects", subject, "versions"];
        let numbers: Option<Vec<u32>> = found(self.http.call(Method::GET, &path, None).await?)?;
        Ok(numbers.unwrap_or_default())
    }

    /// One version under a subject; what is registered never changes. None if there is none, or if it was given up.
    pub async fn version(&self, subject: &str, number: u32) -> Result<Option<Registered>, RegistryError> {
        let key = (subject.to_owned(), number);
        if let Some(known) = self.remember(|memory| memory.versions.get(&key).cloned()) {
            return Ok(Some(known));
        }
        let given_up = self.remember(|memory| memory.unusable_versions.get(&key).copied());
        if given_up.is_some_and(|asked| asked.elapsed() < UNUSABLE_FOR) {
            return Ok(None);
        }
        let path = ["subjects", subject, "versions", &number.to_string()];
        let version: Option<Registered> = found(self.http.call(Method::GET, &path, None).await?)?;
        if let Some(version) = &version {
            self.remember(|memory| memory.versions.insert(key, version.clone()));
        }
        Ok(version)
    }

    /// Takes a version for none for a while: the registry has no answer for it, though it has for others.
    pub fn give_up_version(&self, subject: &str, number: u32) {
        let key = (subject.to_owned(), number);
        self.remember(|memory| memory.unusable_versions.insert(key, Instant::now()));
    }

    /// All subjects.
    pub async fn subjects(&self) -> Result<Vec<String>, RegistryError> {
        self.http
            .call(Method::GET, &["subjects"], None)
            .await?
            .into_body()
    }

    /// What is known of an id: its schema, or that it was unknown a moment ago.
    fn remembered(&self, id: u32) -> Option<Option<Arc<str>>> {
        self.remember(|memory| {
            if let Some(schema) = memory.schemas.get(&id) {
                return Some(Some(Arc::clone(schema)));
            }
            let is_unusable = memory
                .unusable
                .get(&id)
                .is_some_and(|asked| asked.elapsed() < UNUSABLE_FOR);
            let is_unknown = memory
                .unknown
                .get(&id)
                .is_some_and(|asked| asked.elapsed() < UNKNOWN_FOR);
            (is_unusable || is_unknown).then_some(None)
        })
    }

    fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        change(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Memory {
    fn note_unknown(&mut self, id: u32) {
        if self.unknown.len() >= UNKNOWN_LIMIT {
            self.unknown.clear();
        }
        self.unknown.insert(id, Instant::now());
        self.in_vain = Some(match self.in_vain {
            Some((since, count)) if since.elapsed() < UNKNOWN_FOR => (since, count.saturating_add(1)),
            _ => (Instant::now(), 1),
        });
    }

    /// Whether this is nothing that a registry would have given out, while many like it come.
    fn is_no_id(&self, id: u32) -> bool {
        let many = self
            .in_vain
            .is_some_and(|(since, count)| since.elapsed() < UNKNOWN_FOR && count >= IN_VAIN);
        many && id > self.highest.saturating_add(FAR)
    }
}

/// 404 with Confluent's "no such subject, version or schema" is an answer; any other 404 is not a registry's.
fn found<T: DeserializeOwned>(answer: Answer) -> Result<Option<T>, RegistryError> {
    if answer.status == StatusCode::NOT_FOUND
        && answer
            .error_code()
            .is_some_and(|code| (40401..=40403).contains(&code))
    {
        return Ok(None);
    }
    answer.into_body().map(Some)
}

fn parse_url(url: &str) -> Result<Url, RegistryError> {
    let bad = |reason: &str| RegistryError::Url {
        url: url.to_owned(),
        reason: reason.to_owned(),
    };
    let parsed = Url::parse(url).map_err(|_| bad("it is not a URL"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(bad("it must begin with http:// or https://"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(RegistryError::Url {
            url: format!("{}://...", parsed.scheme()),
            reason: "user and password belong into settings of their own".to_owned(),
        });
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests;
