-- Which measures each definition has a part in: itself, and ratios of it.
    SELECT id AS source, id AS target FROM {store}.definitions
    UNION ALL
    SELECT numerator_id, id FROM {store}.definitions WHERE basis = 'ratio'
    UNION ALL
    SELECT denominator_id, id FROM {store}.definitions WHERE basis = 'ratio'
