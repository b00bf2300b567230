SELECT id, title, period, key, value, numerator, denominator, unit, status, coverage, approximate, up_to, missing, definition_version,
    definition_hash, watermark, computed_at
FROM {store}.all_measures_between(
    first = {first:Date32}, last = {last:Date32},
    previous_first = {previous_first:Date32}, previous_last = {previous_last:Date32})
WHERE level = {level:String} AND if({id:String} = '', role != 'companion', id = {id:String})
ORDER BY position, key
