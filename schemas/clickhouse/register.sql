-- The definition register of the plan files in force, and the periods whose measures are kept. What was ever in force stays; only the newest
-- installation holds. Each is one block, so readers see all of it or nothing. An installation that is in force already is not repeated.

CREATE TABLE IF NOT EXISTS {store}.periods_kept
(
    id String,
    first Date32,
    last Date32,
    previous String COMMENT 'the same span a year before',
    previous_first Date32,
    shown Bool COMMENT 'false: only the base of changes',
    contents String COMMENT 'hash of the installation',
    installed_at DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (installed_at, first, last);

INSERT INTO {store}.periods_kept
SELECT *, '{periods_hash}', (SELECT greatest(now64(6, 'UTC'), max(installed_at) + INTERVAL 1 MICROSECOND) FROM {store}.periods_kept)
FROM VALUES(
    'id String, first Date32, last Date32, previous String, previous_first Date32, shown Bool',
    {periods}
)
WHERE (SELECT argMax(contents, installed_at) FROM {store}.periods_kept) != '{periods_hash}';

CREATE OR REPLACE VIEW {store}.periods AS
SELECT id, first, last, previous, previous_first, shown
FROM {store}.periods_kept
WHERE installed_at = (SELECT max(installed_at) FROM {store}.periods_kept);

CREATE TABLE IF NOT EXISTS {store}.definitions_kept
(
    {columns},
    contents String COMMENT 'hash of the installation',
    installed_at DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (installed_at, position);

ALTER TABLE {store}.definitions_kept {added_columns};

INSERT INTO {store}.definitions_kept ({names}, contents, installed_at)
SELECT *, '{definitions_hash}', (SELECT greatest(now64(6, 'UTC'), max(installed_at) + INTERVAL 1 MICROSECOND) FROM {store}.definitions_kept)
FROM VALUES(
    '{columns}',
    {definitions}
)
WHERE (SELECT argMax(contents, installed_at) FROM {store}.definitions_kept) != '{definitions_hash}';

CREATE OR REPLACE VIEW {store}.definitions AS
SELECT *
FROM {store}.definitions_kept
WHERE installed_at = (SELECT max(installed_at) FROM {store}.definitions_kept);

CREATE OR REPLACE VIEW {store}.definitions_in_force AS
SELECT
    record_type,
    any(contributions_hash) AS made_by,
    max(months_looked_back) AS months_looked_back,
    lower(hex(sipHash64(
        '{cells_hash}', arraySort(groupArray((id, definition_hash))),
        (SELECT arraySort(groupArray((id, first, last))) FROM {store}.periods)))) AS hash
FROM {store}.definitions
WHERE record_type != ''
GROUP BY record_type
