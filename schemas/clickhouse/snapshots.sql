-- The snapshots, for readers: what is in the topic `snapshots`, beside the stores that are derived from the log. Rows are added only; the
-- same snapshot may be written again, and stays one.

CREATE TABLE IF NOT EXISTS {stores}.snapshots
(
    id String,
    installation String,
    period String,
    first Date32,
    last Date32 COMMENT 'inclusive',
    revision UInt32,
    provisional Bool COMMENT 'taken before the period had ended, or without waiting for all that had come',
    reason String COMMENT 'why there is another revision',
    taken_at DateTime64(9, 'UTC'),
    taken_by LowCardinality(String) COMMENT 'role',
    known_at DateTime64(9, 'UTC') COMMENT 'the refresh whose numbers it has',
    software String,
    contents String COMMENT 'hash of the plan, feed, code list and schema files in force',
    watermark Map(String, Map(String, UInt64)) COMMENT 'per record type: topic/partition to the first offset that is not in',
    values_hash String COMMENT 'SHA-256 of the numbers in their canonical form',
    ledger_hash String COMMENT 'SHA-256 of the ledger in its canonical form',
    hash String COMMENT 'SHA-256 of all of this'
)
ENGINE = ReplacingMergeTree
ORDER BY (period, revision)
COMMENT 'What was frozen, when, by whom, made of what';

CREATE TABLE IF NOT EXISTS {stores}.snapshot_values
(
    snapshot String,
    period String,
    revision UInt32,
    position UInt32 COMMENT 'in the order of the plan',
    id String,
    title String,
    unit String,
    polarity LowCardinality(String),
    value Nullable(Float64),
    numerator Nullable(Float64),
    denominator Nullable(Float64),
    status LowCardinality(String),
    coverage Tuple(returned UInt16, expected UInt16),
    approximate Bool,
    up_to Bool,
    missing Array(String),
    last_year Tuple(value Nullable(Float64), status String),
    change Tuple(value Nullable(Float64), percent Nullable(Float64)),
    year_to_date Tuple(value Nullable(Float64), numerator Nullable(Float64), denominator Nullable(Float64), status String),
    trend LowCardinality(String),
    direction LowCardinality(String),
    definition_version UInt16,
    definition_hash String
)
ENGINE = ReplacingMergeTree
ORDER BY (period, revision, position)
COMMENT 'The numbers of each snapshot';

ALTER TABLE {stores}.snapshot_values ADD COLUMN IF NOT EXISTS comment String COMMENT 'what the lead of the measure says of it';

CREATE TABLE IF NOT EXISTS {stores}.snapshot_changes
(
    snapshot String,
    period String,
    revision UInt32,
    position UInt32,
    id String COMMENT 'the measure',
    before Nullable(Float64) COMMENT 'its number in the revision before',
    after Nullable(Float64),
    cause LowCardinality(String) COMMENT 'late, amended, withdrawn, replayed, return notices, definition changed, reference data changed, status, beside the number or not derivable',
    change Float64 COMMENT 'by how much; those of a measure add up to its change, no number taken for zero',
    count UInt64 COMMENT 'of causes that are messages, how many records',
    records Array(Tuple(record_type String, feed String, partner String, ref String)) COMMENT 'the first of them'
)
ENGINE = ReplacingMergeTree
ORDER BY (period, revision, position)
COMMENT 'Why the numbers of a revision are others than those of the one before: its ledger'
