-- The views that readers use, replaced at every migration. They run with the rights of whoever migrates: BI users may read them and not
-- what they read from.

CREATE OR REPLACE VIEW {bi}.measure_definitions SQL SECURITY DEFINER AS
SELECT
    id, plan, role, beside, action, kind, record_type, title, wording, page, responsible, returned_by, unit, polarity, sensitivity, version,
    valid_from, series_from, notes, definition, definition_text, definition_hash
FROM {store}.definitions
ORDER BY position;

CREATE OR REPLACE VIEW {bi}.measures SQL SECURITY DEFINER AS
SELECT
    id, title, period, first, last, value, numerator, denominator, delta, percent, unit, status, coverage, approximate, up_to, missing, role,
    definition_version, definition_hash, watermark, computed_at
FROM {store}.all_measures
WHERE level = 'total'
ORDER BY first, last, position;

CREATE OR REPLACE VIEW {bi}.measures_by_ward SQL SECURITY DEFINER AS
SELECT
    id, title, period, first, last, key AS ward, value, numerator, denominator, delta, percent, unit, status, coverage, approximate, up_to, missing, role,
    definition_version, definition_hash, watermark, computed_at
FROM {store}.all_measures
WHERE level = 'ward';

CREATE OR REPLACE VIEW {bi}.measures_by_partner SQL SECURITY DEFINER AS
SELECT
    id, title, period, first, last, key AS partner, value, numerator, denominator, delta, percent, unit, status, coverage, approximate, up_to, missing, role,
    definition_version, definition_hash, watermark, computed_at
FROM {store}.all_measures
WHERE level = 'partner';

CREATE OR REPLACE VIEW {bi}.snapshots SQL SECURITY DEFINER AS
SELECT
    id, period, first, last, revision, revision = max(revision) OVER (PARTITION BY period) AS is_latest, provisional, reason, taken_at,
    taken_by, known_at, software, contents, watermark, values_hash, ledger_hash, hash
FROM {stores}.snapshots FINAL;

CREATE OR REPLACE VIEW {bi}.snapshot_values SQL SECURITY DEFINER AS
SELECT
    v.snapshot AS snapshot, v.period AS period, v.revision AS revision, s.is_latest AS is_latest, s.provisional AS provisional, v.id AS id,
    v.title AS title, v.unit AS unit, v.polarity AS polarity, v.value AS value, v.numerator AS numerator, v.denominator AS denominator,
    v.status AS status, v.coverage AS coverage, v.approximate AS approximate, v.up_to AS up_to, v.missing AS missing,
    v.last_year AS last_year, v.last_year_coverage AS last_year_coverage, v.last_year_approximate AS last_year_approximate,
    v.last_year_up_to AS last_year_up_to, v.change AS change,
    v.year_to_date AS year_to_date, v.year_to_date_coverage AS year_to_date_coverage,
    v.year_to_date_approximate AS year_to_date_approximate, v.year_to_date_up_to AS year_to_date_up_to,
    v.trend AS trend, v.direction AS direction,
    v.definition_version AS definition_version, v.definition_hash AS definition_hash, v.comment AS comment, s.taken_at AS taken_at
FROM {stores}.snapshot_values AS v FINAL
INNER JOIN
(
    SELECT id, provisional, taken_at, revision = max(revision) OVER (PARTITION BY period) AS is_latest FROM {stores}.snapshots FINAL
) AS s ON s.id = v.snapshot
ORDER BY v.period, v.revision, v.position;

CREATE OR REPLACE VIEW {bi}.snapshot_changes SQL SECURITY DEFINER AS
SELECT snapshot, period, revision, id, before, after, cause, change, count, records
FROM {stores}.snapshot_changes FINAL
ORDER BY period, revision, position
