-- Offsets that had an outcome in {before} and have no message in {store}, which was derived later: what compaction or an erasure took
-- out of the middle of the log, or is damaged by now. One row for each run of them, with the gap that it is in.
SELECT
    topic, toInt32(kafka_partition) AS partition, toInt64(min(kafka_offset)) AS first, toInt64(max(kafka_offset) + 1) AS next,
    kind, toInt64(gap_first) AS gap_first, toInt64(gap_next) AS gap_next
FROM
(
    SELECT
        topic, kafka_partition, kafka_offset, kind, first_offset AS gap_first, next_offset AS gap_next,
        kafka_offset - row_number() OVER (PARTITION BY topic, kafka_partition, gap_first ORDER BY kafka_offset) AS run
    FROM
    (
        SELECT DISTINCT o.topic AS topic, o.kafka_partition AS kafka_partition, o.kafka_offset AS kafka_offset,
            g.kind AS kind, g.first_offset AS first_offset, g.next_offset AS next_offset
        FROM
        (
            SELECT toString(topic) AS topic, kafka_partition, kafka_offset FROM {before}.arrivals
            WHERE (toString(topic), kafka_partition) IN (SELECT toString(topic), kafka_partition FROM {store}.gaps)
            UNION ALL
            SELECT toString(topic), kafka_partition, kafka_offset FROM {before}.rejected
            WHERE (toString(topic), kafka_partition) IN (SELECT toString(topic), kafka_partition FROM {store}.gaps)
        ) AS o
        ASOF INNER JOIN
        (
            SELECT toString(topic) AS topic, kafka_partition, toString(kind) AS kind, first_offset, next_offset
            FROM {store}.gaps FINAL
        ) AS g ON g.topic = o.topic AND g.kafka_partition = o.kafka_partition AND o.kafka_offset >= g.first_offset
        WHERE o.kafka_offset < g.next_offset
    )
)
GROUP BY topic, kafka_partition, kind, gap_first, gap_next, run
ORDER BY topic, partition, first
