-- The measures of one record type, all periods in one pass. Refreshed when its positions have moved, or return notices have been
-- refreshed; the timer is only a backstop. The watermark is read before the records, and positions are written after them: so every record below the
-- watermark is in. computed_at always rises, also when the clock of the machine does not. Numbers and watermark of a refresh
-- are one block, so one part: readers see all of a refresh or nothing of it. What it was made of stands beside every period, so that
-- whoever asks for one period reads no other.
CREATE MATERIALIZED VIEW IF NOT EXISTS {view}
REFRESH EVERY 1 HOUR APPEND TO {store}.measure_cells EMPTY AS
WITH
    (SELECT groupArray((id, first, last)) FROM {store}.periods) AS kept_periods,
    (
        SELECT mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(next_offset))
        FROM {store}.positions FINAL
        WHERE record_type = '{record_type}'
    ) AS positions_of_records,
    (SELECT argMax(watermark, computed_at) FROM {store}.notices_kept WHERE partner = '') AS positions_of_notices,
    mapUpdate(positions_of_records, positions_of_notices) AS positions_now,
    (
        SELECT greatest(now64(6, 'UTC'), max(computed_at) + INTERVAL 1 MICROSECOND)
        FROM {store}.newest_refreshes
        WHERE record_type = '{record_type}'
    ) AS this_refresh,
    (SELECT max(hash) FROM {store}.definitions_in_force WHERE record_type = '{record_type}') AS definitions_now
SELECT
    '{record_type}' AS record_type,
    measure,
    period_id AS period,
    level,
    key,
    n,
    this_refresh AS computed_at,
    if(level = 'refresh', positions_now, map()) AS watermark,
    if(level = 'refresh', definitions_now, '') AS definitions,
    approximate, up_to, returned, returns, missing
FROM
(
    SELECT measure, period_id, level, key, n, approximate, up_to, returned, returns, missing
    FROM
    (
{cells}
    )
    UNION ALL
    SELECT '', arrayJoin(arrayPushFront(kept_periods.1, '')), 'refresh', '', 0., false, false, 0, '', CAST([], 'Array(String)')
)
