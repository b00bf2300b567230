-- What readers see of each record type. Notices are kept before the numbers that they change are computed: they are seen when the measures of
-- every record type have been computed from them.
SELECT watermark, toUnixTimestamp64Micro(computed_at) AS computed_at_us
FROM {store}.newest_refreshes
WHERE record_type != '{notices}' OR NOT (
    SELECT countIf(n.hashes != r.notices) > 0
    FROM {store}.definitions_in_force AS d
    LEFT JOIN {store}.newest_refreshes AS r ON r.record_type = d.record_type
    LEFT JOIN {store}.notice_hashes AS n ON n.record_type = d.record_type
    WHERE d.made_by != '')
