    SELECT toString(b.topic) AS topic, b.kafka_partition AS kafka_partition, groupBitmapState(b.kafka_offset) AS offsets
    FROM {log} AS b
    INNER JOIN (SELECT topic, kafka_partition, next_offset FROM {store}.positions FINAL) AS n
        ON n.topic = b.topic AND n.kafka_partition = b.kafka_partition
    WHERE b.kafka_offset < n.next_offset
    GROUP BY topic, kafka_partition
