-- The rows of measures, from {cells} (measure, period, level, key, n) and {periods} (id, first, last, previous, shown).
-- Totals are there for every measure and period, zero included; a ward or partner only where something counted.
-- A change compares with the same span a year before (G8); a percentage is rounded once, half away from zero, in
-- integers, and is null over nothing.
WITH
    sides AS
    (
        SELECT measure, period, level, key, n AS this, 0. AS before FROM {cells}
        UNION ALL
        SELECT c.measure, p.id, c.level, c.key, 0., c.n
        FROM {cells} AS c
        INNER JOIN {periods} AS p ON p.previous = c.period
        UNION ALL
        SELECT d.id, p.id, 'total', '', 0., 0.
        FROM {store}.definitions AS d
        CROSS JOIN {periods} AS p
    ),
    sums AS
    (
        SELECT measure, period, level, key, sum(this) AS n, sum(before) AS n_before
        FROM sides
        GROUP BY measure, period, level, key
    ),
    presence AS
    (
        SELECT substring(measure, 2) AS record_type, period, groupArray(key) AS partners
        FROM {cells}
        WHERE startsWith(measure, '@') AND level = 'partner'
        GROUP BY record_type, period
    )
SELECT
    d.id AS id,
    d.title AS title,
    p.id AS period,
    p.first AS first,
    p.last AS last,
    s.level AS level,
    s.key AS key,
    multiIf(
        d.change = 'none', s.n,
        d.change = 'delta', s.n - s.n_before,
        s.n_before = 0, NULL,
        sign(s.n - s.n_before)
            * intDiv(toInt128(abs(s.n - s.n_before)) * 200 * toInt128(exp10(d.decimals)) + toInt128(s.n_before),
                     2 * greatest(toInt128(s.n_before), 1))
            / exp10(d.decimals)) AS value,
    s.n AS numerator,
    if(d.change = 'none', NULL, s.n_before) AS denominator,
    d.unit AS unit,
    'provisional' AS status,
    CAST((arrayCount(partner -> has(r.partners, partner), d.returned_by), length(d.returned_by)),
         'Tuple(returned UInt16, expected UInt16)') AS coverage,
    d.version AS definition_version,
    f.watermark AS watermark,
    f.computed_at AS computed_at,
    d.position AS position
FROM sums AS s
INNER JOIN {store}.definitions AS d ON d.id = s.measure
INNER JOIN {periods} AS p ON p.id = s.period AND p.shown
LEFT JOIN presence AS r ON r.record_type = d.record_type AND r.period = s.period
LEFT JOIN {store}.newest_refreshes AS f ON f.record_type = d.record_type
