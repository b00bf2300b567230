-- The fixed tables of the store. Tables per record type (version log, current state, measure views) are built from the
-- Avro schemas and the plan files by crates/store and are not listed here.
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
    level LowCardinality(String) COMMENT 'total, ward, partner or area; refresh: what the refresh was made of',
    key String COMMENT 'the ward or partner, empty for total',
    n Float64,
    computed_at DateTime64(6, 'UTC'),
    watermark Map(String, UInt64) COMMENT 'of a refresh: topic/partition -> next offset at its start',
    definitions String COMMENT 'of a refresh: hash of the definitions and periods it was made with',
    approximate Bool COMMENT 'an estimate is in it',
    up_to Bool COMMENT 'the same person may be in it twice',
    returned UInt16 COMMENT 'how many of the measure''s partners have returned',
    returns LowCardinality(String) COMMENT 'what all of them together have returned: returned, nil, not_applicable, not_returned or conflict',
    missing Array(String) COMMENT 'partner and quarter of each return that is missing'
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (record_type, measure, period, level, key)
COMMENT 'One number per measure, period and breakdown; only those of the newest refresh of a record type hold';

ALTER TABLE {store}.measure_cells
    ADD COLUMN IF NOT EXISTS approximate Bool,
    ADD COLUMN IF NOT EXISTS up_to Bool,
    ADD COLUMN IF NOT EXISTS returned UInt16,
    ADD COLUMN IF NOT EXISTS returns LowCardinality(String),
    ADD COLUMN IF NOT EXISTS missing Array(String);

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
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (partner, feed, ref)
COMMENT 'Return notices that count; only those of the newest refresh hold'
