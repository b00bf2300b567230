-- `wanted`, with the quarters in which earlier records matter instead of those that are read.
SELECT groupArray((
    w.1, w.2, w.3,
    arrayMap(
        n -> toDate32(addMonths(makeDate32(toYear(reach.first), intDiv(toMonth(reach.first) - 1, 3) * 3 + 1, 1), 3 * n)),
        range(toUInt32(dateDiff('quarter', reach.first, reach.last) + 1))),
    w.5, w.6, w.7))
FROM (SELECT arrayJoin({wanted}) AS w, w.1 AS record_type) AS wanted_types
INNER JOIN
(
    SELECT record_type, min(addMonths(f.counted_from, -f.months)) AS first, max(f.counted_from) AS last
    FROM {store}.contributions
    ARRAY JOIN follows AS f
    WHERE (record_type, made_by, quarter) IN (
        SELECT w.1, w.2, arrayJoin(arrayPushFront(w.4, toDate32('1900-01-01'))) FROM (SELECT arrayJoin({wanted}) AS w))
    GROUP BY record_type
) AS reach ON reach.record_type = wanted_types.record_type
