-- Returns that are said to be FULL.
    SELECT toString(record_type) AS record_type, toString(feed) AS feed, toString(partner) AS partner, quarter, ref, sent_at,
        assumeNotNull(declared_records) AS declared
    FROM {store}.notices_kept FINAL
    WHERE computed_at = notices_now AND partner != '' AND mode = 'FULL' AND kind = 'RETURN' AND declared_records IS NOT NULL
