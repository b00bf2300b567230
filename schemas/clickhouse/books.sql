-- The books of every partition (I1): each offset below the store's position has one outcome, a version row or a row of rejected, or is
-- in a gap. {logs}: topic, partition and bitmap of the offsets of every version log; {outcomes}: what became of their rows.
WITH bitmapOr(l.offsets, r.offsets) AS taken
SELECT
    p.topic AS topic, p.kafka_partition AS kafka_partition, p.next_offset AS next_offset,
    bitmapCardinality(l.offsets) AS version_rows,
    bitmapCardinality(r.offsets) AS quarantined,
    bitmapAndCardinality(l.offsets, r.offsets) AS twice,
    -- What had been taken before the log lost it, or could be read again later, has its outcome.
    arraySum(range -> bitmapCardinality(bitmapSubsetInRange(taken, range.1, range.2)), g.ranges_gone) AS taken_of_gone,
    arraySum(range -> bitmapCardinality(bitmapSubsetInRange(taken, range.1, range.2)), g.ranges_lost) AS readable,
    g.gaps - g.gone - g.damaged AS gaps,
    g.gone - taken_of_gone AS gone,
    g.damaged - (readable - taken_of_gone) AS damaged,
    toInt64(p.next_offset) - toInt64(version_rows + quarantined - twice + g.gaps - readable) AS missing,
    o.live AS live, o.superseded AS superseded, o.withdrawn AS withdrawn, o.duplicate AS duplicate, o.conflict AS conflict, o.orphan AS orphan
FROM
(
    SELECT toString(topic) AS topic, kafka_partition, next_offset
    FROM {store}.positions FINAL
    WHERE {which} AND record_type != '' AND ({topic:String} = '' OR topic = {topic:String})
) AS p
LEFT JOIN
(
{logs}
) AS l ON l.topic = p.topic AND l.kafka_partition = p.kafka_partition
LEFT JOIN
(
    SELECT toString(b.topic) AS topic, b.kafka_partition AS kafka_partition, groupBitmapState(b.kafka_offset) AS offsets
    FROM {store}.rejected AS b
    INNER JOIN (SELECT topic, kafka_partition, next_offset FROM {store}.positions FINAL) AS n
        ON n.topic = b.topic AND n.kafka_partition = b.kafka_partition
    WHERE b.kafka_offset < n.next_offset
    GROUP BY topic, kafka_partition
) AS r ON r.topic = p.topic AND r.kafka_partition = p.kafka_partition
LEFT JOIN
(
    -- Ranges may overlap: offsets are counted once.
    SELECT
        topic, kafka_partition,
        arrayFold((acc, range) -> (greatest(acc.1, range.2), acc.2 + toUInt64(if(range.2 > acc.1, range.2 - greatest(acc.1, range.1), 0))),
            ranges, (toUInt64(0), toUInt64(0))).2 AS gaps,
        arrayFold((acc, range) -> (greatest(acc.1, range.2), acc.2 + toUInt64(if(range.2 > acc.1, range.2 - greatest(acc.1, range.1), 0))),
            arrayFilter(range -> range.3 = 'gone', ranges), (toUInt64(0), toUInt64(0))).2 AS gone,
        -- Noticed twice, of which one time the log had lost it: it is gone.
        arrayFold((acc, range) -> (greatest(acc.1, range.2), acc.2 + toUInt64(if(range.2 > acc.1, range.2 - greatest(acc.1, range.1), 0))),
            arrayFilter(range -> range.3 IN ('gone', 'damaged'), ranges), (toUInt64(0), toUInt64(0))).2 - gone AS damaged,
        -- There are few of them.
        arrayFold((acc, range) -> (greatest(acc.1, range.2), if(range.2 > acc.1, arrayPushBack(acc.2, (greatest(acc.1, range.1), range.2)), acc.2)),
            arrayFilter(range -> range.3 = 'gone', ranges), (toUInt64(0), CAST([], 'Array(Tuple(UInt64, UInt64))'))).2 AS ranges_gone,
        arrayFold((acc, range) -> (greatest(acc.1, range.2), if(range.2 > acc.1, arrayPushBack(acc.2, (greatest(acc.1, range.1), range.2)), acc.2)),
            arrayFilter(range -> range.3 IN ('gone', 'damaged'), ranges), (toUInt64(0), CAST([], 'Array(Tuple(UInt64, UInt64))'))).2 AS ranges_lost
    FROM
    (
        -- They are noted before the position.
        SELECT
            toString(e.topic) AS topic, e.kafka_partition AS kafka_partition,
            arraySort(groupArray((e.first_offset, least(e.next_offset, n.next_offset), toString(e.kind)))) AS ranges
        FROM {store}.gaps AS e FINAL
        INNER JOIN (SELECT topic, kafka_partition, next_offset FROM {store}.positions FINAL) AS n
            ON n.topic = e.topic AND n.kafka_partition = e.kafka_partition
        WHERE e.first_offset < n.next_offset
        GROUP BY topic, kafka_partition
    )
) AS g ON g.topic = p.topic AND g.kafka_partition = p.kafka_partition
LEFT JOIN
(
{outcomes}
) AS o ON o.topic = p.topic AND o.kafka_partition = p.kafka_partition
ORDER BY topic, kafka_partition
