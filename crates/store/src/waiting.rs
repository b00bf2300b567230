//! What somebody has to look at: messages in quarantine, and accepted ones that do not count because they contradict another
//! (conflict) or because their record was never submitted (orphan).

use serde::{Deserialize, Serialize};

use crate::sql::without_comments;
use crate::{Result, Store};

const WAITING: &str = include_str!("../../../schemas/clickhouse/waiting.sql");
const UNLINKED: &str = include_str!("../../../schemas/clickhouse/unlinked.sql");

/// One message that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Where it was consumed first.
    pub topic: String,
    /// Partition it was consumed from.
    pub kafka_partition: i32,
    /// Offset it was consumed at.
    pub kafka_offset: i64,
    /// Kafka timestamp of the newest attempt, milliseconds since 1970 UTC.
    pub kafka_time_ms: i64,
    /// Feed of the topic.
    pub feed: String,
    /// Step that rejected it: wire, schema, decode or check; log for what was accepted and does not count.
    pub stage: String,
    /// Short code of the reason.
    pub reason: String,
    /// The field at fault, or empty.
    pub field: String,
    /// What is wrong and what to do, in plain words.
    pub detail: String,
    /// The record's partner as far as it was decoded, else that of the feed.
    pub partner: String,
    /// The record's reference, if it was decoded.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Length of the message in bytes, of one in quarantine.
    pub bytes: Option<u32>,
    /// Where it waits in the quarantine topic; none for what was accepted.
    pub quarantine_partition: Option<i32>,
    /// Offset in the quarantine topic.
    pub quarantine_offset: Option<i64>,
    /// How often it was rejected: once, and once for every replay that was.
    pub rejections: u64,
    /// waiting, mended (a replay was accepted) or discarded.
    pub state: String,
    /// Why it was discarded: a code.
    pub why: String,
}

/// Messages of one feed and partner with the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingGroup {
    /// Feed of the topic.
    pub feed: String,
    /// Code of the partner, or empty.
    pub partner: String,
    /// Short code of the reason.
    pub reason: String,
    /// How many.
    pub messages: u64,
    /// Kafka timestamp of the oldest, milliseconds since 1970 UTC.
    pub oldest_ms: i64,
    /// Kafka timestamp of the newest.
    pub newest_ms: i64,
    /// What is wrong with the newest.
    pub example: String,
}

/// What is listed.
#[derive(Debug, Clone, Default)]
pub struct WaitingFilter {
    /// Only these ids, whatever their state; all that wait if there are none. For a few: they travel in the request's address.
    pub ids: Vec<String>,
    /// Only this feed.
    pub feed: Option<String>,
    /// Only this reason.
    pub reason: Option<String>,
    /// Those too that are mended or discarded.
    pub all: bool,
}

impl Waiting {
    /// The name under which people speak of it: `topic/partition/offset` of where it was consumed first.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.topic, self.kafka_partition, self.kafka_offset)
    }
}

impl Store {
    /// Messages that wait, newest first, at most `limit`. `record_types`: all there are; conflicts and orphans are derived from
    /// their logs.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn waiting(
        &self,
        record_types: &[&str],
        filter: &WaitingFilter,
        limit: u32,
    ) -> Result<Vec<Waiting>> {
        let sql = include_str!("../../../schemas/clickhouse/waiting_messages.sql");
        let limit = limit.to_string();
        self.ask_waiting(sql, record_types, filter, Some(("limit", &limit)))
            .await
    }

    /// What waits, counted by feed, partner and reason.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn waiting_groups(
        &self,
        record_types: &[&str],
        filter: &WaitingFilter,
    ) -> Result<Vec<WaitingGroup>> {
        let sql = include_str!("../../../schemas/clickhouse/waiting_groups.sql");
        self.ask_waiting(sql, record_types, filter, None).await
    }

    async fn ask_waiting<R: serde::de::DeserializeOwned>(
        &self,
        sql: &str,
        record_types: &[&str],
        filter: &WaitingFilter,
        limit: Option<(&str, &str)>,
    ) -> Result<Vec<R>> {
        let unlinked = record_types.iter().map(|record_type| {
            let sql = without_comments(UNLINKED).replace("{record_type}", record_type);
            format!("UNION ALL\n{sql}")
        });
        let waiting = without_comments(WAITING).replace("{unlinked}", &unlinked.collect::<String>());
        let sql = self
            .names()
            .fill(&without_comments(sql).replace("{waiting}", &waiting));
        let ids = filter.ids.join(" ");
        let mut params = vec![
            ("ids", ids.as_str()),
            ("all", if filter.all { "true" } else { "false" }),
            ("feed", filter.feed.as_deref().unwrap_or_default()),
            ("reason", filter.reason.as_deref().unwrap_or_default()),
        ];
        params.extend(limit);
        self.rows("list what waits", &sql, &params).await
    }
}
