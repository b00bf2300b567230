-- The rows of measures, from {cells} (record_type, measure, period, level, key, n, computed_at, watermark) and {periods} (id,
-- first, last, previous, shown).
-- Totals are there for every measure and period, zero included; a ward or partner only where something counted.
-- A change compares with the same span a year before (G8); a percentage is rounded once, half away from zero, in
-- integers, and is null over nothing.
-- {cells} stands here once: several readings could see several refreshes.
WITH
    sides AS
    (
        SELECT
            c.record_type AS record_type, c.measure AS measure, p.target AS period, c.level AS level, c.key AS key,
            if(p.is_base, 0., c.n) AS this, if(p.is_base, c.n, 0.) AS before,
            c.computed_at AS computed_at, c.watermark AS watermark
        FROM {cells} AS c
        INNER JOIN
        (
            SELECT id AS source, id AS target, false AS is_base FROM {periods}
            UNION ALL
            SELECT previous, id, true FROM {periods} WHERE shown
            UNION ALL
            SELECT '', '', false
        ) AS p ON p.source = c.period
        UNION ALL
        SELECT
            d.record_type, d.id, p.id, 'total', '', 0., 0., toDateTime64(0, 6, 'UTC'),
            CAST(map(), 'Map(String, UInt64)')
        FROM {store}.definitions AS d
        CROSS JOIN {periods} AS p
    ),
    sums AS
    (
        SELECT
            record_type, measure, period, level, key, sum(this) AS n, sum(before) AS n_before,
            max(computed_at) AS of_refresh, any(watermark) AS up_to
        FROM sides
        GROUP BY record_type, measure, period, level, key
    ),
    marked AS
    (
        SELECT
            measure, period, level, key, n, n_before,
            max(of_refresh) OVER (PARTITION BY record_type) AS computed_at,
            argMax(up_to, level = 'refresh') OVER (PARTITION BY record_type) AS watermark,
            sumIf(n, level = 'returned') OVER (PARTITION BY measure, period) AS returned
        FROM sums
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
    CAST((s.returned, length(d.returned_by)), 'Tuple(returned UInt16, expected UInt16)') AS coverage,
    d.version AS definition_version,
    d.definition_hash AS definition_hash,
    s.watermark AS watermark,
    s.computed_at AS computed_at,
    d.position AS position
FROM marked AS s
INNER JOIN {store}.definitions AS d ON d.id = s.measure
INNER JOIN {periods} AS p ON p.id = s.period AND p.shown
WHERE s.level IN ('total', 'ward', 'partner')
