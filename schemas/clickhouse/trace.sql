-- The live records behind a number, one row per contribution, from the rows that the number itself is made from.
WITH
{looked_at}    (
        SELECT groupArray((
            record_type, made_by, [('', {first:Date32}, {last:Date32})] AS periods, {quarters_of_periods}, fulls))
        FROM {store}.prepared_newest
        WHERE record_type = {record_type:String}
    ) AS wanted
SELECT
    {part:String} AS part, feed, partner, ref, version, topic, kafka_partition AS partition, kafka_offset AS offset, district, ward,
    toString(m.since) AS since, if(m.until >= toDate32('2299-01-01'), NULL, toString(m.until)) AS until, m.amount AS amount,
    m.identity AS identity, m.approximate AS approximate, m.place AS place
FROM
(
{rows}
)
ARRAY JOIN made AS m
WHERE m.measure = {measure:String}
    AND multiIf(
        m.counts = 0, m.since <= {last:Date32} AND m.until >= {first:Date32},
        m.counts = 1, m.since <= {last:Date32} AND m.until >= {last:Date32},
        m.since = {first:Date32} AND m.until = {last:Date32})
    AND ({counts})
ORDER BY m.since, feed, partner, ref, m.identity
