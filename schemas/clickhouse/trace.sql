-- The live records behind a number, one row per contribution, from the view of contributions that the number itself is made from.
SELECT
    {part:String} AS part, feed, partner, ref, version, topic, kafka_partition AS partition, kafka_offset AS offset, district, ward,
    toString(c.since) AS since, if(c.until >= toDate32('2299-01-01'), NULL, toString(c.until)) AS until, amount, identity, approximate, place
FROM {contributions} AS c
WHERE measure = {measure:String}
    AND multiIf(
        counts = 0, c.since <= {last:Date32} AND c.until >= {first:Date32},
        counts = 1, c.since <= {last:Date32} AND c.until >= {last:Date32},
        c.since = {first:Date32} AND c.until = {last:Date32})
ORDER BY c.since, feed, partner, ref, identity
