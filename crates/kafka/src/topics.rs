//! Creating topics and listing them. An existing topic is never changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::error::RDKafkaErrorCode;

use crate::context::Context;
use crate::{Error, KafkaSettings};

/// How long one question to the cluster may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// A topic that should exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPlan {
    /// Its name.
    pub name: String,
    /// Number of partitions if it is created.
    pub partitions: i32,
    /// Copies of each partition if it is created; -1 takes the cluster's default.
    pub replication: i32,
    /// Topic settings if it is created.
    pub config: BTreeMap<String, String>,
}

/// What [`Topics::ensure`] found or did for one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// The topic was created.
    Created,
    /// It was there before, with this many partitions, and was left as it is.
    Existed {
        /// Its partitions now.
        partitions: usize,
    },
}

/// Asks a cluster about its topics and creates them.
#[derive(Clone)]
pub struct Topics {
    admin: Arc<AdminClient<Context>>,
    brokers: String,
}

impl TopicPlan {
    /// A topic that is kept for ever, replicated as the cluster does by default.
    ///
    /// Retention is switched off by `retention.ms=-1` and `retention.bytes=-1`, never by a `cleanup.policy`: on Apache
    /// Kafka that suffices, and the embedded broker deletes the whole log of a topic that carries one.
    pub fn kept_for_ever(name: impl Into<String>, partitions: i32) -> Self {
        let config = [("retention.ms", "-1"), ("retention.bytes", "-1")];
        Self {
            name: name.into(),
            partitions,
            replication: -1,
            config: config
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        }
    }

    /// With this many copies of each partition; -1 takes the cluster's default.
    pub fn with_replication(mut self, replication: i32) -> Self {
        self.replication = replication;
        self
    }

    /// With messages of up to this many bytes.
    pub fn with_message_limit(self, bytes: usize) -> Self {
        self.with("max.message.bytes", bytes.to_string())
    }

    /// With a topic setting.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.insert(name.into(), value.into());
        self
    }

    fn check(&self) -> Result<(), Error> {
        let reason = if self.config.contains_key("cleanup.policy") {
            "cleanup.policy must not be set: Kafka holds the only copy of the returns"
        } else if self.partitions < 1 {
            "it needs at least one partition"
        } else if self.replication != -1 && self.replication < 1 {
            "it needs at least one copy (or -1 for the cluster's default)"
        } else if !is_topic_name(&self.name) {
            "a topic name has 1 to 249 letters, digits, dots, dashes or underscores"
        } else {
            return Ok(());
        };
        Err(Error::CreateTopic {
            topic: self.name.clone(),
            reason: reason.to_owned(),
        })
    }
}

impl Topics {
    /// A client for questions about topics. Nothing connects before the first question.
    pub fn new(settings: &KafkaSettings) -> Result<Self, Error> {
        let mut config = settings.client_config()?;
        // Admin requests need no group; a short back-off makes the first answer of a starting broker quick.
        config
            .set("reconnect.backoff.ms", "50")
            .set("reconnect.backoff.max.ms", "1000");
        let admin = config
            .create_with_context(Context::default())
            .map_err(Error::client)?;
        Ok(Self {
            admin: Arc::new(admin),
            brokers: settings.brokers.clone(),
        })
    }

    /// Creates the topics that are missing; the answers are in the order of `plans`.
    ///
    /// Safe to call from several processes at once: whoever comes second finds the topic there.
    pub async fn ensure(&self, plans: &[TopicPlan]) -> Result<Vec<Ensured>, Error> {
        plans.iter().try_for_each(TopicPlan::check)?;
        let existing = self.list().await?;
        let missing: Vec<&TopicPlan> = plans
            .iter()
            .filter(|plan| !existing.contains_key(&plan.name))
            .collect();
        self.create(&missing).await?;
        Ok(plans
            .iter()
            .map(|plan| match existing.get(&plan.name) {
                Some(partitions) => Ensured::Existed {
                    partitions: partitions.len(),
                },
                None => Ensured::Created,
            })
            .collect())
    }

    /// All topics with their partitions, ascending.
    pub async fn list(&self) -> Result<BTreeMap<String, Vec<i32>>, Error> {
        self.metadata(None).await
    }

    /// The partitions of a topic, ascending.
    pub async fn partitions(&self, topic: &str) -> Result<Vec<i32>, Error> {
        self.metadata(Some(topic))
            .await?
            .remove(topic)
            .ok_or_else(|| Error::NoTopic {
                topic: topic.to_owned(),
            })
    }

    pub(crate) fn admin(&self) -> &AdminClient<Context> {
        &self.admin
    }

    async fn create(&self, plans: &[&TopicPlan]) -> Result<(), Error> {
        if plans.is_empty() {
            return Ok(());
        }
        let wanted: Vec<NewTopic<'_>> = plans.iter().map(|plan| new_topic(plan)).collect();
        let options = AdminOptions::new()
            .request_timeout(Some(ANSWER_LIMIT))
            .operation_timeout(Some(ANSWER_LIMIT));
        let answers = self
            .admin
            .create_topics(&wanted, &options)
            .await
            .map_err(|source| self.unanswered("create topics", source))?;
        for answer in answers {
            match answer {
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((topic, code)) => {
                    return Err(Error::CreateTopic {
                        topic,
                        reason: code.to_string(),
                    });
                }
            }
        }
        Ok(())
    }

    async fn metadata(&self, topic: Option<&str>) -> Result<BTreeMap<String, Vec<i32>>, Error> {
        let admin = Arc::clone(&self.admin);
        let name = topic.map(str::to_owned);
        let metadata =
            tokio::task::spawn_blocking(move || admin.inner().fetch_metadata(name.as_deref(), ANSWER_LIMIT))
                .await
                .map_err(|_| Error::Stopping)?
                .map_err(|source| self.unanswered("list topics", source))?;
        Ok(metadata
            .topics()
            .iter()
            .filter(|topic| topic.error().is_none() && !topic.partitions().is_empty())
            .map(|topic| {
                let mut partitions: Vec<i32> = topic
                    .partitions()
                    .iter()
                    .map(|partition| partition.id())
                    .collect();
                partitions.sort_unstable();
                (topic.name().to_owned(), partitions)
            })
            .collect())
    }

    pub(crate) fn unanswered(&self, what: &str, source: rdkafka::error::KafkaError) -> Error {
        Error::cluster(&self.brokers, what, source)
    }
}

fn new_topic(plan: &TopicPlan) -> NewTopic<'_> {
    let topic = NewTopic::new(
        &plan.name,
        plan.partitions,
        TopicReplication::Fixed(plan.replication),
    );
    plan.config
        .iter()
        .fold(topic, |topic, (name, value)| topic.set(name, value))
}

fn is_topic_name(name: &str) -> bool {
    (1..=249).contains(&name.len())
        && name != "."
        && name != ".."
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_kept_for_ever_carry_no_cleanup_policy() {
        let plan = TopicPlan::kept_for_ever("returns.x", 2);
        assert_eq!(plan.config.get("retention.ms").map(String::as_str), Some("-1"));
        assert!(!plan.config.contains_key("cleanup.policy"));
        plan.check().expect("valid");
    }

    #[test]
    fn plans_that_would_lose_returns_or_cannot_be_are_refused() {
        let plan = |name: &str| TopicPlan::kept_for_ever(name, 1);
        assert!(plan("t").with("cleanup.policy", "delete").check().is_err());
        assert!(plan("a b").check().is_err());
        assert!(plan("").check().is_err());
        assert!(TopicPlan::kept_for_ever("t", 0).check().is_err());
        assert!(plan("t").with_replication(0).check().is_err());
    }
}
