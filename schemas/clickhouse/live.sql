-- The records of one type that count, each in its live version. All versions of all records are looked at: for types with few
-- records, and for people.
CREATE OR REPLACE VIEW {live} AS
SELECT {columns}
FROM {log} FINAL
WHERE (topic, kafka_partition, kafka_offset) IN (
    SELECT topic, kafka_partition, kafka_offset FROM {store}.outcomes_{record_type} WHERE outcome = 'live')
