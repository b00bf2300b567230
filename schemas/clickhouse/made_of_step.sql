-- What a step between two snapshots is made of: the messages of the later one (known_at_step.sql says of which records), by the notices and
-- FULL returns of the earlier one, whose part of a change is taken last.
            SELECT d.record_type AS record_type, n.made_by AS made_by, n.watermark AS watermark, b.fulls AS fulls, b.notices_at AS notices_at,
                now64(6, 'UTC') AS computed_at
            FROM {store}.definitions_in_force AS d
            LEFT JOIN {store}.prepared_newest AS n ON n.record_type = d.record_type
            LEFT JOIN {store}.before AS b ON b.record_type = d.record_type
