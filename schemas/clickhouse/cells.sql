-- The cells of the record types and periods that are `wanted` (rows.sql): one number per measure, period and breakdown, and beside it
-- what its partners have returned.
--
-- n = the amounts added, plus the distinct identities (G4, G5): a contribution has one or the other. It counts in the periods that its
-- span touches (counts = 0), on whose last day it is in force (1, G6), or that are its span (2). Contributions of one day, ward,
-- partner and identity are added before they are spread over periods. An unknown ward counts in the borough, not in a ward (G10). Areas
-- that are ranked are counted over all partners, and for each partner under `partner area`.
-- up_to (G5): the same person may be in it twice, under the pseudonyms of two partners or in the headcounts of two quarters.
--
-- The state of a measure for a partner and quarter (G9): by the newest notice that is about the whole feed or all of the measure's scope
-- codes, and by whether records of the quarter are there. It is found once for all measures of the same partners and scope codes.
SELECT
    record_type, measure, period_id, level, key, number AS n, is_approximate AS approximate, is_up_to AS up_to,
    partners AS returned, state_of_all AS returns, missing_of AS missing
FROM
(
    SELECT record_type, arrayJoin(measures) AS measure, period_id, level, key, partners, state_of_all, missing_of
    FROM
    (
        SELECT
            record_type, some_measure, any(measures_alike) AS measures, period.1 AS period_id,
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
                record_type, some_measure, measures_alike, partner, period,
                arrayFilter(q -> period.2 < addMonths(q.1, 3) AND period.3 >= q.1, quarters) AS inside
            FROM
            (
                SELECT
                    record_type, some_measure, any(measures_alike) AS measures_alike, partner,
                    groupArray((quarter, state, quarter_id)) AS quarters
                FROM
                (
                    SELECT
                        record_type, some_measure, measures_alike, partner, quarter,
                        arrayFirst(n -> empty(n.2) OR (notEmpty(scope) AND hasAll(n.2, scope)), told) AS notice,
                        multiIf(
                            notice.1 IN ('NIL', 'NOT_APPLICABLE') AND if(empty(notice.2), notEmpty(scopes), hasAny(scopes, notice.2)), 'conflict',
                            notice.1 = 'NIL', 'nil',
                            notice.1 = 'NOT_APPLICABLE', 'not_applicable',
                            notice.1 = 'RETURN' OR notEmpty(scopes), 'returned',
                            'missing') AS state,
                        addMonths(quarter, -3) AS in_year,
                        concat(toString(toYear(in_year)), '-', leftPad(toString((toYear(in_year) + 1) % 100), 2, '0'), '/Q',
                               toString(toQuarter(in_year))) AS quarter_id
                    FROM
                    (
                        SELECT
                            d.record_type AS record_type, d.some_measure AS some_measure, d.measures_alike AS measures_alike, d.scope AS scope,
                            arrayJoin(d.returned_by) AS partner, asked.quarter AS quarter
                        FROM
                        (
                            SELECT record_type, scope, returned_by, min(id) AS some_measure, groupArray(id) AS measures_alike
                            FROM {store}.definitions
                            WHERE basis NOT IN ('ratio', 'nothing')
                            GROUP BY record_type, scope, returned_by
                        ) AS d
                        INNER JOIN
                        (
                            SELECT w.1 AS record_type, arrayJoin(w.4) AS quarter FROM (SELECT arrayJoin({wanted}) AS w)
                        ) AS asked ON asked.record_type = d.record_type
                    ) AS due
                    LEFT JOIN
                    (
                        SELECT record_type, partner, quarter, groupUniqArray(scope) AS scopes
                        FROM
                        (
                            SELECT DISTINCT
                                toString(record_type) AS record_type, toString(partner) AS partner, toString(scope) AS scope, s.since AS since,
                                s.until AS until
                            FROM
                            (
{rows}
                            )
                            ARRAY JOIN present AS s
                        ) AS shown
                        INNER JOIN (SELECT w.1 AS record_type, w.4 AS quarters FROM (SELECT arrayJoin({wanted}) AS w)) AS spread USING (record_type)
                        ARRAY JOIN arrayFilter(q -> since < addMonths(q, 3) AND until >= q, quarters) AS quarter
                        GROUP BY record_type, partner, quarter
                    ) AS present USING (record_type, partner, quarter)
                    LEFT JOIN
                    (
                        SELECT
                            toString(record_type) AS record_type, toString(partner) AS partner, quarter,
                            arrayMap(n -> (n.3, n.4), arrayReverseSort(n -> (n.1, n.2), groupArray((sent_at, ref, toString(kind), scope_of)))) AS told
                        FROM (SELECT *, CAST(scope, 'Array(String)') AS scope_of FROM {store}.notices)
                        WHERE kind != 'EXTENSION'
                        GROUP BY record_type, partner, quarter
                    ) AS notices USING (record_type, partner, quarter)
                )
                GROUP BY record_type, some_measure, partner
            ) AS judged
            INNER JOIN
            (
                SELECT w.1 AS record_type, arrayJoin(w.3) AS period FROM (SELECT arrayJoin({wanted}) AS w)
            ) AS spread USING (record_type)
        )
        GROUP BY GROUPING SETS ((record_type, some_measure, period), (record_type, some_measure, period, partner))
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
            multiIf(grouping(ward) = 0, 'ward', grouping(place) = 0, 'area', grouping(partner) = 0, 'partner', 'total') AS level,
            multiIf(
                level = 'ward', ifNull(toString(ward), ''),
                level = 'partner', toString(partner),
                level = 'total' OR place = '', '',
                grouping(partner) = 0, concat(partner, ' ', place),
                place) AS key,
            sum(amount_of_all) + uniqExactIf(identity, identity != '') AS number,
            max(any_approximate) AS is_approximate,
            uniqExactIf(partner, position(identity, ' ') > 0) > 1 AS is_in_pairs, max(any_tallied) AS is_tallied
        FROM
        (
            SELECT
                record_type, m.measure AS measure, m.since AS since, m.until AS until, m.counts AS counts, ward, partner, m.place AS place,
                m.identity AS identity, sum(m.amount) AS amount_of_all, max(m.approximate) AS any_approximate, max(m.tallied) AS any_tallied
            FROM
            (
{rows}
            )
            ARRAY JOIN made AS m
            WHERE {counts}
            GROUP BY record_type, measure, since, until, counts, ward, partner, place, identity
        ) AS summed
        INNER JOIN
        (
            SELECT w.1 AS record_type, w.3.2 AS firsts, w.3.3 AS lasts, arrayEnumerate(w.3) AS places FROM (SELECT arrayJoin({wanted}) AS w)
        ) AS spread USING (record_type)
        ARRAY JOIN arrayFilter((place, first, last) -> multiIf(
            counts = 0, since <= last AND until >= first,
            counts = 1, since <= last AND until >= last,
            since = first AND until = last), places, firsts, lasts) AS place_of_period
        GROUP BY GROUPING SETS ((record_type, measure, place_of_period), (record_type, measure, place_of_period, ward),
            (record_type, measure, place_of_period, partner), (record_type, measure, place_of_period, place),
            (record_type, measure, place_of_period, partner, place))
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
