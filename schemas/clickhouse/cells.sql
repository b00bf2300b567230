-- The cells of the record types and periods that are `wanted` (rows.sql): one number per measure, period and breakdown, and beside it
-- what its partners have returned.
--
-- n = the amounts added, plus the distinct identities (G4, G5): a contribution has one or the other. In which periods it counts, counts_in.sql
-- says. Contributions of one day, ward, partner and identity are added before they are spread over periods. An unknown ward counts in the borough, not in a ward (G10). Areas
-- that are ranked are counted over all partners, and for each partner under `partner area`. {level}, {key}, {level_sets}, {ward}: which breakdowns
-- there are (Levels in cells.rs).
-- up_to (G5): the same person may be in it twice, under the pseudonyms of two partners or in the headcounts of two quarters.
--
-- What the partners have returned (return_states.sql) of a period is what they have returned of its quarters; of a measure of the last day,
-- of the quarter that this day is in.
SELECT
    record_type, measure, period_id, level, key, number AS n, is_approximate AS approximate, is_up_to AS up_to,
    partners AS returned, state_of_all AS returns, missing_of AS missing
FROM
(
    SELECT record_type, arrayJoin(measures) AS measure, period_id, level, key, partners, state_of_all, missing_of
    FROM
    (
        SELECT
            record_type, measures_alike AS measures, period.1 AS period_id,
            if(grouping(partner) = 0, 'partner', 'total') AS level,
            if(level = 'partner', partner, '') AS key,
            sum(arrayExists(q -> q.2 IN ('returned', 'nil', 'conflict'), inside)) AS partners,
            multiIf(
                max(arrayExists(q -> q.2 = 'conflict', inside)), 'conflict',
                min(arrayAll(q -> q.2 = 'not_applicable', inside)), 'not_applicable',
                NOT max(arrayExists(q -> q.2 IN ('returned', 'nil'), inside)), 'not_returned',
                NOT max(arrayExists(q -> q.2 = 'returned', inside)), 'nil',
                'returned') AS state_of_all,
            arraySort(groupArrayArray(arrayMap(
                q -> concat(partner, ' ', q.3), arrayFilter(q -> q.2 = 'missing', inside)))) AS missing_of
        FROM
        (
            SELECT
                record_type, measures_alike, partner, period,
                arrayFilter(q -> if(is_at_end, period.3, period.2) < addMonths(q.1, 3) AND period.3 >= q.1, quarters) AS inside
            FROM
            (
                SELECT s.1 AS record_type, s.2 AS measures_alike, s.3 AS is_at_end, s.4 AS partner, s.5 AS quarters
                FROM (SELECT arrayJoin(return_states) AS s)
            ) AS judged
            INNER JOIN
            (
                SELECT w.1 AS record_type, arrayJoin(w.3) AS period FROM (SELECT arrayJoin({wanted}) AS w)
            ) AS spread USING (record_type)
        )
        GROUP BY GROUPING SETS ((record_type, measures_alike, period), (record_type, measures_alike, period, partner))
    )
) AS states
FULL OUTER JOIN
(
    SELECT
        counted.record_type AS record_type, measure, named.period AS period_id, level, key, number, is_approximate,
        is_in_pairs OR (is_tallied AND named.quarters > 1) AS is_up_to
    FROM
    (
        SELECT
            record_type, measure, place_of_period,
            {level} AS level,
            {key} AS key,
            sum(amount_of_all) + uniqExactIf(identity, identity != '') AS number,
            max(any_approximate) AS is_approximate,
            uniqExactIf(partner, position(identity, ' ') > 0) > 1 AS is_in_pairs, max(any_tallied) AS is_tallied
        FROM
        (
            SELECT
                record_type, m.measure AS measure, m.since AS since, m.until AS until, m.counts AS counts, {ward}partner, m.place AS place,
                m.identity AS identity, sum(m.amount) AS amount_of_all, max(m.approximate) AS any_approximate, max(m.tallied) AS any_tallied
            FROM
            (
{rows}
            )
            ARRAY JOIN made AS m
            WHERE {counts}
            GROUP BY record_type, measure, since, until, counts, {ward}partner, place, identity
        ) AS summed
        INNER JOIN
        (
            SELECT w.1 AS record_type, w.3.2 AS firsts, w.3.3 AS lasts, arrayEnumerate(w.3) AS places FROM (SELECT arrayJoin({wanted}) AS w)
        ) AS spread USING (record_type)
        ANY LEFT JOIN
        (
{not_returned}
        ) AS silent USING (record_type, measure, partner)
        ARRAY JOIN arrayFilter((place, first, last) -> {counts_in}, places, firsts, lasts) AS place_of_period
        GROUP BY GROUPING SETS ({level_sets})
        HAVING NOT (level IN ('ward', 'area') AND key = '')
    ) AS counted
    INNER JOIN
    (
        SELECT record_type, each.2 AS place, (each.1).1 AS period, dateDiff('quarter', (each.1).2, (each.1).3) + 1 AS quarters
        FROM
        (
            SELECT w.1 AS record_type, arrayJoin(arrayZip(w.3, arrayEnumerate(w.3))) AS each FROM (SELECT arrayJoin({wanted}) AS w)
        )
    ) AS named ON named.record_type = counted.record_type AND named.place = counted.place_of_period
) AS numbers USING (record_type, measure, period_id, level, key)
