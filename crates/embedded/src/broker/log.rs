//! Reading tansu's log straight from its SQLite file, over a connection of our own: readers and the writer do not
//! hold each other up (write-ahead log). What tansu does not note itself is written here too. Blocking.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::executor::block_on;
use libsql::{Connection, Value, params};
use uuid::Uuid;

/// How long to wait when SQLite is busy restarting its write-ahead log.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// tansu looks for the headers of every single record and has no index on them.
const INDEX: &str = "create index if not exists header_of_record on header (topition, offset_id)";

const BOUNDS_BY_NAME: &str = "select tp.id, w.low, w.high from topic t join topition tp on tp.topic = t.id \
     join watermark w on w.topition = tp.id where t.name = ?1 and tp.partition = ?2";
const BOUNDS_BY_ID: &str = "select tp.id, w.low, w.high from topic t join topition tp on tp.topic = t.id \
     join watermark w on w.topition = tp.id where t.uuid = ?1 and tp.partition = ?2";
const RECORDS: &str = "select offset_id, timestamp, k, v from record \
     where topition = ?1 and offset_id >= ?2 and offset_id < ?3 order by offset_id";
const FIRST_SINCE: &str = "select offset_id, timestamp from record \
     where topition = ?1 and timestamp >= ?2 order by offset_id limit 1";
const HEADERS: &str = "select offset_id, k, v from header \
     where topition = ?1 and offset_id >= ?2 and offset_id <= ?3 order by offset_id, rowid";

/// tansu notes an epoch when it gives one; clients may go on to the next by themselves.
const EPOCH: &str = "select max(epoch) from producer_epoch where producer = ?1";
const ADD_EPOCH: &str = "insert or ignore into producer_epoch (producer, epoch) values (?1, ?2)";

/// A topic as a client names it.
#[derive(Clone, Copy, Debug)]
pub(super) enum TopicRef<'a> {
    /// By its name.
    Name(&'a str),
    /// By the id that newer clients use.
    Id(Uuid),
}

/// A stretch of a partition.
pub(super) struct Wanted<'a> {
    pub(super) topic: TopicRef<'a>,
    pub(super) partition: i32,
    /// First offset.
    pub(super) from: i64,
    /// Keys, values and headers of all messages together, bytes.
    pub(super) bytes: usize,
    /// Whether one message may be larger than that.
    pub(super) at_least_one: bool,
}

/// Where a partition begins and ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// tansu's number of the partition.
    topition: i64,
    pub(super) low: i64,
    /// The offset that the next message will get.
    pub(super) high: i64,
}

/// What was there.
#[derive(Debug, Default)]
pub(super) struct Slice {
    pub(super) low: i64,
    pub(super) high: i64,
    /// Ascending by offset.
    pub(super) records: Vec<Stored>,
}

/// A stored message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) offset: i64,
    /// Milliseconds since 1970, or -1.
    pub(super) timestamp: i64,
    pub(super) key: Option<Bytes>,
    pub(super) value: Option<Bytes>,
    pub(super) headers: Vec<(Option<Bytes>, Option<Bytes>)>,
}

/// tansu's log file.
pub(super) struct LogFile {
    /// For messages.
    reads: Mutex<Connection>,
    /// For what is found in no time, so that it need not wait for messages.
    lookups: Mutex<Connection>,
}

impl LogFile {
    /// Opens the file; tansu must have made its tables.
    pub(super) async fn open(file: &Path) -> Result<Self, libsql::Error> {
        let database = libsql::Builder::new_local(file).build().await?;
        let (reads, lookups) = (database.connect()?, database.connect()?);
        reads.busy_timeout(BUSY_LIMIT)?;
        lookups.busy_timeout(BUSY_LIMIT)?;
        lookups.execute(INDEX, ()).await?;
        Ok(Self {
            reads: Mutex::new(reads),
            lookups: Mutex::new(lookups),
        })
    }

    /// Reads a stretch; none when there is no such partition.
    pub(super) fn read(&self, wanted: &Wanted<'_>) -> Result<Option<Slice>, libsql::Error> {
        let connection = lock(&self.reads);
        block_on(read(&connection, wanted))
    }

    /// Where a partition begins and ends; none when it does not exist.
    pub(super) fn bounds(
        &self,
        topic: TopicRef<'_>,
        partition: i32,
    ) -> Result<Option<Bounds>, libsql::Error> {
        let connection = lock(&self.lookups);
        block_on(bounds(&connection, topic, partition))
    }

    /// Offset and timestamp of the first message of that time or later.
    pub(super) fn first_since(
        &self,
        bounds: &Bounds,
        timestamp: i64,
    ) -> Result<Option<(i64, i64)>, libsql::Error> {
        let connection = lock(&self.lookups);
        block_on(async {
            let mut rows = connection
                .query(FIRST_SINCE, params![bounds.topition, timestamp])
                .await?;
            let Some(row) = rows.next().await? else {
                return Ok(None);
            };
            Ok(Some((row.get(0)?, row.get(1)?)))
        })
    }

    /// The newest epoch of an idempotent producer; none when there is no such producer.
    pub(super) fn epoch(&self, producer: i64) -> Result<Option<i16>, libsql::Error> {
        let connection = lock(&self.lookups);
        block_on(async {
            let mut rows = connection.query(EPOCH, params![producer]).await?;
            let Some(row) = rows.next().await? else {
                return Ok(None);
            };
            let epoch: Option<i64> = row.get(0)?;
            Ok(epoch.and_then(|epoch| i16::try_from(epoch).ok()))
        })
    }

    /// Notes the epoch that a producer went on to. Nothing else may write meanwhile.
    pub(super) fn add_epoch(&self, producer: i64, epoch: i16) -> Result<(), libsql::Error> {
        let connection = lock(&self.lookups);
        block_on(connection.execute(ADD_EPOCH, params![producer, epoch])).map(drop)
    }
}

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic while reading leaves nothing half done.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn bounds(
    connection: &Connection,
    topic: TopicRef<'_>,
    partition: i32,
) -> Result<Option<Bounds>, libsql::Error> {
    let found = match topic {
        TopicRef::Name(name) => connection.query(BOUNDS_BY_NAME, params![name, partition]).await,
        TopicRef::Id(id) => {
            connection
                .query(BOUNDS_BY_ID, params![id.to_string(), partition])
                .await
        }
    };
    let Some(row) = found?.next().await? else {
        return Ok(None);
    };
    Ok(Some(Bounds {
        topition: row.get(0)?,
        low: row.get::<Option<i64>>(1)?.unwrap_or(0),
        high: row.get::<Option<i64>>(2)?.unwrap_or(0),
    }))
}

async fn read(connection: &Connection, wanted: &Wanted<'_>) -> Result<Option<Slice>, libsql::Error> {
    let Some(bounds) = bounds(connection, wanted.topic, wanted.partition).await? else {
        return Ok(None);
    };
    let mut slice = Slice {
        low: bounds.low,
        high: bounds.high,
        records: Vec::new(),
    };
    if !(bounds.low..bounds.high).contains(&wanted.from) || (wanted.bytes == 0 && !wanted.at_least_one) {
        return Ok(Some(slice));
    }
    let mut rows = connection
        .query(RECORDS, params![bounds.topition, wanted.from, bounds.high])
        .await?;
    let mut bytes = 0_usize;
    while let Some(row) = rows.next().await? {
        let stored = Stored {
            offset: row.get(0)?,
            timestamp: row.get::<Option<i64>>(1)?.unwrap_or(-1),
            key: blob(row.get_value(2)?),
            value: blob(row.get_value(3)?),
            headers: Vec::new(),
        };
        bytes += stored.key.as_ref().map_or(0, Bytes::len) + stored.value.as_ref().map_or(0, Bytes::len);
        let fits = bytes <= wanted.bytes || (slice.records.is_empty() && wanted.at_least_one);
        if !fits {
            break;
        }
        slice.records.push(stored);
    }
    drop(rows);
    add_headers(connection, bounds.topition, &mut slice.records).await?;
    Ok(Some(slice))
}

async fn add_headers(
    connection: &Connection,
    topition: i64,
    records: &mut [Stored],
) -> Result<(), libsql::Error> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else {
        return Ok(());
    };
    let mut rows = connection
        .query(HEADERS, params![topition, first.offset, last.offset])
        .await?;
    let mut records = records.iter_mut();
    let mut current = records.next();
    while let Some(row) = rows.next().await? {
        let offset: i64 = row.get(0)?;
        while current.as_ref().is_some_and(|record| record.offset < offset) {
            current = records.next();
        }
        if let Some(record) = current.as_mut().filter(|record| record.offset == offset) {
            record
                .headers
                .push((blob(row.get_value(1)?), blob(row.get_value(2)?)));
        }
    }
    Ok(())
}

fn blob(value: Value) -> Option<Bytes> {
    match value {
        Value::Blob(bytes) => Some(bytes.into()),
        Value::Text(text) => Some(text.into_bytes().into()),
        Value::Null | Value::Integer(_) | Value::Real(_) => None,
    }
}
