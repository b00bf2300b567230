-- What the newest refresh of every record type at or before {at} was made of.
            SELECT
                record_type, splitByChar(' ', newest.1)[1] AS made_by, newest.2 AS watermark, newest.3 AS fulls, newest.4 AS notices_at,
                newest.5 AS computed_at
            FROM
            (
                SELECT
                    toString(record_type) AS record_type,
                    argMax((definitions, watermark, fulls, notices_at, computed_at), computed_at) AS newest
                FROM {store}.measure_cells FINAL
                WHERE measure = '' AND period = '' AND level = 'shown' AND computed_at <= {at:DateTime64(6, 'UTC')}
                GROUP BY record_type
            )
