-- Every cell that contributions make: one number per measure, period and breakdown. {contributions} is a view of
-- contributions, {periods} an expression of type Array(Tuple(id String, first Date32, last Date32)), {returned_by} one of
-- type Array(Tuple(measure String, partners Array(String))).
-- n = the amounts added, plus the distinct identities (G4, G5): a contribution has one or the other.
-- An event contributes to the periods that hold its date; a spell to those it overlaps; a stock to those on whose last
-- day it is in force (G6). Those of one day, ward and partner are added before they are spread over periods. An unknown ward
-- counts in the borough, not in a ward (G10).
-- The pseudo-measure @ of the record type says which partners have returned anything (G9): it becomes, for each measure, the
-- number of its partners that have, at the level `returned`.
SELECT cell.1 AS measure, period_id, cell.2 AS level, cell.3 AS key, sum(cell.4) AS n
FROM
(
    SELECT
        measure AS of,
        period.1 AS period_id,
        multiIf(grouping(ward) = 0, 'ward', grouping(partner) = 0, 'partner', 'total') AS by,
        multiIf(by = 'ward', ifNull(ward, ''), by = 'partner', partner, '') AS whose,
        sum(amount) + uniqExactIf(identity, identity != '') AS number
    FROM
    (
        SELECT measure, since, until, at_end, ward, partner, identity, sum(amount) AS amount
        FROM {contributions}
        GROUP BY measure, since, until, at_end, ward, partner, identity
    )
    ARRAY JOIN arrayFilter(p -> since <= p.3 AND until >= if(at_end, p.3, p.2), {periods}) AS period
    GROUP BY GROUPING SETS ((measure, period_id), (measure, period_id, ward), (measure, period_id, partner))
    HAVING NOT (by = 'ward' AND whose = '')
)
ARRAY JOIN multiIf(
    NOT startsWith(of, '@'), [(of, by, whose, number)],
    by = 'partner', arrayMap(m -> (m.1, 'returned', '', 1.), arrayFilter(m -> has(m.2, whose), {returned_by})),
    []) AS cell
GROUP BY measure, period_id, level, key
