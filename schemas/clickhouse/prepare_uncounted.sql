-- As prepare.sql, of record types of which nothing is counted: there is nothing to compute again, only a watermark to note. Planning the
-- other one would cost more than all else that a message of such a type does.
INSERT INTO {store}.prepared (record_type, prepared_at, watermark, made_by, definitions, periods, quarters, notices, fulls)
WITH (SELECT max(prepared_at) FROM {store}.prepared) AS newest
SELECT
    asked.1 AS record_type, greatest(now64(6, 'UTC'), newest + INTERVAL 1 MICROSECOND) AS prepared_at, asked.2 AS watermark,
    '' AS made_by, '  ' AS definitions, [] AS periods, [] AS quarters, CAST(map(), 'Map(Date32, UInt64)') AS notices, [] AS fulls
FROM (SELECT arrayJoin({asked}) AS asked)
WHERE asked.1 NOT IN (SELECT record_type FROM {store}.definitions WHERE record_type != '')
    AND NOT (SELECT argMax(is_under_way, at) FROM {store}.migrations)
    AND NOT (SELECT argMax(until, at) > now64(6, 'UTC') FROM {store}.holds)
