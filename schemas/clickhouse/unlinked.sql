-- Accepted messages of one record type that do not count: another message with the same version came first (conflict), or the record
-- was never submitted (orphan).
SELECT
    toString(topic) AS topic, kafka_partition, kafka_offset, kafka_time, toString(feed) AS feed, 'log' AS stage, outcome AS reason,
    if(outcome = 'conflict', 'version', 'op') AS field, concat('version ', toString(version)) AS detail, toString(partner) AS partner, ref,
    CAST(NULL, 'Nullable(UInt32)') AS bytes, CAST(NULL, 'Nullable(UInt32)') AS quarantine_partition,
    CAST(NULL, 'Nullable(UInt64)') AS quarantine_offset, toUInt64(1) AS rejections,
    if((topic, kafka_partition, kafka_offset) IN (
        SELECT topic, of_partition, of_offset FROM {store}.decisions WHERE verdict = 'discard'), 'discarded', 'waiting') AS state,
    '' AS why
FROM {store}.outcomes_{record_type}
WHERE outcome IN ('conflict', 'orphan')
