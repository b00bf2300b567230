-- Which record each message of one type is about.
CREATE MATERIALIZED VIEW IF NOT EXISTS {keep_arrivals} TO {store}.arrivals AS
SELECT '{record_type}' AS record_type, topic, kafka_partition, kafka_offset, feed, partner, ref
FROM {log}
