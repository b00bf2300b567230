SELECT
    topic, kafka_partition, kafka_offset, toUnixTimestamp64Milli(kafka_time) AS kafka_time_ms, feed, stage, reason, field,
    detail, partner, ref, bytes, quarantine_partition, quarantine_offset, rejections, state, why
FROM
(
{waiting}
)
ORDER BY kafka_time DESC, topic, kafka_partition, kafka_offset DESC
LIMIT {limit:UInt32}
