-- When each notice about a quarter of a whole feed was sent first: an amendment of it does not come later.
SELECT
    toString(covered_feed) AS feed, toString(partner) AS partner,
    toDate32(addMonths(makeDate32(toInt32OrZero(substring(fy, 1, 4)), 4, 1), 3 * (n.quarter - 1))) AS quarter,
    ref, min(sent_at) AS sent_at
FROM {log} AS n
WHERE kind != 'EXTENSION' AND empty(scope)
GROUP BY feed, partner, quarter, ref
