-- The return board: what each partner owes of each quarter and what has come. {owed}: rows of (feed, partner, record_type, quarter), one for
-- each return that is due; {arrived}: per feed, partner and quarter of the first date the records that count, and when their messages came;
-- {came_with}: how many records came with each return; {first_told}: when each notice was sent first, which an amendment does not change.
-- By the newest notice about the whole feed; those about a part of it are told beside.
SELECT
    o.feed AS feed, o.partner AS partner, o.quarter AS quarter,
    multiIf(
        n.kind IN ('NIL', 'NOT_APPLICABLE') AND a.records > 0, 'conflict',
        n.kind = 'NIL', 'nil',
        n.kind = 'NOT_APPLICABLE', 'not_applicable',
        -- A FULL return leaves nothing out until all of its records have come (domain.md F01). Not every partner names the return in each record
        -- of another, so those of the quarter are looked at too.
        n.kind = 'RETURN' AND ifNull(n.declared > if(n.mode = 'FULL', w.records, greatest(w.records, a.records)), false), 'incomplete',
        n.kind = 'RETURN' OR a.records > 0, 'returned',
        n.extensions > 0, 'extension',
        'not_returned') AS state,
    n.mode AS mode, a.records AS records, w.records AS came_with, n.declared AS declared,
    n.parts AS parts,
    if(a.records > 0, toUnixTimestamp64Milli(a.first_at), NULL) AS first_ms, if(a.records > 0, toUnixTimestamp64Milli(a.last_at), NULL) AS last_ms,
    if(n.kind = '', NULL, toUnixTimestamp64Milli(n.told_first)) AS told_first_ms,
    if(n.kind = '', NULL, toUnixTimestamp64Milli(n.sent_at)) AS told_ms
FROM {owed} AS o
LEFT JOIN
(
{arrived}
) AS a ON a.feed = o.feed AND a.partner = o.partner AND a.quarter = o.quarter
LEFT JOIN
(
    SELECT
        feed, partner, quarter, newest.1 AS kind, newest.2 AS mode, newest.3 AS declared, newest.4 AS sent_at, newest.5 AS return_ref,
        told_first, extensions, parts
    FROM
    (
        SELECT
            toString(told.feed) AS feed, toString(told.partner) AS partner, told.quarter AS quarter,
            argMaxIf(
                (toString(told.kind), toString(told.mode), told.declared_records, told.sent_at, toString(told.ref)), (told.sent_at, told.ref),
                empty(told.scope) AND told.kind != 'EXTENSION') AS newest,
            minIf(if(f.ref = '', told.sent_at, least(f.sent_at, told.sent_at)), empty(told.scope) AND told.kind != 'EXTENSION') AS told_first,
            countIf(told.kind = 'EXTENSION') AS extensions,
            arraySort(groupUniqArrayIf(
                concat(lower(toString(told.kind)), ' ', arrayStringConcat(told.scope, ' ')), notEmpty(told.scope))) AS parts
        FROM
        (
            SELECT *
            FROM {store}.notices_kept FINAL
            WHERE partner != '' AND computed_at = (SELECT max(computed_at) FROM {store}.notices_kept)
        ) AS told
        LEFT JOIN
        (
{first_told}
        ) AS f ON f.feed = toString(told.feed) AND f.partner = toString(told.partner) AND f.quarter = told.quarter AND f.ref = told.ref
        GROUP BY feed, partner, quarter
    )
) AS n ON n.feed = o.feed AND n.partner = o.partner AND n.quarter = o.quarter
LEFT JOIN
(
{came_with}
) AS w ON w.feed = o.feed AND w.partner = o.partner AND w.return_ref = n.return_ref
ORDER BY quarter, partner, feed
