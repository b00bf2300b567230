-- What the records behind each number of a period add up to.
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
SELECT measure, sum(amount) + uniqExactIf(identity, identity != '') AS counted, uniqExact(feed, partner, ref) AS records
FROM
(
{traced}
) AS made_it
GROUP BY measure
