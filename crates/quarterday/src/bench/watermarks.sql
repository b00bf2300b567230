-- How many messages of each topic are in the measures, by the watermarks that stand beside them. Notices are in those of every
-- record type that they are about: the least that all know of would count unaffected ones too, so the most that any knows of counts.
SELECT topic, sum(next_offset) AS messages
FROM
(
    SELECT splitByChar('/', place.1)[1] AS topic, place.1 AS partition, max(place.2) AS next_offset
    FROM
    (
        SELECT arrayJoin(arrayZip(mapKeys(watermark), mapValues(watermark))) AS place
        FROM {store}.newest_refreshes
    )
    GROUP BY topic, partition
)
GROUP BY topic
