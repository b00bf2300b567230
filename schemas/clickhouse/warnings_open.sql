-- Records of one type whose newest version a check of severity warning remarks on. A version that mends it takes the warning away;
-- withdrawn records have none.
SELECT
    feed, warning AS check, partner, ref, version, topic, kafka_partition, kafka_offset,
    toUnixTimestamp64Milli(kafka_time) AS kafka_time_ms
FROM
(
    SELECT
        partner, ref, newest.1 AS version, newest.2 AS op, newest.3 AS topic, newest.4 AS kafka_partition, newest.5 AS kafka_offset,
        newest.6 AS kafka_time
    FROM
    (
        SELECT partner, ref, argMax((version, op, topic, kafka_partition, kafka_offset, kafka_time), version_rank) AS newest
        FROM {log}
        WHERE (feed, partner, ref) IN (
            SELECT feed, partner, ref
            FROM {store}.arrivals
            WHERE record_type = '{record_type}' AND (topic, kafka_partition, kafka_offset) IN (
                SELECT topic, kafka_partition, kafka_offset FROM {store}.warnings WHERE {wanted}))
        GROUP BY feed, partner, ref
    )
) AS records
INNER JOIN
(
    SELECT DISTINCT feed, warning, topic, kafka_partition, kafka_offset FROM {store}.warnings WHERE {wanted}
) AS warned USING (topic, kafka_partition, kafka_offset)
WHERE op != 'WITHDRAW'
