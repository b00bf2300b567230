-- The cells of all record types for dates that are not kept ({each} is a select per record type of {record_types}), and beside them one row per
-- record type with its positions. Those are a scalar, which is computed before the records are read, so every record
-- below the watermark is in.
(
WITH
    now64(6, 'UTC') AS computed_now,
    (
        SELECT groupArray((record_type, positions))
        FROM
        (
            SELECT
                record_type,
                mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(next_offset)) AS positions
            FROM {store}.positions FINAL
            GROUP BY record_type
        )
    ) AS positions_now
SELECT record_type, measure, period, level, key, n, computed_at, watermark
FROM
(
{each}
UNION ALL
SELECT name, '', '', 'refresh', '', 0., computed_now, arrayFirst(of_type -> of_type.1 = name, positions_now).2
FROM (SELECT arrayJoin({record_types}) AS name)
)
)
