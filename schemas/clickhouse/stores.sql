-- Which internal database holds. A store is begun, then put in force or given up; the newest that was put in force is the one that
-- readers see, and those that were before it say what was known then.

CREATE DATABASE IF NOT EXISTS {stores};

CREATE TABLE IF NOT EXISTS {stores}.stores
(
    name String,
    state LowCardinality(String) COMMENT 'begun, in force, given up',
    contents String COMMENT 'hash of the files that it was begun with',
    noted_at DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY noted_at
COMMENT 'The stores that were derived from the log, and which holds since when';

CREATE TABLE IF NOT EXISTS {stores}.leases
(
    holder String,
    until DateTime64(6, 'UTC'),
    noted_at DateTime64(6, 'UTC') COMMENT 'rises, also when the clock does not'
)
ENGINE = MergeTree
ORDER BY noted_at
TTL toDateTime(noted_at) + INTERVAL 1 DAY
COMMENT 'Who derives a store, renewed as long as that goes on: of several the first';

-- The first holds since always.
INSERT INTO {stores}.stores
SELECT '{store}', 'in force', '', toDateTime64(0, 6, 'UTC')
WHERE (SELECT count() FROM {stores}.stores) = 0
