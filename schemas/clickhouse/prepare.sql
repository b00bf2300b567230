-- Notes what the refresh of some record types has to do. {asked}: an array of (record type, watermark, made_by, hash of the definitions)
-- of the preparation {stamp}. What was placed by definitions that are no longer in force, or while a migration began, is left to the next; and a worker that slept while
-- others went on does not take them back.
-- The periods to compute again are those that its records have to do with, or a notice that is new or another; where records
-- look back, those of all records that may follow them within the months, whoever these are about; and all, if definitions
-- or periods are others, or FULL returns, which take records of any quarter out of the count.
INSERT INTO {store}.prepared (record_type, prepared_at, watermark, made_by, definitions, periods, quarters, notices, fulls, notices_at)
WITH
    (
        SELECT CAST((groupArrayArray(mapKeys(each.2)), groupArrayArray(mapValues(each.2))), 'Map(String, UInt64)')
        FROM (SELECT arrayJoin({asked}) AS each)
    ) AS limits,
    (SELECT max(computed_at) FROM {store}.notices_kept) AS notices_now,
    (
        SELECT groupArray((
            a.record_type, a.watermark, d.made_by, d.months_looked_back,
            concat(d.made_by, ' ', d.hash, ' ', if(empty(f.fulls), '', hex(sipHash64(f.fulls)))),
            r.definitions,
            arrayConcat(s.spans, arrayMap(q -> (q, addMonths(q, 3) - 1), arrayFilter(
                q -> n.hashes[q] != r.notices[q], arrayDistinct(arrayConcat(mapKeys(n.hashes), mapKeys(r.notices)))))),
            n.hashes, f.fulls))
        FROM
        (
            SELECT arrayJoin({asked}) AS each, each.1 AS record_type, each.2 AS watermark, each.3 AS made_by, each.4 AS hash
        ) AS a
        LEFT JOIN {store}.definitions_in_force AS d ON d.record_type = a.record_type
        LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = a.record_type
        LEFT JOIN
        (
{hashes_now}
        ) AS n ON n.record_type = a.record_type
        LEFT JOIN
        (
            SELECT toString(record_type) AS record_type, groupArray((since, until)) AS spans
            FROM {store}.dirty
            WHERE stamp = {stamp}
            GROUP BY record_type
        ) AS s ON s.record_type = a.record_type
        LEFT JOIN
        (
            SELECT record_type, arraySort(groupArray((feed, partner, quarter, return_ref))) AS fulls
            FROM
            (
{full_returns}
            )
            GROUP BY record_type
        ) AS f ON f.record_type = a.record_type
        LEFT JOIN {store}.prepared_newest AS p ON p.record_type = a.record_type
        WHERE NOT arrayExists(place -> p.watermark[place] > a.watermark[place], mapKeys(a.watermark)) AND a.made_by = d.made_by AND a.hash = d.hash AND NOT (SELECT argMax(is_under_way, at) FROM {store}.migrations)
            AND NOT (SELECT argMax(until, at) > now64(6, 'UTC') FROM {store}.holds)
    ) AS looked_up,
    (
        SELECT groupArray((record_type, first, last))
        FROM
        (
            SELECT DISTINCT
                toString(record_type) AS record_type, arrayJoin(quarters) AS q,
                q AS first, if(q = toDate32('1900-01-01'), toDate32('2299-12-31'), addMonths(q, 3) - 1) AS last
            FROM {store}.contributions
            WHERE notEmpty(follows) AND (record_type, made_by, quarter) IN (
                SELECT
                    l.1, l.3,
                    arrayJoin(arrayMap(
                        n -> toDate32(addMonths(makeDate32(toYear(span.1), intDiv(toMonth(span.1) - 1, 3) * 3 + 1, 1), 3 * n)),
                        range(toUInt32(dateDiff('quarter', span.1, addMonths(least(span.2, toDate32('2200-01-01')), l.4)) + 1))))
                FROM (SELECT arrayJoin(looked_up) AS l, arrayJoin(l.7) AS span WHERE l.4 > 0))
        )
    ) AS following,
    (SELECT groupArray((id, first, last)) FROM {store}.periods) AS kept_periods,
    (SELECT any(watermark) FROM {store}.notices_kept WHERE partner = '' AND computed_at = notices_now) AS watermark_of_notices,
    (SELECT max(prepared_at) FROM {store}.prepared) AS newest
SELECT
    l.1 AS record_type,
    greatest(now64(6, 'UTC'), newest + INTERVAL 1 MICROSECOND) AS prepared_at,
    mapUpdate(l.2, watermark_of_notices) AS watermark,
    l.3 AS made_by,
    l.5 AS definitions,
    arrayFilter(
        p -> l.5 != l.6 OR arrayExists(s -> s.1 <= p.3 AND s.2 >= p.2, l.7)
            OR arrayExists(f -> f.1 = l.1 AND f.2 <= p.3 AND f.3 >= p.2, following),
        kept_periods) AS periods,
    {quarters_of_periods} AS quarters,
    l.8 AS notices,
    l.9 AS fulls,
    notices_now AS notices_at
FROM (SELECT arrayJoin(looked_up) AS l)
