-- Record types with rows or return notices that their newest refresh has not seen, or whose definitions are others than it was made
-- with: where their log stands, up to where it is refreshed, and whether all of it is to be placed anew.
SELECT
    t.record_type AS record_type, p.positions AS positions, r.watermark AS watermark,
    toBool(splitByChar(' ', r.definitions)[1] != d.made_by) AS whole, toBool(d.made_by != '') AS is_counted,
    toBool(d.months_looked_back > 0) AS looks_back, d.made_by AS made_by, d.hash AS definitions
FROM
(
    SELECT toString(record_type) AS record_type FROM {store}.positions WHERE record_type != ''
    UNION DISTINCT
    SELECT record_type FROM {store}.definitions_in_force
) AS t
LEFT JOIN
(
    SELECT
        toString(record_type) AS record_type,
        mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(next_offset)) AS positions
    FROM {store}.positions FINAL
    GROUP BY record_type
) AS p ON p.record_type = t.record_type
LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = t.record_type
LEFT JOIN {store}.definitions_in_force AS d ON d.record_type = t.record_type
LEFT JOIN {store}.notice_hashes AS n ON n.record_type = t.record_type
WHERE NOT (SELECT argMax(is_under_way, at) FROM {store}.migrations)
    AND NOT (SELECT argMax(until, at) > now64(6, 'UTC') FROM {store}.holds)
    AND ((is_counted AND (splitByChar(' ', r.definitions)[1] != d.made_by OR splitByChar(' ', r.definitions)[2] != d.hash))
        OR (is_counted AND n.hashes != r.notices)
        OR arrayExists((place, next_offset) -> next_offset > r.watermark[place], mapKeys(p.positions), mapValues(p.positions)))
ORDER BY record_type
