-- The views that readers use, replaced at every migration. Those of {bi} run with the rights of whoever migrates: BI users may
-- read them and not what they read from.

CREATE OR REPLACE VIEW {bi}.measure_definitions SQL SECURITY DEFINER AS
SELECT
    id, plan, role, beside, action, kind, record_type, title, wording, page, responsible, returned_by, unit, polarity, sensitivity, version,
    valid_from, series_from, notes, definition, definition_text, definition_hash
FROM {store}.definitions
ORDER BY position;

CREATE OR REPLACE VIEW {store}.newest_refreshes AS
SELECT toString(record_type) AS record_type, computed_at, watermark, definitions, notices, prepared_at
FROM {store}.measure_cells FINAL
WHERE measure = '' AND level = 'refresh' AND period = ''
UNION ALL
SELECT '{notices}', computed_at, watermark, '', CAST(map(), 'Map(Date32, UInt64)'), computed_at
FROM {store}.notices_kept
WHERE partner = '' AND computed_at = (SELECT max(computed_at) FROM {store}.notices_kept);

CREATE OR REPLACE VIEW {store}.prepared_newest AS
SELECT toString(record_type) AS record_type, prepared_at, watermark, made_by, definitions, periods, quarters, notices, fulls, notices_at
FROM {store}.prepared FINAL;

CREATE OR REPLACE VIEW {store}.newest_cells AS
{newest_cells};

CREATE OR REPLACE VIEW {store}.all_measures AS
{kept_rows};

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
