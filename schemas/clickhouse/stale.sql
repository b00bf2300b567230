SELECT DISTINCT p.record_type AS record_type
FROM {store}.positions AS p FINAL
LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = p.record_type
WHERE p.next_offset > r.watermark[concat(p.topic, '/', toString(p.kafka_partition))]
ORDER BY record_type
