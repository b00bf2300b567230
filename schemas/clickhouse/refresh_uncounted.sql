-- Refreshes of record types of which nothing is counted: that their newest preparation is dealt with, up to its watermark (made_by is empty). Where other
-- record types are stale too, refresh.sql does the same with them in its one pass; by itself that would plan a large query for nothing.
CREATE MATERIALIZED VIEW {view}
REFRESH EVERY 1 HOUR APPEND TO {store}.measure_cells EMPTY AS
SELECT
    record_type, '' AS measure, '' AS period, 'refresh' AS level, '' AS key, 0. AS n,
    (SELECT greatest(now64(6, 'UTC'), max(computed_at) + INTERVAL 1 MICROSECOND) FROM {store}.newest_refreshes) AS computed_at,
    watermark, definitions, false AS approximate, false AS up_to, 0 AS returned, '' AS returns,
    CAST([], 'Array(String)') AS missing, toDateTime64(0, 6, 'UTC') AS cells_at, notices, prepared_at
FROM {store}.prepared_newest
WHERE (record_type, prepared_at) NOT IN (SELECT record_type, prepared_at FROM {store}.newest_refreshes)
    AND made_by = ''
