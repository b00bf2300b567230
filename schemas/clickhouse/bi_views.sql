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
WHERE level = 'partner'
