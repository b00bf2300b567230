-- Whether a contribution counts in the period from {first} to {last}: its span touches it (counts = 0), it is in force on the last day (1, G6),
-- or its span is the period (2). What holds since an earlier quarter counts if its partner has returned something of one of the quarters that
-- it touches, of a stock that of the last day (G9); `missing`: the quarters of which it has not.
multiIf(
    counts = 0, since <= {last} AND until >= {first} AND dateDiff('quarter', greatest(since, {first}), least(until, {last})) + 1
        > arrayCount(q -> q <= least(until, {last}) AND addMonths(q, 3) > greatest(since, {first}), missing),
    counts = 1, since <= {last} AND until >= {last} AND NOT arrayExists(q -> q <= {last} AND addMonths(q, 3) > {last}, missing),
    since = {first} AND until = {last})
