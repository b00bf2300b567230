SELECT id, title, period, first, last, level, key, value, numerator, denominator, delta, percent, unit, status, coverage, approximate, up_to, missing, definition_version,
    definition_hash, watermark, computed_at, position
FROM
(
{rows}
)
WHERE {period:String} IN ('', period) AND {level:String} IN ('', level) AND if({id:String} = '', role != 'companion', id = {id:String})
ORDER BY position, key
