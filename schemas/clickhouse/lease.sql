-- Whose lease it is: the first of those that have not run out. None is for longer than a minute: one that ends later is of a clock that was set
-- back since.
SELECT holder, toString(min(noted_at)) AS since
FROM {stores}.leases
GROUP BY holder
HAVING argMax(until, noted_at) BETWEEN now64(6, 'UTC') AND now64(6, 'UTC') + INTERVAL 1 MINUTE
ORDER BY min(noted_at), holder
LIMIT 1
