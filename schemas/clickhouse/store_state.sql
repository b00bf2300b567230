-- Notes what has become of a store. Times always rise, also when the clock does not. What was ever in force is not given up.
INSERT INTO {stores}.stores
SELECT {name:String}, {state:String}, {contents:String}, greatest(now64(6, 'UTC'), max(noted_at) + INTERVAL 1 MICROSECOND)
FROM {stores}.stores
HAVING {state:String} != 'given up' OR countIf(name = {name:String} AND state = 'in force') = 0
