-- The newest FULL return of each feed, partner and quarter of which all declared records have arrived (domain.md F01): of the
-- records whose first date falls in the quarter, those that did not come with it do not count. Records that came again with it
-- are duplicates in the log and arrived all the same. Of a return that does not say how many records it has, nobody knows whether all arrived.
-- By the notices of `notices_now` and the messages below `limits`.
SELECT c.record_type AS record_type, c.feed AS feed, c.partner AS partner, c.quarter AS quarter,
    argMax(c.ref, (c.sent_at, c.ref)) AS return_ref
FROM
(
{claimed}
) AS c
LEFT JOIN
(
    SELECT
        toString(record_type) AS record_type, toString(feed) AS feed, toString(partner) AS partner,
        arrayJoin(return_refs) AS return_ref, uniqExact(ref) AS records
    FROM {store}.contributions
    WHERE (record_type, feed, partner) IN (SELECT record_type, feed, partner FROM ({claimed})) AND {known}
    GROUP BY record_type, feed, partner, return_ref
) AS a ON a.record_type = c.record_type AND a.feed = c.feed AND a.partner = c.partner AND a.return_ref = c.ref
WHERE a.records >= c.declared
GROUP BY record_type, feed, partner, quarter
