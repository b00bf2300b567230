-- Accepted messages of a partition that the store's position does not cover: a worker was cut off between its insert and its note of
-- the position. Whether all that belongs to the row is there: ClickHouse may have been cut off between the row and its arrival.
SELECT kafka_offset, toBool(kafka_offset IN (
    SELECT kafka_offset FROM {store}.arrivals
    WHERE record_type = {record_type:String} AND topic = {topic:String} AND kafka_partition = {partition:UInt32}
        AND kafka_offset >= {next:UInt64})) AS is_whole
FROM {log}
WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32} AND kafka_offset >= {next:UInt64}
GROUP BY kafka_offset
ORDER BY kafka_offset
