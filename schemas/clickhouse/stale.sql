-- Record types with rows, or return notices, that their newest refresh has not seen, or whose definitions are others than it was made
-- with.
SELECT DISTINCT p.record_type AS record_type
FROM
(
    SELECT record_type, concat(topic, '/', toString(kafka_partition)) AS place, next_offset FROM {store}.positions FINAL
    UNION ALL
    SELECT d.record_type, n.place, n.next_offset
    FROM
    (
        SELECT arrayJoin(arrayZip(mapKeys(watermark), mapValues(watermark))) AS each, each.1 AS place, each.2 AS next_offset
        FROM {store}.newest_refreshes
        WHERE record_type = '{notices}'
    ) AS n
    CROSS JOIN {store}.definitions_in_force AS d
) AS p
LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = p.record_type
LEFT JOIN {store}.definitions_in_force AS d ON d.record_type = p.record_type
WHERE p.next_offset > r.watermark[p.place] OR r.definitions != d.hash
ORDER BY record_type
