-- Messages that were rejected and did not go to the topic `quarantine`.
SELECT
    topic, kafka_partition, kafka_offset, toUnixTimestamp64Milli(kafka_time) AS kafka_time_ms, toString(feed) AS feed, toString(stage) AS stage,
    toString(reason) AS reason, toString(field) AS field, detail, toString(partner) AS partner, ref AS reference, bytes,
    quarantine_partition, quarantine_offset
FROM {store}.rejected FINAL
WHERE quarantine_partition = {partition:Int32}
ORDER BY topic, kafka_partition, kafka_offset
LIMIT {limit:UInt32}
