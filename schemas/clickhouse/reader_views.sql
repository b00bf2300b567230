-- What the views of readers are made of, replaced at every migration.

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
{kept_rows}
