-- Every cell of one record type: one number per measure, period and breakdown, and beside it what its partners have returned.
-- {contributions} is a view of contributions, {presence} one of presence, {periods} an expression of type Array(Tuple(id String,
-- first Date32, last Date32)), {expected} one of type Array(Tuple(measure String, partners Array(String), scope Array(String))).
--
-- n = the amounts added, plus the distinct identities (G4, G5): a contribution has one or the other. It counts in the periods that its
-- span touches (counts = 0), on whose last day it is in force (1, G6), or that are its span (2). Contributions of one day, ward,
-- partner and identity are added before they are spread over periods. An unknown ward counts in the borough, not in a ward (G10). Areas
-- that are ranked are counted over all partners, and for each partner under `partner area`.
-- up_to (G5): the same person may be in it twice, under the pseudonyms of two partners or in the headcounts of two quarters.
--
-- The state of a measure for a partner and quarter (G9): by the newest notice that is about the whole feed or all of the measure's scope
-- codes, and by whether records of the quarter are there.
SELECT
    measure, period_id, level, key, sum(number) AS n, max(is_approximate) AS approximate, max(is_up_to) AS up_to,
    sum(partners) AS returned, max(state_of_all) AS returns, arraySort(groupUniqArrayArray(missing_of)) AS missing
FROM
(
    SELECT
        measure, period.1 AS period_id,
        multiIf(grouping(ward) = 0, 'ward', grouping(place) = 0, 'area', grouping(partner) = 0, 'partner', 'total') AS level,
        multiIf(
            level = 'ward', ifNull(toString(ward), ''),
            level = 'partner', toString(partner),
            level = 'total' OR place = '', '',
            grouping(partner) = 0, concat(partner, ' ', place),
            place) AS key,
        sum(amount_of_all) + uniqExactIf(identity, identity != '') AS number,
        max(any_approximate) AS is_approximate,
        uniqExactIf(partner, position(identity, ' ') > 0) > 1
            OR (max(any_tallied) AND any(dateDiff('quarter', period.2, period.3)) > 0) AS is_up_to,
        0 AS partners, '' AS state_of_all, CAST([], 'Array(String)') AS missing_of
    FROM
    (
        SELECT
            measure, since, until, counts, ward, partner, place, identity, sum(amount) AS amount_of_all,
            max(approximate) AS any_approximate, max(tallied) AS any_tallied
        FROM {contributions}
        GROUP BY measure, since, until, counts, ward, partner, place, identity
    )
    ARRAY JOIN arrayFilter(p -> multiIf(
        counts = 0, since <= p.3 AND until >= p.2,
        counts = 1, since <= p.3 AND until >= p.3,
        since = p.2 AND until = p.3), {periods}) AS period
    GROUP BY GROUPING SETS ((measure, period), (measure, period, ward), (measure, period, partner), (measure, period, place),
        (measure, period, partner, place))
    HAVING NOT (level IN ('ward', 'area') AND key = '')
    UNION ALL
    SELECT
        measure, period.1 AS period_id,
        if(grouping(partner) = 0, 'partner', 'total') AS level,
        if(level = 'partner', partner, '') AS key,
        0., false, false,
        uniqExactIf(partner, state IN ('returned', 'nil', 'conflict')) AS partners,
        multiIf(
            countIf(state = 'conflict') > 0, 'conflict',
            countIf(state != 'not_applicable') = 0, 'not_applicable',
            countIf(state IN ('returned', 'nil')) = 0, 'not_returned',
            countIf(state = 'returned') = 0, 'nil',
            'returned') AS state_of_all,
        groupUniqArrayIf(concat(partner, ' ', quarter_id), state = 'missing') AS missing_of
    FROM
    (
        SELECT
            measure, partner, quarter,
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
            SELECT expected.1 AS measure, expected.3 AS scope, arrayJoin(expected.2) AS partner, arrayJoin(all_quarters) AS quarter
            FROM
            (
                SELECT
                    arrayJoin({expected}) AS expected,
                    arrayDistinct(arrayFlatten(arrayMap(
                        p -> arrayMap(
                            q -> toDate32(addMonths(toStartOfQuarter(p.2), 3 * q)),
                            range(toUInt32(dateDiff('quarter', p.2, p.3) + 1))),
                        {periods}))) AS all_quarters
            )
        ) AS wanted
        LEFT JOIN
        (
            SELECT partner, quarter, groupUniqArray(scope) AS scopes
            FROM
            (
                SELECT toString(partner) AS partner, scope, since, until FROM {presence}
            )
            ARRAY JOIN arrayFilter(
                q -> since < addMonths(q, 3) AND until >= q,
                arrayDistinct(arrayFlatten(arrayMap(
                    p -> arrayMap(
                        q -> toDate32(addMonths(toStartOfQuarter(p.2), 3 * q)),
                        range(toUInt32(dateDiff('quarter', p.2, p.3) + 1))),
                    {periods})))) AS quarter
            GROUP BY partner, quarter
        ) AS present USING (partner, quarter)
        LEFT JOIN
        (
            SELECT
                toString(partner) AS partner, quarter,
                arrayMap(n -> (n.3, n.4), arrayReverseSort(n -> (n.1, n.2), groupArray((sent_at, ref, toString(kind), scope_of)))) AS told
            FROM (SELECT *, CAST(scope, 'Array(String)') AS scope_of FROM {store}.notices)
            WHERE record_type = '{record_type}' AND kind != 'EXTENSION'
            GROUP BY partner, quarter
        ) AS notices USING (partner, quarter)
    )
    ARRAY JOIN arrayFilter(p -> p.2 < addMonths(quarter, 3) AND p.3 >= quarter, {periods}) AS period
    GROUP BY GROUPING SETS ((measure, period), (measure, period, partner))
)
GROUP BY measure, period_id, level, key
