-- The records of one type that count, by feed, partner and the quarter of their first date, and when the messages about them came.
-- {quarters}: an array of first days.
    SELECT feed, partner, first_of AS quarter, uniqExact(ref) AS records, min(kafka_time) AS first_at, max(kafka_time) AS last_at
    FROM
    (
        SELECT toString(feed) AS feed, toString(partner) AS partner, ref, kafka_time FROM {log}
    ) AS of_log
    INNER JOIN
    (
        SELECT toString(feed) AS feed, toString(partner) AS partner, ref, argMax(first_quarter, seen) AS first_of
        FROM {store}.contributions
        WHERE (record_type, made_by) IN (SELECT record_type, made_by FROM {store}.definitions_in_force WHERE record_type = '{record_type}')
            AND quarter IN (SELECT arrayJoin(arrayPushFront({quarters}, toDate32('1900-01-01'))))
        GROUP BY feed, partner, ref
        HAVING argMax(counts, seen) AND has({quarters}, first_of)
    ) AS counted USING (feed, partner, ref)
    GROUP BY feed, partner, first_of
