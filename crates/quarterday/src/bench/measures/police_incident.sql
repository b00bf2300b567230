-- Incidents of domestic abuse; every victim has some within a year.
INSERT INTO {store}.log_police_incident (
    topic, kafka_partition, kafka_offset, kafka_time, feed, partner, ref, op, version, sent_at, return_id, district, ward,
    reported_at, kind, gang_linked, victim_pid)
SELECT
    'returns.police-incidents', place % 8, intDiv(place, 8), toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), 'police-incidents', 'KPOL',
    concat('I-', toString(k)), op, version, toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), '', 'E07000116',
    concat('E050051', toString(31 + k % 20)), toDateTime64(day, 3, 'UTC') + INTERVAL 12 HOUR, 'DA', false,
    concat('M1-', lower(hex(sipHash128(intDiv(k, {per_quarter}) % 2 * 1000000 + k % intDiv({per_quarter}, 4)))))
FROM
(
{rows}
)
