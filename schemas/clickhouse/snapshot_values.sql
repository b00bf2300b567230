-- What a snapshot freezes of every measure and review figure: its number of the period, the same of a year before, the year to date, and
-- how it has changed, from {rows} of the periods 'this', 'last_year' and 'to_date' (measure_rows.sql).
-- A change compares with the same period a year before; that of a measure that is a change itself is of the numbers that it compares. None
-- where one of the two is not known or lacks a return (G8), or where the series began in between. Direction: whether that is what the plan wants (polarity).
-- A number is final when the snapshot may say so and every return that it needs is there; without one of those it is partial (G9).
SELECT
    id, title, unit, polarity, value, numerator, denominator, status, coverage, approximate, up_to, missing,
    last_year, last_year_coverage, last_year_approximate, last_year_up_to, change,
    year_to_date, year_to_date_coverage, year_to_date_approximate, year_to_date_up_to, trend, direction, definition_version, definition_hash
FROM
(
    SELECT
        each.id AS id, any(each.title) AS title, any(each.unit) AS unit, any(each.position) AS place, any(d.polarity) AS polarity,
        anyIf(each.value, each.period = 'this') AS value,
        anyIf(each.numerator, each.period = 'this') AS numerator,
        anyIf(each.denominator, each.period = 'this') AS denominator,
        anyIf(each.status, each.period = 'this') AS status_now,
        anyIf(each.coverage, each.period = 'this') AS coverage,
        anyIf(each.approximate, each.period = 'this') AS approximate,
        anyIf(each.up_to, each.period = 'this') AS up_to,
        anyIf(each.missing, each.period = 'this') AS missing,
        anyIf(each.coverage, each.period = 'last_year') AS last_year_coverage,
        anyIf(each.approximate, each.period = 'last_year') AS last_year_approximate,
        anyIf(each.up_to, each.period = 'last_year') AS last_year_up_to,
        anyIf(each.coverage, each.period = 'to_date') AS year_to_date_coverage,
        anyIf(each.approximate, each.period = 'to_date') AS year_to_date_approximate,
        anyIf(each.up_to, each.period = 'to_date') AS year_to_date_up_to,
        anyIf(each.definition_version, each.period = 'this') AS definition_version,
        anyIf(each.definition_hash, each.period = 'this') AS definition_hash,
        anyIf(each.missing, each.period = 'last_year') AS missing_before,
        anyIf(each.missing, each.period = 'to_date') AS missing_to_date,
        anyIf(each.status, each.period = 'last_year') AS status_before,
        anyIf(each.status, each.period = 'to_date') AS status_to_date,
        multiIf(status_now != 'provisional', status_now, notEmpty(missing), 'partial', {is_final:Bool}, 'final', status_now) AS status,
        anyIf(each.value, each.period = 'last_year') AS value_before,
        CAST(
            (value_before, if(status_before = 'provisional' AND notEmpty(missing_before), 'partial', status_before)),
            'Tuple(value Nullable(Float64), status String)') AS last_year,
        CAST(
            (
                anyIf(each.value, each.period = 'to_date'), anyIf(each.numerator, each.period = 'to_date'),
                anyIf(each.denominator, each.period = 'to_date'),
                multiIf(
                    status_to_date != 'provisional', status_to_date, notEmpty(missing_to_date), 'partial', {is_final:Bool}, 'final',
                    status_to_date)
            ),
            'Tuple(value Nullable(Float64), numerator Nullable(Float64), denominator Nullable(Float64), status String)') AS year_to_date,
        any(ifNull(toDate32('{last_year_first}') < d.series_from, false)) AS is_another_series,
        any(d.basis = 'change') AS is_change,
        multiIf(
            is_change, anyIf(each.delta, each.period = 'this'),
            is_another_series OR notEmpty(missing) OR notEmpty(missing_before), NULL,
            round(value - value_before, 6)) AS delta,
        multiIf(
            is_change, anyIf(each.percent, each.period = 'this'),
            delta IS NULL OR value_before = 0, NULL,
            {percent_of_change}) AS percent,
        CAST((delta, percent), 'Tuple(value Nullable(Float64), percent Nullable(Float64))') AS change,
        multiIf(delta IS NULL, 'unknown', delta > 0, 'up', delta < 0, 'down', 'level') AS trend,
        multiIf(
            trend = 'unknown', 'unknown', trend = 'level', 'same', polarity = 'neutral', 'neutral', trend = polarity, 'better',
            'worse') AS direction
    FROM
    (
{rows}
    ) AS each
    INNER JOIN {definitions} AS d ON d.id = each.id
    WHERE each.level = 'total' AND each.role != 'companion'
    GROUP BY each.id
)
ORDER BY place, id
