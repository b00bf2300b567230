-- The cells of all record types for any dates, made of {made_of}: record type, made_by, watermark, FULL returns, and when the notices
-- were computed. What every message below the watermark contributes is in, and nothing else.
WITH
{looked_at}    (
        SELECT groupArray((
            p.record_type, p.made_by,
            [(concat(toString({first:Date32}), '..', toString({last:Date32})), {first:Date32}, {last:Date32}),
                ('previous', {previous_first:Date32}, {previous_last:Date32})] AS periods,
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
    w.1, '', concat(toString({first:Date32}), '..', toString({last:Date32})), 'refresh', '', 0., w.8, w.6, false, false, 0,
    '', CAST([], 'Array(String)')
FROM (SELECT arrayJoin(wanted) AS w)
