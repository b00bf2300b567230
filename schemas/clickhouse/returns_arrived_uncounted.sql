-- The same as returns_arrived.sql of a record type of which nothing is counted, so that its records are placed in no quarter. {first_quarter}: the quarter of a
-- record's first date.
    SELECT feed, partner, first_of AS quarter, uniqExact(ref) AS records, min(kafka_time) AS first_at, max(kafka_time) AS last_at
    FROM
    (
        SELECT toString(feed) AS feed, toString(partner) AS partner, ref, kafka_time FROM {log}
    ) AS of_log
    INNER JOIN
    (
        SELECT toString(feed) AS feed, toString(partner) AS partner, ref, {first_quarter} AS first_of
        FROM {live}
        WHERE has({quarters}, first_of)
    ) AS present USING (feed, partner, ref)
    GROUP BY feed, partner, first_of
