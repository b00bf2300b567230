-- The live records behind a number, one row per contribution, from the rows that the number itself is made from.
WITH
{looked_at}    (
        SELECT groupArray((
            record_type, made_by, [('', {first:Date32}, {last:Date32})] AS periods, {quarters_of_periods}, fulls))
        FROM {store}.prepared_newest
        WHERE record_type = {record_type:String}
    ) AS wanted,
    ({return_states}) AS return_states
SELECT
    {part:String} AS part, feed, partner, ref, version, topic, partition, offset, district, ward,
    toString(since) AS since, if(until >= toDate32('2299-01-01'), NULL, toString(until)) AS until, amount, identity, approximate, place
FROM
(
    SELECT *
    FROM
    (
        SELECT
            record_type, m.measure AS measure, feed, partner, ref, version, topic, kafka_partition AS partition, kafka_offset AS offset, district,
            ward, m.since AS since, m.until AS until, m.counts AS counts, m.amount AS amount, m.identity AS identity,
            m.approximate AS approximate, m.place AS place
        FROM
        (
{rows}
        )
        ARRAY JOIN made AS m
        WHERE m.measure = {measure:String} AND ({counts})
    ) AS counted
    ANY LEFT JOIN
    (
{not_returned}
    ) AS silent USING (record_type, measure, partner)
    WHERE {counts_in}
) AS made_it
ORDER BY made_it.since, feed, partner, ref, identity
