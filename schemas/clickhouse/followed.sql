-- Which records follow an earlier one about the same person, for which measure (domain.md P1.02c, R35). Of all earlier records the newest
-- is the only one that need be looked at: if it lies too far back, so do the others. They are looked for as far back as the
-- records that are read can reach.
SELECT later.record_type, later.feed, later.partner, later.ref, later.measure
FROM
(
    SELECT
        record_type, feed, partner, ref, f.measure AS measure, f.key AS key, f.counted_from AS counted_from, f.months AS months,
        f.moment AS moment
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
