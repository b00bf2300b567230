-- The cells of a record type that no measure is counted from.
SELECT '' AS measure, '' AS period_id, '' AS level, '' AS key, 0. AS n, false AS approximate, false AS up_to, 0 AS returned, '' AS returns,
    CAST([], 'Array(String)') AS missing
WHERE false
