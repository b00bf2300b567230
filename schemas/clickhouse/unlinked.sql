-- Accepted messages of one record type that do not count: another message with the same version came first (conflict), or the record
-- was never submitted (orphan).
SELECT
    toString(o.topic) AS topic, kafka_partition, kafka_offset, kafka_time, toString(feed) AS feed, 'log' AS stage, outcome AS reason,
    if(outcome = 'conflict', 'version', 'op') AS field, concat('version ', toString(version)) AS detail, toString(partner) AS partner, ref,
    CAST(NULL, 'Nullable(UInt32)') AS bytes, CAST(NULL, 'Nullable(UInt32)') AS quarantine_partition,
    CAST(NULL, 'Nullable(UInt64)') AS quarantine_offset, toUInt64(1) AS rejections,
    if(d.topic != '', 'discarded', 'waiting') AS state, toString(d.why) AS why
FROM {store}.outcomes_{record_type} AS o
LEFT ANY JOIN
(
    SELECT topic, of_partition, of_offset, why FROM {store}.decisions WHERE verdict = 'discard'
) AS d ON d.topic = o.topic AND d.of_partition = o.kafka_partition AND d.of_offset = o.kafka_offset
WHERE outcome IN ('conflict', 'orphan')
