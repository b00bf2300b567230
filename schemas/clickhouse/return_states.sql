-- What each partner has returned of each measure for each quarter that is read (G9), as an array of (record type, measures, whether they
-- are about the last day of a period, partner, quarters): found once for all measures of the same partners and scope codes.
-- By the notice that is about all of the measure's scope codes, else by one about the whole feed, the newest of each; and by whether records
-- of the quarter are there.
SELECT groupArray((record_type, measures_alike, is_at_end, partner, quarters))
FROM
(
    SELECT
        record_type, any(measures_alike) AS measures_alike, any(is_at_end) AS is_at_end, partner,
        groupArray((quarter, state, quarter_id)) AS quarters
    FROM
    (
        SELECT
            record_type, some_measure, measures_alike, is_at_end, partner, quarter,
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
                d.record_type AS record_type, d.some_measure AS some_measure, d.measures_alike AS measures_alike, d.is_at_end AS is_at_end,
                d.scope AS scope, arrayJoin(d.returned_by) AS partner, asked.quarter AS quarter
            FROM
            (
                SELECT record_type, scope, returned_by, is_at_end, min(id) AS some_measure, groupArray(id) AS measures_alike
                FROM {definitions}
                WHERE basis NOT IN ('ratio', 'nothing')
                GROUP BY record_type, scope, returned_by, is_at_end
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
                arrayMap(n -> (n.3, n.4), arrayReverseSort(n -> (notEmpty(n.4), n.1, n.2), groupArray((sent_at, ref, toString(kind), scope_of)))) AS told
            FROM
            (
                SELECT *, CAST(scope, 'Array(String)') AS scope_of
                FROM {store}.notices_kept FINAL
                WHERE partner != '' AND (toString(record_type), computed_at) IN (SELECT w.1, w.7 FROM (SELECT arrayJoin({wanted}) AS w))
            )
            WHERE kind != 'EXTENSION'
            GROUP BY record_type, partner, quarter
        ) AS notices USING (record_type, partner, quarter)
    )
    GROUP BY record_type, some_measure, partner
)
