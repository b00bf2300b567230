-- Accepted messages of a partition that the store's position does not cover: a worker was cut off between its insert and its note of
-- the position.
SELECT DISTINCT kafka_offset
FROM {log}
WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32} AND kafka_offset >= {next:UInt64}
ORDER BY kafka_offset
