-- The live records behind a number, one row per contribution, from the rows that the number itself is made from.
WITH
{looked_at}    (
        SELECT groupArray((
            record_type, made_by, [('', {first:Date32}, {last:Date32})] AS periods, {quarters_of_periods}, fulls, watermark, notices_at))
        FROM
        (
{made_of}
        )
        WHERE {record_type:String} = '' OR record_type = {record_type:String}
    ) AS wanted,
    ({limits}) AS limits,
    ({return_states}) AS return_states
SELECT
    {part:String} AS part, feed, partner, ref, version, topic, partition, offset, district, ward,
    toString(since) AS since, if(until >= toDate32('2299-01-01'), NULL, toString(until)) AS until, amount, identity, approximate, place
FROM
(
    SELECT *
{traced}
    WHERE {counts_in}
) AS made_it
ORDER BY made_it.since, feed, partner, ref, identity
