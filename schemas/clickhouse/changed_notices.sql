-- The return notices that came between two snapshots, for each measure of the record type that they are about: of FULL returns, which can
-- leave out records of any quarter, all; of others those of quarters of the period from {first} to {last}, and for comparisons of the year before,
-- of partners whose return the measure needs; and those of FULL returns that are complete, or the newest, in one of the two only.
WITH
    (SELECT groupArrayArray(fulls) FROM {store}.before) AS fulls_before,
    (SELECT groupArrayArray(fulls) FROM {store}.prepared_newest) AS fulls_now,
    arrayConcat(
        arrayFilter(f -> NOT has(fulls_now, f), fulls_before), arrayFilter(f -> NOT has(fulls_before, f), fulls_now)) AS other_fulls,
    concat(toString(topic), '/', toString(kafka_partition)) AS where_it_lies,
    toDate32(addMonths(makeDate32(toInt32OrZero(substring(n.fy, 1, 4)), 4, 1), 3 * (n.quarter - 1))) AS of_quarter
SELECT DISTINCT
    u.target AS measure, '{record_type}' AS record_type, toString(n.feed) AS feed, toString(n.partner) AS partner, n.ref AS ref,
    'return notices' AS cause
FROM {log} AS n
INNER JOIN {store}.feeds AS f ON f.feed = toString(n.covered_feed)
INNER JOIN
(
    SELECT id, record_type, returned_by, basis = 'change' OR rank_of_change AS is_compared FROM {store}.definitions
) AS d ON d.record_type = f.record_type
INNER JOIN
(
{made_of}
) AS u ON u.source = d.id
-- Each record type was refreshed by notices up to offsets of its own.
INNER JOIN {store}.prepared_newest AS l ON l.record_type = d.record_type
LEFT JOIN {store}.before AS b ON b.record_type = d.record_type
WHERE has(arrayMap(f -> (f.1, f.2, f.4), other_fulls), (toString(n.covered_feed), toString(n.partner), n.ref))
    OR n.kafka_offset >= b.watermark[where_it_lies] AND n.kafka_offset < l.watermark[where_it_lies] AND (
        toString(n.mode) = 'FULL'
        OR has(d.returned_by, toString(n.partner)) AND (
            of_quarter BETWEEN toDate32({first:String}) AND toDate32({last:String})
            OR d.is_compared AND of_quarter BETWEEN toDate32({previous_first:String}) AND toDate32({previous_last:String})))
ORDER BY measure, feed, partner, ref
