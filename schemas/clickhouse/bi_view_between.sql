-- The views for readers of dates that are not kept, as of now or as known at an instant. All in one: ClickHouse plans a view with parameters several times, and those within
-- it several times each.
SELECT
    id, title, period, first, last, value, numerator, denominator, delta, percent, unit, status, coverage, approximate, up_to, missing, role,
    definition_version, definition_hash, watermark, computed_at
FROM
(
{free_rows}
)
WHERE level = 'total'
ORDER BY position
