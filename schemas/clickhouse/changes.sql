-- The records of one type that have messages between the watermarks of two snapshots, each with the one cause by which it may have changed
-- a number: a message that was put through again, none before, the withdrawal that holds now, or another version.
-- The causes have an order, in which their parts of a change are taken (steps of known_at_step.sql).
INSERT INTO {store}.changes (record_type, feed, partner, ref, record_hash, cause, step)
WITH
    (SELECT watermark FROM {store}.limits_before) AS before,
    (SELECT any(watermark) FROM {store}.prepared_newest WHERE record_type = '{record_type}') AS now,
    concat(topic, '/', toString(kafka_partition)) AS where_it_lies,
    kafka_offset < before[where_it_lies] AS is_before
SELECT
    '{record_type}', feed, partner, ref, sipHash64(feed, partner, ref),
    multiIf(is_replayed, 'replayed', NOT was_there, 'late', newest_op = 'WITHDRAW', 'withdrawn', 'amended') AS cause,
    indexOf(['late', 'amended', 'withdrawn', 'replayed'], cause)
FROM
(
    SELECT
        feed, partner, ref, max(is_before) AS was_there, argMax(toString(op), version_rank) AS newest_op, countIf(NOT is_before) AS new,
        countIf(NOT is_before AND (toString(topic), kafka_partition, kafka_offset) IN (
            SELECT toString(topic), kafka_partition, kafka_offset FROM {live}.replays)) > 0 AS is_replayed
    FROM {log}
    WHERE kafka_offset < now[where_it_lies]
    GROUP BY feed, partner, ref
)
WHERE new > 0
