-- Which records follow an earlier one about the same person, for which measure (domain.md P1.02c, R35). Of all earlier records the newest
-- is the only one that need be looked at: if it lies too far back, so do the others. They are looked for as far back as the
-- records that are read can reach. By a hash, because a set of names is slow to look into.
SELECT sipHash64(later.record_hash, later.measure)
FROM
(
    SELECT
        record_hash, f.measure AS measure, f.key AS key, f.counted_from AS counted_from, f.months AS months, f.moment AS moment
    FROM
    (
{rows}
    )
    ARRAY JOIN follows AS f
) AS later
ASOF INNER JOIN
(
    SELECT p.measure AS measure, p.key AS key, p.day AS day, p.moment AS moment
    FROM
    (
{earlier_rows}
    )
    ARRAY JOIN precedes AS p
) AS earlier
ON later.measure = earlier.measure AND later.key = earlier.key AND later.moment > earlier.moment
WHERE later.counted_from <= addMonths(earlier.day, later.months)
