-- Whether a row of contributions is made from messages below the watermarks only.
limits[toString(place)] > last_offset AND arrayAll(e -> limits[toString(e.1)] > e.2, elsewhere)
