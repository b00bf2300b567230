-- Columns that the tables of snapshots' numbers got since they were first made: what is known of the numbers beside the period's own.
ALTER TABLE {stores}.{table}
    ADD COLUMN IF NOT EXISTS last_year_coverage Tuple(returned UInt16, expected UInt16) COMMENT 'of the same period a year before' AFTER last_year,
    ADD COLUMN IF NOT EXISTS last_year_approximate Bool AFTER last_year_coverage,
    ADD COLUMN IF NOT EXISTS last_year_up_to Bool AFTER last_year_approximate;

ALTER TABLE {stores}.{table}
    ADD COLUMN IF NOT EXISTS year_to_date_coverage Tuple(returned UInt16, expected UInt16) COMMENT 'of the year to date' AFTER year_to_date,
    ADD COLUMN IF NOT EXISTS year_to_date_approximate Bool AFTER year_to_date_coverage,
    ADD COLUMN IF NOT EXISTS year_to_date_up_to Bool AFTER year_to_date_approximate
