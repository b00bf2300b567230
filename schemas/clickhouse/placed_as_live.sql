-- Whether the records of one type that count (I4) are those that were placed, each in its live version: numbers, and the records behind them,
-- are both made of what was placed. Compared by number and by a hash of all, which takes no memory for each. Behind is what has rows that
-- the newest refresh has not seen, or was refreshed by other definitions.
SELECT
    '{record_type}' AS record_type, live.1 AS live, placed.1 AS placed, toBool(live = placed) AS is_same, toBool(new > 0 OR unnoted > 0 OR by_others > 0) AS is_behind
FROM
(
    SELECT
        (
            SELECT (count(), groupBitXor(sipHash64(sipHash64(feed, partner, ref), toUInt64(version))))
            FROM {store}.outcomes_{record_type}
            WHERE outcome = 'live'
        ) AS live,
        (
            SELECT (count(), groupBitXor(sipHash64(record_hash, toUInt64(newest.2))))
            FROM
            (
                SELECT record_hash, argMax((counts, version), seen) AS newest
                FROM {store}.contributions
                WHERE (record_type, made_by) IN (
                    SELECT record_type, made_by FROM {store}.definitions_in_force WHERE record_type = '{record_type}')
                GROUP BY record_hash
            )
            WHERE newest.1
        ) AS placed,
        (
            SELECT countIf(p.next_offset > r.watermark[concat(toString(p.topic), '/', toString(p.kafka_partition))])
            FROM (SELECT * FROM {store}.positions FINAL WHERE record_type = '{record_type}') AS p
            LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = toString(p.record_type)
        ) AS new,
        (
            SELECT countIf(splitByChar(' ', r.definitions)[1] != d.made_by)
            FROM (SELECT * FROM {store}.definitions_in_force WHERE record_type = '{record_type}') AS d
            LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = d.record_type
        ) AS by_others,
        (
            SELECT countIf(l.kafka_offset >= n.next_offset)
            FROM {log} AS l
            LEFT JOIN (SELECT topic, kafka_partition, next_offset FROM {store}.positions FINAL) AS n
                ON n.topic = l.topic AND n.kafka_partition = l.kafka_partition
        ) AS unnoted
)
WHERE '{record_type}' IN (SELECT record_type FROM {store}.definitions_in_force)
