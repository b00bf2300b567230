-- Returns that are said to be FULL. One of a part of a feed says nothing of the rest, and is none.
    SELECT toString(record_type) AS record_type, toString(feed) AS feed, toString(partner) AS partner, quarter, ref, sent_at,
        assumeNotNull(declared_records) AS declared
    FROM {store}.notices_kept FINAL
    WHERE computed_at = notices_now AND partner != '' AND empty(scope) AND mode = 'FULL' AND kind = 'RETURN' AND declared_records IS NOT NULL
