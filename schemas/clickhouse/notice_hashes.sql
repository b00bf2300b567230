-- A hash of the notices about each quarter of each record type.
SELECT record_type, CAST((groupArray(quarter), groupArray(hash)), 'Map(Date32, UInt64)') AS hashes
FROM
(
    SELECT
        toString(record_type) AS record_type, quarter,
        sipHash64(arraySort(groupArray((partner, feed, kind, scope, mode, ifNull(declared_records, -1), ref, sent_at)))) AS hash
    FROM {notices}
    WHERE kind != 'EXTENSION'
    GROUP BY record_type, quarter
    ORDER BY record_type, quarter
)
GROUP BY record_type
