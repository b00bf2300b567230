//! The certificate: what became of every offset (I1), and what the records behind every number add up to.

use std::collections::BTreeMap;

use jiff::civil::Date;
use quarterday_plan::period::Period;
use serde::{Deserialize, Serialize};

use crate::sql::{self, without_comments};
use crate::{Result, Store};

/// What became of the messages of one partition, up to the store's position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionBooks {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    #[serde(rename(deserialize = "kafka_partition"))]
    pub partition: i32,
    /// Offsets worked off: all below this.
    pub next_offset: i64,
    /// Those with a row in a version log.
    pub version_rows: u64,
    /// Those in quarantine.
    pub quarantined: u64,
    /// Those that Kafka left no message under.
    pub gaps: u64,
    /// Those that retention or erasure had taken before they were consumed.
    pub gone: u64,
    /// Those in damaged record batches.
    pub damaged: u64,
    /// Those with two outcomes: there must be none.
    pub twice: u64,
    /// Those without an outcome: there must be none.
    pub missing: i64,
    /// Version rows that are the live version of a record that counts.
    pub live: u64,
    /// Version rows of a record that has a higher version.
    pub superseded: u64,
    /// Version rows that withdraw their record.
    pub withdrawn: u64,
    /// Version rows that repeat another.
    pub duplicate: u64,
    /// Version rows that contradict another.
    pub conflict: u64,
    /// Version rows of a record without a SUBMIT.
    pub orphan: u64,
}

/// Offsets from `first` to the one before `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first offset.
    pub first: i64,
    /// The first offset behind.
    pub next: i64,
}

/// A range of offsets whose messages were lost before they could be consumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: i32,
    /// The first offset.
    pub first: i64,
    /// The first offset behind.
    pub next: i64,
    /// `gone`: taken by retention, compaction or erasure; `damaged`: in a damaged record batch; `kafka`: given to no message.
    pub kind: String,
}

/// What the records behind a number add up to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TracedSum {
    /// Id of the period.
    pub period: String,
    /// Measure, figure or companion.
    pub measure: String,
    /// Amounts, and different identities.
    pub counted: f64,
    /// How many records.
    pub records: u64,
}

/// Ranges that a certificate lists.
const MOST_RANGES: usize = 1_000;

impl PartitionBooks {
    /// Whether both sums hold.
    #[must_use]
    pub fn balance(&self) -> bool {
        self.missing == 0 && self.twice == 0 && self.version_rows == self.outcomes()
    }

    /// Version rows by what became of them, added.
    #[must_use]
    pub fn outcomes(&self) -> u64 {
        self.live + self.superseded + self.withdrawn + self.duplicate + self.conflict + self.orphan
    }
}

impl Store {
    /// The books of all partitions of these record types, or of one topic of them; those too of partitions of which there is no log. Read in
    /// portions of record types with `most` messages together: what became of messages takes memory for each of them.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn books(
        &self,
        record_types: &[&str],
        topic: Option<&str>,
        most: u64,
    ) -> Result<Vec<PartitionBooks>> {
        let portions = self.portions(record_types, most).await?;
        let mut books = Vec::new();
        for (number, portion) in portions.iter().enumerate() {
            let others = record_types.iter().filter(|name| !portion.contains(name));
            // The first has those without a log.
            let (which, among): (&str, Vec<&str>) = match number {
                0 => ("NOT IN", others.copied().collect()),
                _ => ("IN", portion.clone()),
            };
            let among: Vec<String> = among.into_iter().map(sql::literal).collect();
            let which = format!(
                "record_type {which} ({})",
                [vec!["''".to_owned()], among].concat().join(", ")
            );
            books.extend(self.books_of(portion, &which, topic).await?);
        }
        books.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        Ok(books)
    }

    /// Record types together, as long as they do not have too many messages; each at least alone.
    async fn portions<'t>(&self, record_types: &[&'t str], most: u64) -> Result<Vec<Vec<&'t str>>> {
        let logs = self.log_sizes().await?;
        let (mut portions, mut messages): (Vec<Vec<&str>>, u64) = (vec![Vec::new()], 0);
        for name in record_types {
            let log = logs.get(*name).copied().unwrap_or(0);
            let is_full = messages > 0 && messages.saturating_add(log) > most;
            if is_full {
                portions.push(Vec::new());
                messages = 0;
            }
            messages = messages.saturating_add(log);
            if let Some(last) = portions.last_mut() {
                last.push(name);
            }
        }
        Ok(portions)
    }

    async fn books_of(
        &self,
        record_types: &[&str],
        which: &str,
        topic: Option<&str>,
    ) -> Result<Vec<PartitionBooks>> {
        let each = |file: &str| {
            let each = record_types.iter().map(|name| {
                without_comments(file)
                    .replace("{log}", &self.names().log(name))
                    .replace("{record_type}", name)
            });
            each.collect::<Vec<_>>().join("    UNION ALL\n")
        };
        let sql = without_comments(include_str!("../../../schemas/clickhouse/books.sql"))
            .replace(
                "{logs}",
                &each(include_str!("../../../schemas/clickhouse/books_log.sql")),
            )
            .replace(
                "{outcomes}",
                &each(include_str!("../../../schemas/clickhouse/books_outcomes.sql")),
            );
        let sql = self.names().fill(&sql).replace("{which}", which);
        self.rows("read the books", &sql, &[("topic", topic.unwrap_or_default())])
            .await
    }

    /// How many messages each version log has, by record type.
    pub(crate) async fn log_sizes(&self) -> Result<BTreeMap<String, u64>> {
        let sql = format!(
            "SELECT substring(name, length('log_') + 1) AS record_type, ifNull(total_rows, 0) AS messages FROM system.tables \
             WHERE database = {} AND startsWith(name, 'log_') ORDER BY name",
            sql::literal(self.names().store())
        );
        #[derive(Deserialize)]
        struct Log {
            record_type: String,
            messages: u64,
        }
        let logs: Vec<Log> = self.rows("look at what is stored", &sql, &[]).await?;
        Ok(logs
            .into_iter()
            .map(|log| (log.record_type, log.messages))
            .collect())
    }

    /// Whether there is a version log of a record type, which need not be in force any more.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn has_log(&self, record_type: &str) -> Result<bool> {
        let names = self.names();
        self.has_table(names.store(), &format!("log_{record_type}")).await
    }

    /// What was lost, by range; of all topics or of one.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn lost(&self, topic: Option<&str>) -> Result<Vec<Lost>> {
        self.ranges("kind != 'kafka'", topic).await
    }

    /// The first ranges of offsets that Kafka gave to no message, such as marks of transactions; a thousand at most.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn left_by_kafka(&self, topic: Option<&str>) -> Result<Vec<Lost>> {
        let mut ranges = self.ranges("kind = 'kafka'", topic).await?;
        ranges.truncate(MOST_RANGES);
        Ok(ranges)
    }

    async fn ranges(&self, which: &str, topic: Option<&str>) -> Result<Vec<Lost>> {
        let sql = format!(
            "SELECT toString(topic) AS topic, toInt32(kafka_partition) AS partition, toInt64(first_offset) AS first, \
             toInt64(next_offset) AS next, toString(kind) AS kind FROM {}.gaps FINAL \
             WHERE {which} AND ({{topic:String}} = '' OR topic = {{topic:String}}) ORDER BY topic, partition, first LIMIT 100000",
            self.names().store()
        );
        self.rows("list gaps", &sql, &[("topic", topic.unwrap_or_default())])
            .await
    }

    /// The first ranges of offsets of a partition that have no outcome, a hundred at most.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn missing_ranges(
        &self,
        record_type: &str,
        (topic, partition): (&str, i32),
    ) -> Result<Vec<Range>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/books_missing.sql"))
            .replace("{log}", &self.names().log(record_type));
        let partition = partition.to_string();
        let params = [("topic", topic), ("partition", partition.as_str())];
        self.rows("look for offsets without an outcome", &sql, &params)
            .await
    }

    /// What the records behind the numbers of a period and of that a year before add up to, or of all periods that are kept; of all record types
    /// or of one. Where there are more messages than `most`, one record type after the other. Numbers without a record are not there.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn traced_sums(
        &self,
        record_type: Option<&str>,
        period: Option<&Period>,
        most: u64,
    ) -> Result<Vec<TracedSum>> {
        let logs = self.log_sizes().await?;
        if record_type.is_some() || logs.values().sum::<u64>() <= most {
            return self.traced_sums_of(record_type, period).await;
        }
        let mut sums = Vec::new();
        for name in logs.keys() {
            sums.extend(self.traced_sums_of(Some(name), period).await?);
        }
        Ok(sums)
    }

    async fn traced_sums_of(
        &self,
        record_type: Option<&str>,
        period: Option<&Period>,
    ) -> Result<Vec<TracedSum>> {
        let sql = sql::cells::trace_sums(self.names());
        let [id, first, last] = words(period);
        let [before, before_first, before_last] = words(period.map(Period::year_before).as_ref());
        let params = [
            ("record_type", record_type.unwrap_or_default()),
            ("measure", ""),
            ("period", id.as_str()),
            ("first", first.as_str()),
            ("last", last.as_str()),
            ("before", before.as_str()),
            ("before_first", before_first.as_str()),
            ("before_last", before_last.as_str()),
        ];
        self.rows("add up the records behind numbers", &sql, &params)
            .await
    }
}

/// Id, first and last day of a period, as parameters.
fn words(period: Option<&Period>) -> [String; 3] {
    let day = |day: Option<Date>| day.unwrap_or(Date::ZERO).to_string();
    [
        period.map(Period::id).unwrap_or_default(),
        day(period.map(Period::first)),
        day(period.map(Period::last)),
    ]
}
