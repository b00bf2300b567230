-- Which record each accepted message is about of a partition that the store's position does not cover: ClickHouse was cut off between a row and
-- its arrival. What is noted already is noted again, which changes nothing.
INSERT INTO {store}.arrivals
SELECT {record_type:String}, topic, kafka_partition, kafka_offset, feed, partner, ref
FROM {log}
WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32} AND kafka_offset >= {next:UInt64}
