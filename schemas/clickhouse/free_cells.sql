-- The cells of one record type for dates that are not kept, with the positions that they are made of: those are scalars, which are
-- computed before the records are read, so every record below the watermark is in.
CREATE OR REPLACE VIEW {view} AS
WITH
    now64(6, 'UTC') AS computed_now,
    (
        SELECT mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(next_offset))
        FROM {store}.positions FINAL
        WHERE record_type = '{record_type}'
    ) AS positions_of_records,
    (SELECT argMax(watermark, computed_at) FROM {store}.notices_kept WHERE partner = '') AS positions_of_notices
SELECT
    '{record_type}' AS record_type, measure, period_id AS period, level, key, n, computed_now AS computed_at,
    if(level = 'refresh', mapUpdate(positions_of_records, positions_of_notices), map()) AS watermark,
    approximate, up_to, returned, returns, missing
FROM
(
    SELECT measure, period_id, level, key, n, approximate, up_to, returned, returns, missing
    FROM
    (
{cells}
    )
    UNION ALL
    SELECT
        '', concat(toString({first:Date32}), '..', toString({last:Date32})), 'refresh', '', 0., false, false, 0, '',
        CAST([], 'Array(String)')
)
