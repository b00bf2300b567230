-- What the newest refresh of every record type at or before {at} was made of.
            SELECT
                toString(record_type) AS record_type, splitByChar(' ', argMax(definitions, computed_at))[1] AS made_by,
                argMax(watermark, computed_at) AS watermark, argMax(fulls, computed_at) AS fulls, argMax(notices_at, computed_at) AS notices_at
            FROM {store}.measure_cells FINAL
            WHERE measure = '' AND period = '' AND level = 'shown' AND computed_at <= {at:DateTime64(6, 'UTC')}
            GROUP BY record_type
