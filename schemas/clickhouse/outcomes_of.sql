-- What became of the messages of one record type that are in {stretches}, by topic: read from the versions of their records only.
WITH
    examined AS
    (
        SELECT topic, kafka_partition, kafka_offset, feed, partner, ref
        FROM {store}.arrivals
        WHERE record_type = '{record_type}' AND ({stretches})
    )
SELECT
    topic,
    count() AS examined,
    countIf(outcome = 'duplicate') AS duplicate,
    countIf(outcome = 'conflict') AS conflict,
    countIf(outcome = 'orphan') AS orphan
FROM
(
{outcomes}
)
WHERE (topic, kafka_partition, kafka_offset) IN (SELECT topic, kafka_partition, kafka_offset FROM examined)
GROUP BY topic
