-- Notes what has become of a store. Times always rise, also when the clock does not.
INSERT INTO {stores}.stores
SELECT {name:String}, {state:String}, {contents:String}, greatest(now64(6, 'UTC'), max(noted_at) + INTERVAL 1 MICROSECOND)
FROM {stores}.stores
