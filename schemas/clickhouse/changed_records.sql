-- Which records of `changes` count otherwise in the period from {first} to {last} than before, for which measure: those that the measure
-- is made of too, and of comparisons those of the year before.
WITH
    (SELECT watermark FROM {store}.limits_before) AS before,
    (
        SELECT CAST((groupArrayArray(mapKeys(watermark)), groupArrayArray(mapValues(watermark))), 'Map(String, UInt64)')
        FROM {store}.prepared_newest
    ) AS limits
SELECT DISTINCT u.target AS measure, record_type, feed, partner, ref, cause
FROM
(
    SELECT
        record_type, feed, partner, ref, any(of_change.cause) AS cause,
        argMaxIf(entries, seen, is_known_before) AS entries_before, argMaxIf(entries, seen, is_known) AS entries_now,
        arrayJoin(arrayDistinct(arrayMap(e -> e.1, arrayConcat(entries_before, entries_now)))) AS source,
        arraySort(arrayFilter(e -> e.1 = source, entries_before)) != arraySort(arrayFilter(e -> e.1 = source, entries_now)) AS is_other
    FROM
    (
        SELECT
            toString(record_type) AS record_type, toString(feed) AS feed, toString(partner) AS partner, ref, record_hash, seen,
            arrayMap(
                m -> (toString(m.measure), m.since, m.until, m.amount, m.identity, toString(m.place), toString(ifNull(ward, ''))),
                arrayFilter(
                    m -> counts AND ((m.since <= toDate32({last:String}) AND m.until >= toDate32({first:String}))
                        OR (m.since <= toDate32({previous_last:String}) AND m.until >= toDate32({previous_first:String})
                            AND toString(m.measure) IN (SELECT id FROM {store}.definitions WHERE basis = 'change' OR rank_of_change))),
                    made)) AS entries,
            limits[toString(place)] > last_offset AND arrayAll(e -> limits[toString(e.1)] > e.2, elsewhere) AS is_known,
            before[toString(place)] > last_offset AND arrayAll(e -> before[toString(e.1)] > e.2, elsewhere) AS is_known_before
        FROM {store}.contributions FINAL
        WHERE record_hash IN (SELECT record_hash FROM {store}.changes)
    ) AS each
    INNER JOIN {store}.changes AS of_change ON of_change.record_hash = each.record_hash
    GROUP BY record_type, feed, partner, ref
) AS compared
INNER JOIN
(
{made_of}
) AS u ON u.source = compared.source
WHERE is_other
ORDER BY measure, cause, feed, partner, ref
