-- The rows of measures, from {cells} (record_type, measure, period, level, key, n, computed_at, watermark, approximate, up_to, returned,
-- returns, missing) and {periods} (id, first, last, previous, previous_first, shown).
-- Totals are there for every measure and period, zero included, and one row for each partner whose return is needed; a ward only where
-- something counted.
-- A change compares with the same span a year before (G8), a ratio with another measure. The value of a change has one form, and both
-- forms stand beside. Percentages and ratios are rounded once, half away
-- from zero, in integers of millionths, and are null over nothing. A rank is the place of the plan's district among the areas.
-- The status (G9) tells zero, nil, not returned, not applicable and conflict apart; what was never computed is unknown.
-- {cells} stands here once: several readings could see several refreshes.
WITH
    uses AS
    (
        SELECT id AS source, id AS target, false AS is_below FROM {definitions} WHERE basis != 'ratio'
        UNION ALL
        SELECT numerator_id, id, false FROM {definitions} WHERE basis = 'ratio'
        UNION ALL
        SELECT denominator_id, id, true FROM {definitions} WHERE basis = 'ratio'
        UNION ALL
        SELECT '', '', false
    ),
    sides AS
    (
        SELECT
            c.record_type AS record_type, u.target AS measure, p.target AS period, c.level AS level, c.key AS key,
            multiIf(u.is_below, 'below', p.is_base, 'before', 'this') AS side,
            c.n AS number, c.approximate AS is_approximate, c.up_to AS is_up_to, c.returned AS partners, c.returns AS state_of_all,
            c.missing AS missing_of, c.computed_at AS computed_at, c.watermark AS watermark
        FROM {cells} AS c
        INNER JOIN
        (
            SELECT id AS source, id AS target, false AS is_base FROM {periods}
            UNION ALL
            SELECT previous, id, true FROM {periods} WHERE shown
        ) AS p ON p.source = c.period
        INNER JOIN uses AS u ON u.source = c.measure
        WHERE NOT (p.is_base AND (u.is_below OR c.level = 'refresh'))
            AND (c.level = 'refresh' OR (c.record_type, c.measure) IN (SELECT record_type, id FROM {definitions}))
        UNION ALL
        SELECT
            d.record_type, d.id, p.id, 'total', '', '', 0., false, false, 0, '', CAST([], 'Array(String)'),
            toDateTime64(0, 6, 'UTC'), CAST(map(), 'Map(String, UInt64)')
        FROM {definitions} AS d
        CROSS JOIN {periods} AS p
    ),
    sums AS
    (
        SELECT
            record_type, measure, period, level, key,
            sumIf(number, side = 'this') AS n, sumIf(number, side = 'before') AS n_before, sumIf(number, side = 'below') AS n_below,
            countIf(side = 'this') > 0 AS has_this, countIf(side = 'before') > 0 AS has_before,
            maxIf(is_approximate, side = 'this') AS any_approximate, maxIf(is_up_to, side = 'this') AS any_up_to,
            sumIf(partners, side = 'this') AS returned,
            maxIf(state_of_all, side = 'this') AS returns, maxIf(state_of_all, side = 'before') AS returns_before,
            arraySort(groupUniqArrayArrayIf(missing_of, side = 'this')) AS missing,
            arraySort(groupUniqArrayArrayIf(missing_of, side = 'before')) AS missing_before,
            max(computed_at) AS refreshed_at, any(watermark) AS up_to_offsets
        FROM sides
        GROUP BY record_type, measure, period, level, key
    ),
    marked AS
    (
        SELECT
            measure, period, level, key, n, n_before, n_below, any_approximate, any_up_to,
            max(refreshed_at) OVER of_refresh AS computed_at,
            argMax(up_to_offsets, level = 'refresh') OVER of_refresh AS watermark,
            if(level = 'ward', maxIf(returned, level = 'total') OVER of_all, returned) AS returned,
            if(level = 'ward', maxIf(returns, level = 'total') OVER of_all, returns) AS returns,
            if(level = 'ward', maxIf(returns_before, level = 'total') OVER of_all, returns_before) AS returns_before,
            missing, missing_before,
            if(level = 'ward', maxIf(notEmpty(missing), level = 'total') OVER of_all, notEmpty(missing)) AS is_missing,
            if(level = 'ward', maxIf(notEmpty(missing_before), level = 'total') OVER of_all, notEmpty(missing_before)) AS is_before_missing,
            multiIf(level = 'partner', key, level = 'area' AND position(key, ' ') > 0, splitByChar(' ', key)[1], '') AS whose,
            groupArrayIf((splitByChar(' ', key)[-1], n, n_before, has_this, has_before), level = 'area') OVER of_one AS rivals
        FROM sums
        WINDOW of_all AS (PARTITION BY measure, period), of_one AS (PARTITION BY measure, period, whose), of_refresh AS (PARTITION BY record_type, period)
    ),
    judged AS
    (
        SELECT
            s.level AS level, s.key AS key, s.n AS n, s.n_before AS n_before, s.n_below AS n_below, s.any_approximate AS any_approximate,
            s.any_up_to AS any_up_to, s.computed_at AS computed_at, s.watermark AS watermark, s.returned AS returned, s.missing AS missing_this,
            s.missing_before AS missing_before, s.is_missing AS is_missing,
            s.is_before_missing AS is_before_missing,
            d.id AS id, d.record_type AS record_type, d.title AS title, d.position AS position, d.role AS role, d.unit AS unit, d.basis AS basis, d.change AS change,
            d.decimals AS decimals, d.times AS times, d.expected AS expected, d.version AS version, d.definition_hash AS definition_hash,
            d.areas AS areas, length(d.returned_by) AS expected_partners, d.series_from AS series_from,
            s.period AS period, p.first AS first, p.last AS last, p.previous_first AS previous_first,
            if(d.basis = 'ratio', n_below, n) AS counted,
            multiIf(
                d.basis = 'nothing' OR s.returns = '', 'unknown',
                s.returns = 'conflict' OR (s.returns = 'not_applicable' AND counted != 0), 'conflict',
                s.returns = 'not_applicable', 'not_applicable',
                s.returns = 'not_returned', 'not_returned',
                s.returns = 'nil' AND counted = 0 AND NOT s.is_missing, 'nil',
                'provisional') AS status_this,
            multiIf(
                s.returns_before = 'conflict' OR (s.returns_before = 'not_applicable' AND n_before != 0), 'conflict',
                s.returns_before = 'not_applicable', 'not_applicable',
                s.returns_before IN ('not_returned', ''), 'not_returned',
                'provisional') AS status_before,
            -- (area, what it is ranked by) of the areas of which that is known.
            arrayFilter(a -> a.2 IS NOT NULL, arrayMap(
                a -> (a.1, multiIf(NOT a.4, NULL, NOT d.rank_of_change, a.2, NOT a.5 OR a.3 = 0, NULL, a.2 / a.3)),
                arrayFilter(a -> has(d.areas, a.1), s.rivals))) AS ranked,
            assumeNotNull(arrayFirst(a -> a.1 = d.district, ranked).2) AS own,
            1 + arrayCount(a -> if(d.descending, a.2 > own, a.2 < own), ranked) AS place
        FROM marked AS s
        INNER JOIN {definitions} AS d ON d.id = s.measure
        INNER JOIN {periods} AS p ON p.id = s.period AND p.shown
        WHERE s.level IN ('total', 'ward', 'partner')
    )
SELECT
    id, title, period, first, last, level, key,
    multiIf(
        status_this IN ('unknown', 'not_applicable', 'not_returned'), status_this,
        basis = 'change' AND (is_missing OR is_before_missing OR status_before IN ('not_applicable', 'not_returned')
            OR ifNull(previous_first < series_from, false)), 'unknown',
        basis = 'change' AND status_before = 'conflict', 'conflict',
        basis = 'ratio' AND n_below = 0, 'unknown',
        basis = 'rank' AND length(ranked) < length(areas), 'unknown',
        status_this) AS status,
    multiIf(
        status IN ('unknown', 'not_applicable', 'not_returned'), NULL,
        basis = 'rank', toFloat64(place),
        basis = 'ratio', {ratio},
        change = 'delta', n - n_before,
        change = 'percent', if(n_before = 0, NULL, {percent}),
        n) AS value,
    multiIf(
        status_this IN ('unknown', 'not_applicable', 'not_returned'), NULL,
        basis = 'rank', if(length(ranked) < length(areas), NULL, own),
        n) AS numerator,
    multiIf(
        status_this IN ('unknown', 'not_applicable', 'not_returned'), NULL,
        basis = 'change', if(status_before IN ('not_applicable', 'not_returned'), NULL, n_before),
        basis = 'ratio', n_below,
        basis = 'milestone', toFloat64(expected),
        basis = 'rank', toFloat64(length(areas)),
        NULL) AS denominator,
    if(basis != 'change' OR status IN ('unknown', 'not_applicable', 'not_returned'), NULL, n - n_before) AS delta,
    if(delta IS NULL OR n_before = 0, NULL, {percent_of_change}) AS percent,
    unit,
    toBool(any_approximate AND value IS NOT NULL) AS approximate,
    toBool(any_up_to AND value IS NOT NULL) AS up_to,
    if(basis = 'change', arraySort(arrayDistinct(arrayConcat(missing_this, missing_before))), missing_this) AS missing,
    CAST((returned, if(level = 'partner', 1, expected_partners)), 'Tuple(returned UInt16, expected UInt16)') AS coverage,
    version AS definition_version,
    definition_hash,
    watermark,
    computed_at,
    position,
    role,
    record_type
FROM judged
