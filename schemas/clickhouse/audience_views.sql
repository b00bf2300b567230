-- What BI tools of one audience read, in a database of their own: they are given a user that reads it and nothing else. Neither offsets
-- nor the hashes of numbers, from which a hidden one could be found by trying, nor ledgers and reasons, which speak of records.

CREATE DATABASE IF NOT EXISTS {shown};

CREATE OR REPLACE VIEW {shown}.snapshots SQL SECURITY DEFINER AS
SELECT
    id, period, first, last, revision, revision = max(revision) OVER (PARTITION BY period) AS is_latest, provisional, taken_at
FROM {stores}.snapshots FINAL
WHERE id IN (SELECT snapshot FROM {stores}.shown_values WHERE audience = '{audience}')
ORDER BY first, last, revision;

CREATE OR REPLACE VIEW {shown}.snapshot_values SQL SECURITY DEFINER AS
SELECT
    v.snapshot AS snapshot, v.period AS period, v.revision AS revision,
    v.revision = max(v.revision) OVER (PARTITION BY v.period) AS is_latest, v.id AS id, v.title AS title, v.unit AS unit,
    v.polarity AS polarity, v.value AS value, v.numerator AS numerator, v.denominator AS denominator, v.status AS status,
    v.coverage AS coverage, v.approximate AS approximate, v.up_to AS up_to, v.missing AS missing,
    v.last_year AS last_year, v.last_year_coverage AS last_year_coverage, v.last_year_approximate AS last_year_approximate,
    v.last_year_up_to AS last_year_up_to, v.change AS change,
    v.year_to_date AS year_to_date, v.year_to_date_coverage AS year_to_date_coverage,
    v.year_to_date_approximate AS year_to_date_approximate, v.year_to_date_up_to AS year_to_date_up_to,
    v.trend AS trend, v.direction AS direction,
    v.definition_version AS definition_version, v.definition_hash AS definition_hash, v.comment AS comment,
    v.hidden AS hidden
FROM {stores}.shown_values AS v FINAL
WHERE v.audience = '{audience}'
ORDER BY v.period, v.revision, v.position
