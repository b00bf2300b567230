-- How many messages of a topic are in quarantine and how many have warnings, from these offsets of its partitions on; from the first
-- message of partitions that are not named.
WITH CAST(map({since}), 'Map(UInt32, UInt64)') AS since
SELECT
    (
        SELECT count() FROM {store}.rejected FINAL WHERE topic = {topic:String} AND kafka_offset >= since[kafka_partition]
    ) AS rejected,
    (
        SELECT uniqExact(kafka_partition, kafka_offset) FROM {store}.warnings
        WHERE topic = {topic:String} AND kafka_offset >= since[kafka_partition]
    ) AS warned
