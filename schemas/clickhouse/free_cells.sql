-- The cells of all record types for dates that no view keeps ({free_periods}, of which {free_shown} are shown), made of {made_of}: record type,
-- made_by, watermark, FULL returns, and when the notices were computed. What every message below the watermark contributes is in, and
-- nothing else.
WITH
{looked_at}    (
        SELECT groupArray((
            p.record_type, p.made_by,
            {free_periods} AS periods,
            {quarters_of_periods},
            p.fulls, p.watermark, p.notices_at, p.computed_at))
        FROM
        (
{made_of}
        ) AS p
    ) AS wanted,
    ({limits}) AS limits,
    ({return_states}) AS return_states
SELECT
    record_type, measure, period_id AS period, level, key, n, toDateTime64(0, 6, 'UTC') AS computed_at,
    CAST(map(), 'Map(String, UInt64)') AS watermark, approximate, up_to, returned, returns, missing
FROM
(
{cells}
)
UNION ALL
SELECT
    w.1, '', arrayJoin({free_shown}), 'refresh', '', 0., w.8, w.6, false, false, 0, '', CAST([], 'Array(String)')
FROM (SELECT arrayJoin(wanted) AS w)
