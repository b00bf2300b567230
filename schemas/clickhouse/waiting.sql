-- Messages that somebody has to look at: those in quarantine, and conflicts and orphans. `ids`: only these, with
-- blanks between; empty for all.
SELECT *
FROM
(
    SELECT
        topic, kafka_partition, kafka_offset, kafka_time, feed, stage, reason, field, detail, partner, ref,
        CAST(bytes, 'Nullable(UInt32)') AS bytes, CAST(quarantine_partition, 'Nullable(UInt32)') AS quarantine_partition,
        CAST(quarantine_offset, 'Nullable(UInt64)') AS quarantine_offset, rejections, state, why
    FROM {store}.quarantined
{unlinked}
)
WHERE if({ids:String} = '', state = 'waiting' OR {all:Bool},
        has(splitByChar(' ', {ids:String}), concat(topic, '/', toString(kafka_partition), '/', toString(kafka_offset))))
    AND ({feed:String} = '' OR feed = {feed:String})
    AND ({reason:String} = '' OR reason = {reason:String})
