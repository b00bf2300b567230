-- The refreshes that readers were shown after {since}, each with the hash of the files that were in force when it began. Of those that were made
-- before readers saw this store they saw the newest, from then on; and none that was made after another store took its place.
WITH
    (SELECT max(noted_at) FROM {stores}.stores WHERE state = 'in force' AND name = '{store}') AS in_force_since,
    (SELECT min(noted_at) FROM {stores}.stores WHERE state = 'in force' AND name != '{store}' AND noted_at > in_force_since) AS replaced_at
SELECT s.record_type AS record_type, toString(s.shown_at) AS shown_at, s.watermark AS watermark, s.definitions AS definitions, c.hash AS contents
FROM
(
    SELECT
        1 AS one, toString(record_type) AS record_type, greatest(computed_at, in_force_since) AS shown_at,
        argMax(watermark, computed_at) AS watermark, argMax(definitions, computed_at) AS definitions
    FROM {store}.measure_cells FINAL
    WHERE measure = '' AND period = '' AND level = 'shown'
        AND greatest(computed_at, in_force_since) > if({since:String} = '', toDateTime64(0, 6, 'UTC'), toDateTime64({since:String}, 6, 'UTC'))
        AND (replaced_at <= in_force_since OR computed_at < replaced_at)
    GROUP BY record_type, shown_at
) AS s
ASOF LEFT JOIN
(
    SELECT DISTINCT 1 AS one, hash, installed_at FROM {store}.contents_kept
) AS c ON c.one = s.one AND c.installed_at <= s.shown_at
ORDER BY s.shown_at, record_type
