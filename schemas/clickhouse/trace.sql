-- The live records behind a number, one row per contribution, from the view of contributions that the number itself is made from.
SELECT
    {part:String} AS part, feed, partner, ref, version, topic, kafka_partition AS partition, kafka_offset AS offset, district, ward,
    toString(since) AS since, if(until >= toDate32('2299-01-01'), NULL, toString(until)) AS until, amount, identity, approximate, place
FROM {contributions}
WHERE measure = {measure:String}
    AND multiIf(
        counts = 0, since <= {last:Date32} AND until >= {first:Date32},
        counts = 1, since <= {last:Date32} AND until >= {last:Date32},
        since = {first:Date32} AND until = {last:Date32})
ORDER BY since, feed, partner, ref, identity
