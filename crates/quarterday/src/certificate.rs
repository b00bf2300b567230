//! Drawing up the certificate: what Kafka has, what the store has of it, and what the numbers are made of.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use quarterday_kafka::positions::{Position, Positions, TopicPartition};
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Against, Basis};
use quarterday_store::{Breakdown, Lost, MeasureRow, PartitionBooks, Range};
use serde::Serialize;

use crate::system::System;

/// Messages that are looked at together, of a store that has more.
const TOGETHER: u64 = 500_000;

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
        let partitions = lines(system, wanted).await?;
        let (measures, periods) = numbers(system, wanted).await?;
        Ok(Certificate {
            holds: partitions.iter().all(|line| line.holds) && measures.iter().all(Number::holds),
            partitions,
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

/// The numbers of a period, or of all that are kept. They may be brought up to date between the two readings: then they are read again.
async fn numbers(system: &System, wanted: &Wanted) -> Result<(Vec<Number>, usize)> {
    let mut numbers = Vec::new();
    for _ in 0..3 {
        numbers = added_up(system, wanted).await?;
        if numbers.iter().all(Number::holds) {
            break;
        }
    }
    let periods: BTreeSet<&str> = numbers.iter().map(|number| number.period.as_str()).collect();
    let periods = periods.len();
    Ok((numbers, periods))
}

async fn added_up(system: &System, wanted: &Wanted) -> Result<Vec<Number>> {
    let (store, period) = (&system.store, wanted.period.as_ref());
    let by = Breakdown::Total;
    let rows = match period {
        Some(period) => store.measures(period, None, by).await?,
        None => store.measures_kept(Some(by)).await?,
    };
    let sums = store
        .traced_sums(wanted.record_type.as_deref(), period, TOGETHER)
        .await?;
    let sums: Sums<'_> = sums
        .iter()
        .map(|sum| {
            (
                (sum.period.as_str(), sum.measure.as_str()),
                (sum.counted, sum.records),
            )
        })
        .collect();
    let counted = rows.iter().filter(|row| is_counted(system, wanted, &row.id));
    Ok(counted.filter_map(|row| number(row, &sums)).collect())
}

/// By period and measure: what the records add up to, and how many they are.
type Sums<'s> = BTreeMap<(&'s str, &'s str), (f64, u64)>;

/// Whether a number is the count of records: not a rank, which is about several areas, nor what is made of others.
fn is_counted(system: &System, wanted: &Wanted, id: &str) -> bool {
    let Some((_, measure)) = system.in_force.definition(id) else {
        return false;
    };
    let Basis::Records(counting) = &measure.basis else {
        return false;
    };
    !matches!(counting.against, Against::Areas(_))
        && wanted
            .record_type
            .as_ref()
            .is_none_or(|record_type| *record_type == counting.record_type)
}

/// Where something was not returned there is no number.
fn number(row: &MeasureRow, sums: &Sums<'_>) -> Option<Number> {
    let (counted, records) = sums
        .get(&(row.period.as_str(), row.id.as_str()))
        .copied()
        .unwrap_or_default();
    Some(Number {
        id: row.id.clone(),
        period: row.period.clone(),
        number: row.numerator?,
        counted,
        records,
    })
}
