-- Which records of `changes` are earlier ones (domain.md P1.02c, R35) by which a later record counts otherwise in the period from {first} to
-- {last} than before: it follows one now and followed none, or the other way round. Of the records behind a number those count
-- here that their own quarter or measure does not lead to.
WITH
    (SELECT watermark FROM {store}.limits_before) AS before,
    (
        SELECT CAST((groupArrayArray(mapKeys(watermark)), groupArrayArray(mapValues(watermark))), 'Map(String, UInt64)')
        FROM {store}.prepared_newest
    ) AS limits,
    about_them AS
    (
        SELECT DISTINCT toString(p.measure) AS measure, p.key AS key
        FROM {store}.contributions
        ARRAY JOIN precedes AS p
        WHERE record_hash IN (SELECT record_hash FROM {store}.changes)
    ),
    -- Those about the same people, as they were before and as they are now.
    states AS
    (
        SELECT state, record_hash, argMax((in_period, follows, precedes), seen) AS newest
        FROM
        (
            SELECT
                record_hash, seen,
                arrayDistinct(arrayMap(
                    m -> toString(m.measure),
                    arrayFilter(
                        m -> m.looks_back AND ((m.since <= toDate32({last:String}) AND m.until >= toDate32({first:String}))
                            OR (m.since <= toDate32({previous_last:String}) AND m.until >= toDate32({previous_first:String})
                                AND toString(m.measure) IN (SELECT id FROM {store}.definitions WHERE basis = 'change' OR rank_of_change))),
                        made))) AS in_period,
                arrayMap(f -> (toString(f.1), f.2, f.3, f.4, f.5), follows) AS follows,
                arrayMap(p -> (toString(p.1), p.2, p.3, p.4), precedes) AS precedes,
                limits[toString(place)] > last_offset AND arrayAll(e -> limits[toString(e.1)] > e.2, elsewhere) AS is_known,
                before[toString(place)] > last_offset AND arrayAll(e -> before[toString(e.1)] > e.2, elsewhere) AS is_known_before,
                arrayJoin(arrayConcat(if(is_known_before, ['before'], []), if(is_known, ['now'], []))) AS state
            FROM {store}.contributions FINAL
            WHERE record_hash IN
            (
                SELECT record_hash
                FROM {store}.contributions
                ARRAY JOIN arrayConcat(arrayMap(f -> (toString(f.1), f.2), follows), arrayMap(p -> (toString(p.1), p.2), precedes)) AS about
                WHERE about IN (SELECT measure, key FROM about_them)
            )
        )
        GROUP BY state, record_hash
    ),
    pairs AS
    (
        SELECT later.state AS state, later.record_hash AS later, later.measure AS measure, earlier.record_hash AS earlier
        FROM
        (
            SELECT state, record_hash, f.1 AS measure, f.2 AS key, f.3 AS counted_from, f.4 AS moment, f.5 AS months
            FROM (SELECT state, record_hash, newest.1 AS in_period, newest.2 AS all_follows FROM states)
            ARRAY JOIN all_follows AS f
            WHERE has(in_period, measure)
        ) AS later
        INNER JOIN
        (
            SELECT state, record_hash, p.1 AS measure, p.2 AS key, p.3 AS day, p.4 AS moment
            FROM (SELECT state, record_hash, newest.3 AS all_precedes FROM states)
            ARRAY JOIN all_precedes AS p
        ) AS earlier
        ON earlier.state = later.state AND earlier.measure = later.measure AND earlier.key = later.key
        WHERE later.moment > earlier.moment AND later.counted_from <= addMonths(earlier.day, later.months)
    )
SELECT DISTINCT u.target AS measure, c.record_type AS record_type, c.feed AS feed, c.partner AS partner, c.ref AS ref, c.cause AS cause
FROM
(
    SELECT measure, arrayJoin(groupUniqArray(earlier)) AS earlier
    FROM pairs
    GROUP BY later, measure
    HAVING uniqExact(state) = 1
) AS behind
INNER JOIN {store}.changes AS c ON c.record_hash = behind.earlier
INNER JOIN
(
{made_of}
) AS u ON u.source = behind.measure
ORDER BY measure, cause, feed, partner, ref
