SELECT
    '{record_type}' AS record_type, measure, period_id AS period, level, key, n, computed_now AS computed_at,
    CAST(map(), 'Map(String, UInt64)') AS watermark, approximate, up_to, returned, returns, missing
FROM
(
{cells}
)
