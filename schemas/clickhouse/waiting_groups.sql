SELECT
    feed, partner, reason, count() AS messages, toUnixTimestamp64Milli(min(kafka_time)) AS oldest_ms,
    toUnixTimestamp64Milli(max(kafka_time)) AS newest_ms, argMax(detail, kafka_time) AS example
FROM
(
{waiting}
)
GROUP BY feed, partner, reason
ORDER BY messages DESC, feed, partner, reason
