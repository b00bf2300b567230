-- Tables that are derived from others and have another order than this version of the software gives them, and the view that writes from
-- one of them, which goes first.
SELECT name
FROM
(
    SELECT
        name,
        (name = 'contributions' AND sorting_key NOT LIKE '%made_from%') OR (name = 'notices_kept' AND sorting_key NOT LIKE 'computed_at%') AS is_outdated,
        max(name = 'contributions' AND is_outdated) OVER () AS are_contributions
    FROM system.tables
    WHERE database = '{store}'
)
WHERE is_outdated OR (name = 'keep_dirty' AND are_contributions)
ORDER BY name DESC
