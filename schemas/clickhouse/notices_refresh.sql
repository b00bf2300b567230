-- The live notices, each with the first day of its quarter: quarter 1 begins on 1 April of the year that the financial year is named
-- for first. The row without a partner says what the refresh was made of.
CREATE MATERIALIZED VIEW IF NOT EXISTS {view}
REFRESH EVERY 1 HOUR APPEND TO {store}.notices_kept EMPTY AS
WITH
    (
        SELECT mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(next_offset))
        FROM {store}.positions FINAL
        WHERE record_type = '{record_type}'
    ) AS positions_now,
    (SELECT greatest(now64(6, 'UTC'), max(computed_at) + INTERVAL 1 MICROSECOND) FROM {store}.notices_kept) AS this_refresh
SELECT
    partner, feed, record_type, quarter, kind, scope, mode, declared_records, ref, sent_at,
    this_refresh AS computed_at,
    if(partner = '', positions_now, map()) AS watermark
FROM
(
    SELECT
        n.partner AS partner, n.covered_feed AS feed, f.record_type AS record_type,
        toDate32(addMonths(makeDate32(toInt32OrZero(substring(n.fy, 1, 4)), 4, 1), 3 * (n.quarter - 1))) AS quarter,
        n.kind AS kind, CAST(n.scope, 'Array(String)') AS scope, n.mode AS mode, n.declared_records AS declared_records, n.ref AS ref,
        n.sent_at AS sent_at
    FROM {live} AS n
    INNER JOIN {store}.feeds AS f ON f.feed = n.covered_feed
    UNION ALL
    SELECT '', '', '', toDate32('1970-01-01'), '', CAST([], 'Array(String)'), '', NULL, '', toDateTime64(0, 3, 'UTC')
)
