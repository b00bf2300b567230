    SELECT
        toString(b.topic) AS topic, b.kafka_partition AS kafka_partition, countIf(outcome = 'live') AS live,
        countIf(outcome = 'superseded') AS superseded, countIf(outcome = 'withdrawn') AS withdrawn, countIf(outcome = 'duplicate') AS duplicate,
        countIf(outcome = 'conflict') AS conflict, countIf(outcome = 'orphan') AS orphan
    FROM {store}.outcomes_{record_type} AS b
    INNER JOIN (SELECT topic, kafka_partition, next_offset FROM {store}.positions FINAL) AS n
        ON n.topic = b.topic AND n.kafka_partition = b.kafka_partition
    WHERE b.kafka_offset < n.next_offset
    GROUP BY topic, kafka_partition
