-- The watermarks of all that is `wanted`. A partition of notices stands in several, and is not asked for: notices are in no contributions.
SELECT CAST((groupArrayArray(mapKeys(w.6)), groupArrayArray(mapValues(w.6))), 'Map(String, UInt64)') FROM (SELECT arrayJoin(wanted) AS w)
