-- Every message that was ever rejected, once, under the place of the first message of its replays, with what is wrong with the
-- newest attempt, and whether something is still to be done: waiting, mended (a replay of it was accepted) or discarded.
CREATE OR REPLACE VIEW {store}.quarantined AS
SELECT
    q.topic AS topic, q.first_partition AS kafka_partition, q.first_offset AS kafka_offset,
    newest.1 AS kafka_time, newest.2 AS feed, newest.3 AS stage, newest.4 AS reason, newest.5 AS field, newest.6 AS detail,
    newest.7 AS partner, newest.8 AS ref, newest.9 AS bytes, newest.10 AS quarantine_partition, newest.11 AS quarantine_offset,
    q.rejections AS rejections,
    multiIf(d.topic != '', 'discarded', m.topic != '', 'mended', 'waiting') AS state,
    toString(d.why) AS why
FROM
(
    SELECT
        r.topic AS topic,
        if(p.topic = '', r.kafka_partition, p.first_partition) AS first_partition,
        if(p.topic = '', r.kafka_offset, p.first_offset) AS first_offset,
        count() AS rejections,
        argMax(
            (r.kafka_time, toString(r.feed), toString(r.stage), toString(r.reason), toString(r.field), r.detail, toString(r.partner), r.ref,
                r.bytes, r.quarantine_partition, r.quarantine_offset),
            (r.kafka_time, r.kafka_partition, r.kafka_offset)) AS newest
    FROM {store}.rejected AS r FINAL
    LEFT JOIN {store}.replays AS p FINAL
        ON p.topic = r.topic AND p.kafka_partition = r.kafka_partition AND p.kafka_offset = r.kafka_offset
    GROUP BY topic, first_partition, first_offset
) AS q
LEFT ANY JOIN
(
    SELECT topic, first_partition, first_offset
    FROM {store}.replays
    WHERE (topic, kafka_partition, kafka_offset) NOT IN (SELECT topic, kafka_partition, kafka_offset FROM {store}.rejected)
) AS m ON m.topic = q.topic AND m.first_partition = q.first_partition AND m.first_offset = q.first_offset
LEFT ANY JOIN
(
    SELECT topic, of_partition, of_offset, why FROM {store}.decisions WHERE verdict = 'discard'
) AS d ON d.topic = q.topic AND d.of_partition = q.first_partition AND d.of_offset = q.first_offset
