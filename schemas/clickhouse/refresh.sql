-- Measures of the record types that were prepared and not yet refreshed, of those that look back or of the others (half of the planning
-- is for the look-backs): all periods that what is new can have changed, in one pass.
-- Refreshed when there is something new (stale.sql); the timer is only a backstop. The watermark is that of the preparation, which has
-- put what every message below it contributes into `contributions`. computed_at always rises, also when the clock of the machine does
-- not. What a refresh was made of stays, as a row of its own (shown): a number as it was known at any time is computed from it again. Numbers and watermarks of a refresh are one block, so one part: readers see all of a refresh or nothing of it. What it
-- was made of stands beside every period, so that whoever asks for one period reads no other; cells_at beside it says which cells of
-- the period hold, those of this refresh or those of an earlier one.
CREATE MATERIALIZED VIEW {view}
REFRESH EVERY 1 HOUR APPEND TO {store}.measure_cells EMPTY AS
WITH
    (
        SELECT groupArray((record_type, made_by, periods, quarters, fulls, watermark, notices_at, definitions, notices, prepared_at))
        FROM {store}.prepared_newest
        WHERE (record_type, prepared_at) NOT IN (SELECT record_type, prepared_at FROM {store}.newest_refreshes)
            AND record_type {which} (SELECT record_type FROM {store}.definitions_in_force WHERE months_looked_back > 0)
    ) AS wanted,
    ({limits}) AS limits,
{looked_at}    ({return_states}) AS return_states,
    (SELECT groupArray(id) FROM {store}.periods) AS kept_periods,
    (SELECT greatest(now64(6, 'UTC'), max(computed_at) + INTERVAL 1 MICROSECOND) FROM {store}.newest_refreshes) AS this_refresh
SELECT
    record_type, measure, period_id AS period, level, key, n, this_refresh AS computed_at,
    CAST(map(), 'Map(String, UInt64)') AS watermark, '' AS definitions, approximate, up_to, returned, returns, missing,
    toDateTime64(0, 6, 'UTC') AS cells_at, CAST(map(), 'Map(Date32, UInt64)') AS notices, toDateTime64(0, 6, 'UTC') AS prepared_at,
    CAST([], 'Array(Tuple(feed String, partner String, quarter Date32, return_ref String))') AS fulls,
    toDateTime64(0, 6, 'UTC') AS notices_at
FROM
(
{cells}
)
UNION ALL
SELECT
    each.record_type, '', each.period, 'refresh', '', 0., this_refresh, each.watermark, each.definitions, false, false, 0, '',
    CAST([], 'Array(String)'), if(each.is_computed, this_refresh, before.cells_at), each.notices, each.prepared_at,
    [], toDateTime64(0, 6, 'UTC')
FROM
(
    SELECT
        w.1 AS record_type, w.6 AS watermark, w.8 AS definitions, w.9 AS notices, w.10 AS prepared_at,
        arrayJoin(arrayPushFront(kept_periods, '')) AS period, has(w.3.1, period) AS is_computed
    FROM (SELECT arrayJoin(wanted) AS w)
) AS each
LEFT JOIN
(
    SELECT toString(record_type) AS record_type, period, cells_at
    FROM {store}.measure_cells FINAL
    WHERE measure = '' AND level = 'refresh'
) AS before ON before.record_type = each.record_type AND before.period = each.period
UNION ALL
SELECT
    w.1, '', '', 'shown', toString(this_refresh), 0., this_refresh, w.6, w.8, false, false, 0, '', CAST([], 'Array(String)'),
    toDateTime64(0, 6, 'UTC'), w.9, w.10, w.5, w.7
FROM (SELECT arrayJoin(wanted) AS w)
WHERE w.2 != ''
-- Smaller blocks and earlier parting of what is grouped halve the memory of a refresh, which is most of what a worker's engine needs.
SETTINGS max_block_size = 16384, group_by_two_level_threshold = 10000
