-- What an explanation of the change between two snapshots needs beside a store for a proof.
CREATE TABLE {store}.before
(
    watermark Map(String, UInt64)
)
ENGINE = MergeTree
ORDER BY tuple()
COMMENT 'The watermarks of the earlier snapshot';

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
