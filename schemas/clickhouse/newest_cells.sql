-- The cells that hold: those that the newest refresh of their record type and period names. Read once, so that all of them are of one
-- refresh or of another. {which}: a condition on cells.
SELECT record_type, measure, period, level, key, n, computed_at, watermark, approximate, up_to, returned, returns, missing
FROM
(
    SELECT *, maxIf(cells_at, level = 'refresh') OVER (PARTITION BY record_type, period) AS newest
    FROM {store}.measure_cells FINAL
    WHERE level != 'shown' AND ({which})
)
WHERE level = 'refresh' OR computed_at = newest
