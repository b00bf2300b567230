-- What was counted in each quarter that is kept. Where nothing was returned nothing was counted.
SELECT id, toString(first) AS first, ifNull(numerator, 0.) AS counted
FROM {store}.all_measures
WHERE level = 'total' AND match(period, '^[0-9]{4}-[0-9]{2}/Q[1-4]$')
ORDER BY id, first
