SELECT id, title, period, first, last, key, value, numerator, denominator, delta, percent, unit, status, coverage, approximate, up_to, missing, definition_version,
    definition_hash, watermark, computed_at, position
FROM
(
{rows}
)
WHERE level = {level:String} AND if({id:String} = '', role != 'companion', id = {id:String})
ORDER BY position, key
