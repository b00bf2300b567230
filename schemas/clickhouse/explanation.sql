-- What an explanation of the change between two snapshots needs beside a store for a proof.
CREATE TABLE {store}.before
(
    record_type String,
    watermark Map(String, UInt64),
    fulls Array(Tuple(feed String, partner String, quarter Date32, return_ref String)),
    notices_at DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY record_type
COMMENT 'What the earlier snapshot was made of';

INSERT INTO {store}.before SELECT record_type, watermark, fulls, notices_at FROM {store}.prepared_newest;

CREATE VIEW {store}.limits_before AS
SELECT CAST((groupArrayArray(mapKeys(watermark)), groupArrayArray(mapValues(watermark))), 'Map(String, UInt64)') AS watermark
FROM {store}.before;

CREATE TABLE {store}.changes
(
    record_type LowCardinality(String),
    feed LowCardinality(String),
    partner LowCardinality(String),
    ref String,
    record_hash UInt64,
    cause LowCardinality(String) COMMENT 'late, amended, withdrawn or replayed',
    step UInt8 COMMENT 'the number of the cause'
)
ENGINE = MergeTree
ORDER BY record_hash
COMMENT 'The records that have messages between the two snapshots'
