-- Of the rows of a version log those of records of which some version has to do with a quarter that is wanted ({windows}, by the spans of
-- placings.sql), or has no date, or came in a FULL return: whether all of that arrived is counted over all of its records.
WHERE sipHash64(feed, partner, ref) IN
(
    SELECT sipHash64(feed, partner, ref)
    FROM {log}
    WHERE empty(arrayFilter(s -> op != 'WITHDRAW' AND s.1 IS NOT NULL, arrayConcat({spans})) AS dated)
        OR arrayExists(
            s -> {windows},
            arrayMap(s -> (assumeNotNull(least(s.1, ifNull(s.2, s.1))), assumeNotNull(greatest(s.1, ifNull(s.2, s.1)))), dated))
        OR (return_id != '' AND upperUTF8(trimBoth(return_id)) IN (SELECT ref FROM {notices} WHERE mode = 'FULL'))
)
