-- The newest preparation of every record type.
            SELECT d.record_type AS record_type, n.made_by AS made_by, n.watermark AS watermark, n.fulls AS fulls, n.notices_at AS notices_at,
                now64(6, 'UTC') AS computed_at
            FROM {store}.definitions_in_force AS d
            LEFT JOIN {store}.prepared_newest AS n ON n.record_type = d.record_type
