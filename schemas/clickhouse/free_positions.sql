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
    ) AS positions_now,
    (SELECT argMax(watermark, computed_at) FROM {store}.notices_kept WHERE partner = '') AS positions_of_notices
SELECT record_type, measure, period, level, key, n, computed_at, watermark, approximate, up_to, returned, returns, missing
FROM
(
{each}
UNION ALL
SELECT name, '', concat(toString({first:Date32}), '..', toString({last:Date32})), 'refresh', '', 0., computed_now, mapUpdate(arrayFirst(of_type -> of_type.1 = name, positions_now).2, positions_of_notices),
    false, false, 0, '', CAST([], 'Array(String)')
FROM (SELECT arrayJoin({record_types}) AS name)
)
)
