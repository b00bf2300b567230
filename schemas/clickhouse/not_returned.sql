-- The quarters of which a partner has returned nothing that a measure counts.
SELECT
    s.1 AS record_type, arrayJoin(s.2) AS measure, s.4 AS partner, arrayMap(q -> q.1, arrayFilter(q -> q.2 = 'missing', s.5)) AS missing
FROM (SELECT arrayJoin(return_states) AS s)
