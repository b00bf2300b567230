-- What changes whenever rows of a record type are noted or refreshed: what was read between two equal answers was read at one moment.
SELECT hex(sipHash64(
    (
        SELECT arraySort(groupArray((toString(topic), kafka_partition, next_offset)))
        FROM {store}.positions FINAL
        WHERE record_type = '{record_type}'
    ),
    (
        SELECT groupArray((watermark, definitions, computed_at))
        FROM {store}.newest_refreshes
        WHERE record_type = '{record_type}'
    ))) AS moment
