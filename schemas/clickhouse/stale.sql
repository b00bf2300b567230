-- Record types with rows that their newest refresh has not seen, or whose definitions are others than it was made with.
SELECT DISTINCT p.record_type AS record_type
FROM {store}.positions AS p FINAL
LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = p.record_type
LEFT JOIN {store}.definitions_in_force AS d ON d.record_type = p.record_type
WHERE p.next_offset > r.watermark[concat(p.topic, '/', toString(p.kafka_partition))] OR r.definitions != d.hash
ORDER BY record_type
