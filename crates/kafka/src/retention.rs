//! What the settings of topics take away from the log in the course of time.

use std::time::Duration;

use rdkafka::admin::{AdminOptions, ConfigResource, OwnedResourceSpecifier, ResourceSpecifier};

use crate::Error;
use crate::topics::Topics;

/// How long one question to the cluster may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// What a topic's settings say of its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The topic.
    pub topic: String,
    /// For how long messages are kept; none for ever.
    pub keeps: Option<Duration>,
    /// How many bytes of a partition are kept; none for all.
    pub keeps_bytes: Option<u64>,
    /// Only the newest message of a key is kept.
    pub is_compacted: bool,
}

impl Topics {
    /// What the settings of these topics say. A broker that does not tell of its settings is [`Error::Cluster`].
    pub async fn retention(&self, topics: &[&str]) -> Result<Vec<Retention>, Error> {
        let wanted: Vec<ResourceSpecifier<'_>> = topics
            .iter()
            .map(|topic| ResourceSpecifier::Topic(topic))
            .collect();
        let options = AdminOptions::new().request_timeout(Some(ANSWER_LIMIT));
        let answers = self.admin().describe_configs(&wanted, &options).await;
        let answers = answers.map_err(|source| self.unanswered("read the settings of topics", source))?;
        answers
            .into_iter()
            .map(|answer| match answer {
                Ok(resource) => Ok(retention(&resource)),
                Err(code) => {
                    let source = rdkafka::error::KafkaError::AdminOp(code);
                    Err(self.unanswered("read the settings of a topic", source))
                }
            })
            .collect()
    }
}

fn retention(resource: &ConfigResource) -> Retention {
    let topic = match &resource.specifier {
        OwnedResourceSpecifier::Topic(topic) => topic.clone(),
        _ => String::new(),
    };
    let value = |name: &str| {
        let entry = resource.entries.iter().find(|entry| entry.name == name)?;
        entry.value.as_deref()
    };
    // Negative: without limit.
    let limit = |name: &str| value(name)?.parse::<u64>().ok();
    let policy = value("cleanup.policy").unwrap_or("delete");
    let deletes = policy.contains("delete");
    Retention {
        topic,
        keeps: limit("retention.ms")
            .filter(|_| deletes)
            .map(Duration::from_millis),
        keeps_bytes: limit("retention.bytes").filter(|_| deletes),
        is_compacted: policy.contains("compact"),
    }
}

#[cfg(test)]
mod tests {
    use rdkafka::admin::{ConfigEntry, ConfigSource};

    use super::*;

    fn of(entries: &[(&str, &str)]) -> Retention {
        let entry = |(name, value): &(&str, &str)| ConfigEntry {
            name: (*name).to_owned(),
            value: Some((*value).to_owned()),
            source: ConfigSource::DynamicTopic,
            is_read_only: false,
            is_default: false,
            is_sensitive: false,
        };
        retention(&ConfigResource {
            specifier: OwnedResourceSpecifier::Topic("t".to_owned()),
            entries: entries.iter().map(entry).collect(),
        })
    }

    #[test]
    fn for_ever_is_no_limit() {
        let kept = of(&[
            ("cleanup.policy", "delete"),
            ("retention.ms", "-1"),
            ("retention.bytes", "-1"),
        ]);
        assert_eq!(
            (kept.keeps, kept.keeps_bytes, kept.is_compacted),
            (None, None, false)
        );
    }

    #[test]
    fn a_week_and_a_compacted_topic_are_told() {
        let week = of(&[("cleanup.policy", "delete"), ("retention.ms", "604800000")]);
        assert_eq!(week.keeps, Some(Duration::from_secs(7 * 24 * 3600)));
        let compacted = of(&[("cleanup.policy", "compact"), ("retention.ms", "604800000")]);
        assert_eq!((compacted.keeps, compacted.is_compacted), (None, true));
    }
}
