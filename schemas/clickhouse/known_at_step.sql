-- Whether a row of contributions is made from messages below the watermarks of a step between two snapshots: of the records that have
-- changed by then below those of the later one, of the others below those of the earlier one (changes.sql).
if(
    record_hash IN (SELECT record_hash FROM {store}.changes WHERE step <= {step:UInt8}),
    limits[toString(place)] > last_offset AND arrayAll(e -> limits[toString(e.1)] > e.2, elsewhere),
    (SELECT watermark FROM {store}.limits_before)[toString(place)] > last_offset
        AND arrayAll(e -> (SELECT watermark FROM {store}.limits_before)[toString(e.1)] > e.2, elsewhere))
