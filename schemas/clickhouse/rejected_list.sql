SELECT
    topic, kafka_partition, kafka_offset, toUnixTimestamp64Milli(kafka_time) AS kafka_time_ms, feed, stage, reason, field,
    detail, partner, ref, bytes, quarantine_partition, quarantine_offset
FROM {store}.rejected FINAL
WHERE ({id:String} = '' OR concat(topic, '/', toString(kafka_partition), '/', toString(kafka_offset)) = {id:String})
    AND ({feed:String} = '' OR feed = {feed:String})
    AND ({reason:String} = '' OR reason = {reason:String})
ORDER BY kafka_time DESC, topic, kafka_partition, kafka_offset DESC
LIMIT {limit:UInt32}
