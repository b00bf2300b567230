-- Whose lease it is: the first of those that have not run out.
SELECT holder, toString(min(noted_at)) AS since
FROM {stores}.leases
GROUP BY holder
HAVING argMax(until, noted_at) > now64(6, 'UTC')
ORDER BY min(noted_at), holder
LIMIT 1
