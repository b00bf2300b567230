-- Partitions of contributions that no definitions in force have made and no preparation names.
SELECT DISTINCT partition_id
FROM system.parts
WHERE database = '{store}' AND table = 'contributions' AND active
    AND partition NOT IN (
        SELECT toString((record_type, made_by)) FROM {store}.definitions_in_force
        UNION ALL
        SELECT toString((record_type, made_by)) FROM {store}.prepared_newest)
