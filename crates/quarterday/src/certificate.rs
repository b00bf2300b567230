//! Drawing up the certificate: what Kafka has, what the store has of it, and what the numbers are made of.

mod numbers;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use quarterday_kafka::positions::{Position, Positions, TopicPartition};
use quarterday_plan::period::Period;
use quarterday_store::{Lost, PartitionBooks, Placed, Range};
use serde::Serialize;

use crate::system::System;

/// Messages that are looked at together, of a store that has more.
const TOGETHER: u64 = 500_000;

/// Workers may write between two readings of what is compared: then it is read again.
const TIMES: usize = 3;

/// What is certified.
pub struct Wanted {
    topic: Option<String>,
    record_type: Option<String>,
    period: Option<Period>,
}

/// The certificate.
#[derive(Debug, Serialize)]
pub struct Certificate {
    /// One line per partition.
    pub partitions: Vec<Line>,
    /// What was lost before it could be consumed, by range.
    pub lost: Vec<Lost>,
    /// Offsets that Kafka gave to no message, by range: the first thousand ranges.
    pub left_by_kafka: Vec<Lost>,
    /// The records that count beside those that numbers are made of, by record type.
    pub placed: Vec<Placed>,
    /// Numbers beside what their records add up to.
    pub measures: Vec<Number>,
    /// How many periods these are of.
    pub periods: usize,
    /// Whether every sum holds.
    pub holds: bool,
}

/// One partition.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its books.
    #[serde(flatten)]
    pub books: PartitionBooks,
    /// The first offset that Kafka still has.
    pub low: i64,
    /// The offset that the next message will get.
    pub high: i64,
    /// Offsets of Kafka that are not worked off.
    pub behind: u64,
    /// Ranges of offsets without an outcome.
    pub missing_ranges: Vec<Range>,
    /// Whether every sum holds.
    pub holds: bool,
}

/// One count of a period.
#[derive(Debug, Serialize)]
pub struct Number {
    /// Measure, figure or companion.
    pub id: String,
    /// The period.
    pub period: String,
    /// The number as published.
    pub number: f64,
    /// What its records add up to.
    pub counted: f64,
    /// How many records.
    pub records: u64,
}

impl Wanted {
    /// Everything, or one feed, or one period.
    ///
    /// # Errors
    /// There is no such feed.
    pub fn new(system: &System, feed: Option<&str>, period: Option<Period>) -> Result<Self> {
        let catalogue = &system.in_force.catalogue;
        let feed = match feed {
            None => None,
            Some(name) => match catalogue.feed(name) {
                Some(feed) => Some(&feed.feed),
                None => bail!(
                    "there is no feed {name}; feeds are {}",
                    catalogue.feed_names().join(", ")
                ),
            },
        };
        Ok(Wanted {
            topic: feed.map(|feed| feed.topic.clone()),
            record_type: feed.map(|feed| feed.record_type.clone()),
            period,
        })
    }
}

impl Certificate {
    /// Reads everything there is to know.
    ///
    /// # Errors
    /// Kafka or ClickHouse does not answer.
    pub async fn draw_up(system: &System, wanted: &Wanted) -> Result<Self> {
        let mut partitions = lines(system, wanted).await?;
        for _ in 1..TIMES {
            if partitions.iter().all(|line| line.holds) {
                break;
            }
            partitions = lines(system, wanted).await?;
        }
        let placed = numbers::placed(system, wanted).await?;
        let (measures, periods) = numbers::numbers(system, wanted).await?;
        Ok(Certificate {
            holds: partitions.iter().all(|line| line.holds)
                && placed.iter().all(Placed::holds)
                && measures.iter().all(Number::holds),
            partitions,
            placed,
            lost: system.store.lost(wanted.topic.as_deref()).await?,
            left_by_kafka: system.store.left_by_kafka(wanted.topic.as_deref()).await?,
            measures,
            periods,
        })
    }
}

async fn lines(system: &System, wanted: &Wanted) -> Result<Vec<Line>> {
    let taken = Known::of(system, wanted).await?;
    let record_types: Vec<&str> = taken.record_types.iter().map(String::as_str).collect();
    let books = system
        .store
        .books(&record_types, wanted.topic.as_deref(), TOGETHER)
        .await?;
    let mut books: BTreeMap<TopicPartition, PartitionBooks> = books
        .into_iter()
        .map(|books| ((books.topic.clone(), books.partition), books))
        .collect();
    let mut lines = Vec::new();
    for (place, position) in positions(system, taken.topics).await? {
        let books = books.remove(&place).unwrap_or_else(|| empty(&place));
        lines.push(line(system, books, position).await?);
    }
    // Of partitions that Kafka does not have any more.
    for books in books.into_values() {
        let nothing = Position {
            low: 0,
            high: 0,
            committed: None,
        };
        lines.push(line(system, books, nothing).await?);
    }
    Ok(lines)
}

fn empty((topic, partition): &TopicPartition) -> PartitionBooks {
    PartitionBooks {
        topic: topic.clone(),
        partition: *partition,
        next_offset: 0,
        version_rows: 0,
        quarantined: 0,
        gaps: 0,
        gone: 0,
        damaged: 0,
        twice: 0,
        missing: 0,
        live: 0,
        superseded: 0,
        withdrawn: 0,
        duplicate: 0,
        conflict: 0,
        orphan: 0,
    }
}

/// What there are books of: what is in force, and what was when something was taken in.
struct Known {
    topics: BTreeSet<String>,
    record_types: BTreeSet<String>,
}

impl Known {
    async fn of(system: &System, wanted: &Wanted) -> Result<Self> {
        if let (Some(topic), Some(record_type)) = (&wanted.topic, &wanted.record_type) {
            return Ok(Known {
                topics: [topic.clone()].into(),
                record_types: [record_type.clone()].into(),
            });
        }
        let catalogue = &system.in_force.catalogue;
        let mut known = Known {
            topics: catalogue.topics().into_iter().map(str::to_owned).collect(),
            record_types: catalogue.record_types().keys().cloned().collect(),
        };
        for position in system.store.positions().await? {
            if position.record_type.is_empty() {
                continue;
            }
            let is_known = known.record_types.contains(&position.record_type);
            if !is_known && system.store.has_log(&position.record_type).await? {
                known.record_types.insert(position.record_type);
            }
            known.topics.insert(position.topic);
        }
        Ok(known)
    }
}

async fn positions(system: &System, topics: BTreeSet<String>) -> Result<BTreeMap<TopicPartition, Position>> {
    let kafka = system.kafka.clone();
    let in_force: BTreeSet<String> = system
        .in_force
        .catalogue
        .topics()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let read = move || {
        let client = Positions::new(&kafka, "quarterday-reconcile")?;
        let (now, before): (Vec<&str>, Vec<&str>) = topics
            .iter()
            .map(String::as_str)
            .partition(|topic| in_force.contains(*topic));
        let mut positions = client.read(&now)?;
        for topic in before {
            match client.read(&[topic]) {
                Ok(found) => positions.extend(found),
                // Of a feed that is no longer in force, and not in Kafka either.
                Err(quarterday_kafka::Error::NoTopic { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(positions)
    };
    tokio::task::spawn_blocking(read)
        .await?
        .context("could not read where the log begins and ends")
}

async fn line(system: &System, books: PartitionBooks, position: Position) -> Result<Line> {
    let feeds = system.in_force.catalogue.feeds().iter();
    let feed = feeds.clone().find(|feed| feed.feed.topic == books.topic);
    let missing_ranges = match feed {
        Some(feed) if books.missing != 0 => {
            let place = (books.topic.as_str(), books.partition);
            system.store.missing_ranges(&feed.feed.record_type, place).await?
        }
        _ => Vec::new(),
    };
    Ok(Line {
        behind: u64::try_from(position.high - books.next_offset.max(position.low)).unwrap_or(0),
        low: position.low,
        high: position.high,
        holds: books.balance() && books.next_offset <= position.high,
        missing_ranges,
        books,
    })
}

impl Line {
    /// What does not hold, in words.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let books = &self.books;
        let ranges = self.missing_ranges.iter();
        let ranges: Vec<String> = ranges
            .map(|range| format!("{} to {}", range.first, range.next - 1))
            .collect();
        let of = |holds: bool, text: String| (!holds).then_some(text);
        [
            of(
                books.missing == 0,
                format!(
                    "{} offsets have no outcome ({})",
                    books.missing,
                    ranges.join(", ")
                ),
            ),
            of(
                books.twice == 0,
                format!(
                    "{} offsets have two outcomes: of a worker that was thrown out, whose rows arrived late, and of its successor, which had \
                     other code lists; 'quarterday rebuild' leaves the one that is in Kafka",
                    books.twice
                ),
            ),
            of(
                books.version_rows == books.outcomes(),
                format!(
                    "{} version rows, of which {} have become something",
                    books.version_rows,
                    books.outcomes()
                ),
            ),
            of(
                books.next_offset <= self.high,
                format!(
                    "the store is at offset {}, and the log ends at {}: messages were lost from Kafka",
                    books.next_offset, self.high
                ),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Number {
    /// Amounts are added in another order than ClickHouse adds them.
    #[must_use]
    pub fn holds(&self) -> bool {
        (self.number - self.counted).abs() <= 1e-9 * self.number.abs().max(1.0)
    }
}
