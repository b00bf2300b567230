-- Ranges of offsets of one partition below the store's position that have no outcome. {log}: the version log of its record type.
SELECT toInt64(reached) AS first, toInt64(since) AS next
FROM
(
    SELECT
        since, until,
        max(until) OVER (ORDER BY since, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM
    (
        SELECT kafka_offset AS since, kafka_offset + 1 AS until
        FROM {log}
        WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32}
        UNION ALL
        SELECT kafka_offset, kafka_offset + 1
        FROM {store}.rejected
        WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32}
        UNION ALL
        SELECT first_offset, next_offset
        FROM {store}.gaps
        WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32}
        UNION ALL
        SELECT next_offset, next_offset
        FROM {store}.positions FINAL
        WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32}
    )
)
WHERE since > reached AND reached < (
    SELECT max(next_offset) FROM {store}.positions WHERE topic = {topic:String} AND kafka_partition = {partition:UInt32})
ORDER BY since
LIMIT 100
