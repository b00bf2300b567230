-- What the log holds besides records: offsets that are no messages, replays of quarantined messages, decisions about them. All of
-- it is derived from Kafka again by whoever consumes it again.

CREATE TABLE IF NOT EXISTS {store}.gaps
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    first_offset UInt64,
    next_offset UInt64 COMMENT 'the first offset behind the gap',
    kind LowCardinality(String) COMMENT 'kafka: left by Kafka itself (control records, aborted transactions, compaction); gone: taken away by retention or erasure before it was consumed; damaged: its record batch is damaged where the broker keeps it',
    noticed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (topic, kafka_partition, first_offset)
COMMENT 'Ranges of offsets under which there is no message to be consumed; they may overlap';

CREATE TABLE IF NOT EXISTS {store}.replays
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    first_partition UInt32 COMMENT 'where the message lies that was rejected first, in the same topic',
    first_offset UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, first_partition, first_offset, kafka_partition, kafka_offset)
COMMENT 'Messages that were put through again';

CREATE TABLE IF NOT EXISTS {store}.decisions
(
    kafka_partition UInt32,
    kafka_offset UInt64 COMMENT 'of the decision, in the topic of decisions',
    kafka_time DateTime64(3, 'UTC'),
    topic LowCardinality(String),
    of_partition UInt32,
    of_offset UInt64,
    verdict LowCardinality(String),
    why LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, of_partition, of_offset, kafka_partition, kafka_offset)
COMMENT 'What people decided about single messages';

CREATE TABLE IF NOT EXISTS {store}.contents_kept
(
    hash String COMMENT 'of all files of an installation',
    name String,
    text String,
    installed_at DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (installed_at, name)
COMMENT 'The files that were ever in force: plans, feeds, code lists, schemas'
