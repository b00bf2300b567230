-- The fixed tables of the store. What each record type has of its own (version log, views) is built from the Avro schemas and the
-- plan files by crates/store and is not listed here.
-- {store} is the internal database, {bi} the one that BI tools read. Every statement may be run again.

CREATE DATABASE IF NOT EXISTS {store};

CREATE DATABASE IF NOT EXISTS {bi};

CREATE TABLE IF NOT EXISTS {store}.positions
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    record_type LowCardinality(String),
    next_offset UInt64 COMMENT 'every offset below has its outcome in the store: a version row or a row of rejected',
    written_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (topic, kafka_partition)
COMMENT 'How far each topic-partition is worked off; written after the rows, so it never runs ahead of them';

CREATE TABLE IF NOT EXISTS {store}.rejected
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_time DateTime64(3, 'UTC'),
    feed LowCardinality(String),
    stage LowCardinality(String) COMMENT 'wire, schema, decode or check',
    reason LowCardinality(String),
    field LowCardinality(String),
    detail String COMMENT 'plain words; never a value that does not look like a code',
    partner LowCardinality(String),
    ref String,
    bytes UInt32 COMMENT 'length of the message',
    quarantine_partition UInt32,
    quarantine_offset UInt64,
    rejected_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(rejected_at)
ORDER BY (topic, kafka_partition, kafka_offset)
COMMENT 'One row per quarantined message; the message itself waits whole in the topic quarantine';

CREATE TABLE IF NOT EXISTS {store}.warnings
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    feed LowCardinality(String),
    warning LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (feed, warning, topic, kafka_partition, kafka_offset)
COMMENT 'Accepted messages that a check of severity warning remarked on';

CREATE TABLE IF NOT EXISTS {store}.measure_cells
(
    record_type LowCardinality(String),
    measure String,
    period String,
    level LowCardinality(String) COMMENT 'total, ward, partner or area; refresh: what the newest refresh was made of; shown: the same of every refresh that ever was',
    key String COMMENT 'the ward or partner, empty for total; of a refresh that was shown its instant',
    n Float64,
    computed_at DateTime64(6, 'UTC'),
    watermark Map(String, UInt64) COMMENT 'of a refresh: topic/partition -> next offset at its start',
    definitions String COMMENT 'of a refresh: hash of the definitions and periods it was made with',
    approximate Bool COMMENT 'an estimate is in it',
    up_to Bool COMMENT 'the same person may be in it twice',
    returned UInt16 COMMENT 'how many of the measure''s partners have returned',
    returns LowCardinality(String) COMMENT 'what all of them together have returned: returned, nil, not_applicable, not_returned or conflict',
    missing Array(String) COMMENT 'partner and quarter of each return that is missing',
    cells_at DateTime64(6, 'UTC') COMMENT 'of a refresh: when the cells of the period that hold were computed',
    notices Map(Date32, UInt64) COMMENT 'of a refresh: hash of the notices about each quarter',
    prepared_at DateTime64(6, 'UTC') COMMENT 'of a refresh: the preparation that it was made of',
    fulls Array(Tuple(feed String, partner String, quarter Date32, return_ref String)) COMMENT 'of a refresh that was shown: the FULL returns that were complete',
    notices_at DateTime64(6, 'UTC') COMMENT 'of a refresh that was shown: when the notices that it was made of were computed'
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (record_type, measure, period, level, key)
COMMENT 'One number per measure, period and breakdown; those hold that the newest refresh of their record type names';

ALTER TABLE {store}.measure_cells
    ADD COLUMN IF NOT EXISTS approximate Bool,
    ADD COLUMN IF NOT EXISTS up_to Bool,
    ADD COLUMN IF NOT EXISTS returned UInt16,
    ADD COLUMN IF NOT EXISTS returns LowCardinality(String),
    ADD COLUMN IF NOT EXISTS missing Array(String),
    ADD COLUMN IF NOT EXISTS cells_at DateTime64(6, 'UTC'),
    ADD COLUMN IF NOT EXISTS notices Map(Date32, UInt64),
    ADD COLUMN IF NOT EXISTS prepared_at DateTime64(6, 'UTC'),
    ADD COLUMN IF NOT EXISTS fulls Array(Tuple(feed String, partner String, quarter Date32, return_ref String)),
    ADD COLUMN IF NOT EXISTS notices_at DateTime64(6, 'UTC');

CREATE TABLE IF NOT EXISTS {store}.arrivals
(
    record_type LowCardinality(String),
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    feed LowCardinality(String),
    partner LowCardinality(String),
    ref String
)
ENGINE = ReplacingMergeTree
PARTITION BY record_type
ORDER BY (record_type, topic, kafka_partition, kafka_offset)
COMMENT 'Which record each message of the version logs is about: what finds the records of a stretch of the log';

CREATE TABLE IF NOT EXISTS {store}.changed
(
    stamp UInt64 COMMENT 'of the preparation',
    record_type LowCardinality(String),
    feed LowCardinality(String),
    partner LowCardinality(String),
    ref String,
    written_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (stamp, record_type)
TTL written_at + INTERVAL 1 DAY
COMMENT 'Which records have new messages, for the preparation of a refresh; of no use after it';

CREATE TABLE IF NOT EXISTS {store}.contributions
(
    record_type LowCardinality(String),
    made_by LowCardinality(String) COMMENT 'hash of the definitions that the row was made by',
    quarter Date32 COMMENT 'first day; 1900-01-01: a span of more than twenty quarters, or without an end; 1900-04-01: no date at all',
    feed LowCardinality(String),
    partner LowCardinality(String),
    ref String,
    version UInt32,
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    district LowCardinality(Nullable(String)),
    ward LowCardinality(Nullable(String)),
    scope LowCardinality(String) COMMENT 'the code by which a notice can speak of it',
    first_quarter Date32 COMMENT 'of its first date: that of the FULL return that it should be in',
    return_refs Array(String) COMMENT 'the deliveries that its versions came in',
    quarters Array(Date32) COMMENT 'all that the live version has to do with; a row of another quarter is what is left there',
    counts Bool COMMENT 'the record is neither withdrawn nor an orphan',
    made Array(Tuple(
        measure LowCardinality(String), since Date32, until Date32, counts UInt8, amount Float64, identity String, approximate Bool,
        tallied Bool, place LowCardinality(String), looks_back Bool)) COMMENT 'what it contributes to which measure',
    present Array(Tuple(since Date32, until Date32)) COMMENT 'the days that show that its partner has returned',
    follows Array(Tuple(measure LowCardinality(String), key String, counted_from Date32, moment Int64, months UInt8))
        COMMENT 'earlier records that it may follow, by whom they are about',
    precedes Array(Tuple(measure LowCardinality(String), key String, day Date32, moment Int64)) COMMENT 'as what later ones may follow it',
    long_since Date32,
    long_until Date32,
    seen UInt64 COMMENT 'number of messages that it is made from',
    made_from UInt64 COMMENT 'hash of where they lie',
    place LowCardinality(String) COMMENT 'topic/partition of them',
    last_offset UInt64 COMMENT 'of the newest there',
    elsewhere Array(Tuple(place LowCardinality(String), last_offset UInt64)) COMMENT 'the same of messages in other partitions',
    record_hash UInt64 COMMENT 'of its name: comparing it is quicker',
    stamp UInt64 COMMENT 'of the preparation'
)
ENGINE = ReplacingMergeTree
PARTITION BY (record_type, made_by)
ORDER BY (record_type, made_by, quarter, feed, partner, ref, seen, made_from)
-- Parts are read beside each other (FINAL), a granule and a compressed block of every column of each at a time: small ones halve the memory.
SETTINGS index_granularity = 2048, min_compress_block_size = 4096, max_compress_block_size = 65536
COMMENT 'What every record contributes to which measure, once for each quarter that it has to do with: a quarter is read without the others. Rows made from fewer messages stay: up to a watermark that one holds which is made from most of the messages below';

CREATE TABLE IF NOT EXISTS {store}.dirty
(
    stamp UInt64 COMMENT 'of the preparation',
    record_type LowCardinality(String),
    since Date32,
    until Date32,
    written_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (stamp, record_type)
TTL written_at + INTERVAL 1 DAY
COMMENT 'The days that the records of a preparation have to do with, in this version or an earlier one';

CREATE MATERIALIZED VIEW IF NOT EXISTS {store}.keep_dirty TO {store}.dirty AS
SELECT
    stamp, record_type,
    if(quarter = toDate32('1900-01-01'), min(long_since), quarter) AS since,
    if(quarter = toDate32('1900-01-01'), max(long_until), addMonths(quarter, 3) - 1) AS until
FROM {store}.contributions
GROUP BY stamp, record_type, quarter;

CREATE TABLE IF NOT EXISTS {store}.prepared
(
    record_type LowCardinality(String),
    prepared_at DateTime64(6, 'UTC'),
    watermark Map(String, UInt64) COMMENT 'topic/partition -> next offset: what every message below contributes is in contributions',
    made_by String COMMENT 'the rows of contributions that hold',
    definitions String COMMENT 'hashes of contributions, of definitions and periods, and of the complete FULL returns',
    periods Array(Tuple(id String, first Date32, last Date32)) COMMENT 'what the newest refresh has not seen all of',
    quarters Array(Date32) COMMENT 'of these periods',
    notices Map(Date32, UInt64) COMMENT 'hash of the notices about each quarter',
    fulls Array(Tuple(feed String, partner String, quarter Date32, return_ref String)) COMMENT 'the FULL returns that are complete',
    notices_at DateTime64(6, 'UTC') COMMENT 'when the notices that it is made of were computed'
)
ENGINE = ReplacingMergeTree(prepared_at)
ORDER BY record_type
COMMENT 'What the next refresh of a record type is to do';

ALTER TABLE {store}.prepared ADD COLUMN IF NOT EXISTS notices_at DateTime64(6, 'UTC');

CREATE TABLE IF NOT EXISTS {store}.migrations
(
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    is_under_way Bool
)
ENGINE = MergeTree
ORDER BY at
COMMENT 'Beginnings and ends: nothing is refreshed in between, because views and what they read are of two versions';

CREATE TABLE IF NOT EXISTS {store}.holds
(
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    until DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY at
COMMENT 'Until when nothing is refreshed, so that another store can show all that this one has shown before readers see it; the newest holds';

CREATE TABLE IF NOT EXISTS {store}.notices_kept
(
    partner LowCardinality(String),
    feed LowCardinality(String) COMMENT 'the feed that the notice is about',
    record_type LowCardinality(String) COMMENT 'of that feed',
    quarter Date32 COMMENT 'first day of the quarter that it is about',
    kind LowCardinality(String),
    scope Array(String) COMMENT 'the codes that it is about; empty: the whole feed',
    mode LowCardinality(String),
    declared_records Nullable(Int32),
    ref String,
    sent_at DateTime64(3, 'UTC'),
    computed_at DateTime64(6, 'UTC'),
    watermark Map(String, UInt64) COMMENT 'of the row without a partner: topic/partition -> next offset at the refresh''s start'
)
ENGINE = ReplacingMergeTree
ORDER BY (computed_at, partner, feed, ref)
COMMENT 'Return notices that count, all of them anew at each refresh; those of the newest hold'
