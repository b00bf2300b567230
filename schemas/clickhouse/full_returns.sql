-- The newest FULL return of each feed, partner and quarter of which all declared records have arrived (domain.md F01): of the
-- records whose first date falls in the quarter, those that did not come with it do not count. Records that came again with it
-- are duplicates in the log and arrived all the same.
CREATE OR REPLACE VIEW {full_returns} AS
WITH
    claimed AS
    (
        SELECT feed, partner, quarter, ref, sent_at, ifNull(declared_records, 0) AS declared
        FROM {store}.notices
        WHERE record_type = '{record_type}' AND mode = 'FULL' AND kind = 'RETURN'
    ),
    arrived AS
    (
        SELECT feed, partner, upperUTF8(trimBoth(return_id)) AS return_ref, uniqExact(ref) AS records
        FROM {log}
        WHERE (feed, partner) IN (SELECT feed, partner FROM claimed)
        GROUP BY feed, partner, return_ref
    )
SELECT c.feed AS feed, c.partner AS partner, c.quarter AS quarter, argMax(c.ref, (c.sent_at, c.ref)) AS return_ref
FROM claimed AS c
LEFT JOIN arrived AS a ON a.feed = c.feed AND a.partner = c.partner AND a.return_ref = c.ref
WHERE a.records >= c.declared
GROUP BY feed, partner, quarter
