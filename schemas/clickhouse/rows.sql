-- The records that count of the quarters that are `wanted` ({quarters} of each record type), each once, with what they contribute.
-- `wanted`: an array of (1 record type, 2 made_by, 3 periods, 4 quarters, 5 FULL returns, 6 watermark, 7 when the notices were computed,
-- ...). Of the records of a quarter of which there is a complete FULL return, those count that came with it (domain.md F01).
--
-- `limits`: the watermarks of all record types. Of a record the row is read that is made from all of its messages below: no
-- row that is made from one at or beyond the watermark, and of the others the one made from most. Most records have one message, so only the others
-- are looked up. (Two records that the hash confuses would hide each other: one in some 10^18 pairs.)
SELECT
    c.record_type AS record_type, c.feed AS feed, c.partner AS partner, c.ref AS ref, c.version AS version, c.topic AS topic,
    c.kafka_partition AS kafka_partition, c.kafka_offset AS kafka_offset, c.district AS district, c.ward AS ward, c.scope AS scope,
    c.record_hash AS record_hash,
    c.made AS made, c.present AS present, c.follows AS follows, c.precedes AS precedes
FROM
(
    SELECT b.*
    FROM {store}.contributions AS b FINAL
    LEFT ANY JOIN
    (
        SELECT record_hash, max(seen) AS most
        FROM {store}.contributions
        WHERE seen > 1 AND {known} AND (record_type, made_by, quarter) IN (
            SELECT w.1, w.2, arrayJoin(arrayPushFront({quarters}, toDate32('1900-01-01'))) FROM (SELECT arrayJoin({wanted}) AS w))
        GROUP BY record_hash
    ) AS n ON n.record_hash = b.record_hash
    WHERE counts AND seen >= most AND {known} AND (record_type, made_by, quarter) IN (
        SELECT w.1, w.2, arrayJoin(arrayPushFront({quarters}, toDate32('1900-01-01'))) FROM (SELECT arrayJoin({wanted}) AS w))
) AS c
INNER JOIN
(
    SELECT w.1 AS record_type, {quarters} AS quarters_read, w.5 AS fulls FROM (SELECT arrayJoin({wanted}) AS w)
) AS r ON r.record_type = c.record_type
WHERE c.quarter = if(
        length(c.quarters) = 1, c.quarters[1],
        arrayFirst(q -> q = toDate32('1900-01-01') OR has(r.quarters_read, q), c.quarters))
    AND NOT arrayExists(
        full -> full.1 = c.feed AND full.2 = c.partner AND full.3 = c.first_quarter AND NOT has(c.return_refs, full.4), r.fulls)
