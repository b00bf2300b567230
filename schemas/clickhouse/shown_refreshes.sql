-- The refreshes that were shown after {since}, each with the hash of the files that were in force when it began.
SELECT s.record_type AS record_type, toString(s.shown_at) AS shown_at, s.watermark AS watermark, s.definitions AS definitions, c.hash AS contents
FROM
(
    SELECT 1 AS one, toString(record_type) AS record_type, computed_at AS shown_at, watermark, definitions
    FROM {store}.measure_cells FINAL
    WHERE measure = '' AND period = '' AND level = 'shown'
        AND computed_at > if({since:String} = '', toDateTime64(0, 6, 'UTC'), toDateTime64({since:String}, 6, 'UTC'))
) AS s
ASOF LEFT JOIN
(
    SELECT DISTINCT 1 AS one, hash, installed_at FROM {store}.contents_kept
) AS c ON c.one = s.one AND c.installed_at <= s.shown_at
ORDER BY s.shown_at, record_type
