-- The live notices, each with the first day of its quarter: quarter 1 begins on 1 April of the year that the financial year is named
-- for first. The row without a partner says what the refresh was made of: the messages below its watermark and no others, by the same rules as
-- placings.sql.
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
    FROM
    (
        SELECT
            partner, ref, newest.1 AS covered_feed, newest.2 AS fy, newest.3 AS quarter, newest.4 AS kind, newest.5 AS scope, newest.6 AS mode,
            newest.7 AS declared_records, newest.8 AS sent_at
        FROM
        (
            SELECT
                feed, partner, ref,
                argMax((covered_feed, fy, quarter, kind, scope, mode, declared_records, sent_at), version_rank) AS newest,
                argMax(op, version_rank) AS newest_op,
                arrayReverseSort(groupArray((version_rank, toInt64(version), toString(op)))) AS ranked
            FROM {log}
            WHERE positions_now[concat(topic, '/', toString(kafka_partition))] > kafka_offset
            GROUP BY feed, partner, ref
        )
        WHERE newest_op != 'WITHDRAW'
            AND arrayExists((r, version_above) -> r.2 != version_above AND r.3 = 'SUBMIT',
                ranked, arrayPushFront(arrayMap(r -> r.2, arrayPopBack(ranked)), toInt64(-1)))
    ) AS n
    INNER JOIN {store}.feeds AS f ON f.feed = n.covered_feed
    UNION ALL
    SELECT '', '', '', toDate32('1970-01-01'), '', CAST([], 'Array(String)'), '', NULL, '', toDateTime64(0, 3, 'UTC')
)
