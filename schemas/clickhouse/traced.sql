-- The contributions of the quarters that are `wanted`, from the rows that the numbers themselves are made from, each with the quarters that
-- its partner has not returned.
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
        WHERE ({measure:String} = '' OR m.measure = {measure:String}) AND ({counts})
    ) AS counted
    ANY LEFT JOIN
    (
{not_returned}
    ) AS silent USING (record_type, measure, partner)
