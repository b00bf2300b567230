-- Nine in ten are in force for three to twelve months, one for three years; one in a thousand has no end.
INSERT INTO {store}.log_order (
    topic, kafka_partition, kafka_offset, kafka_time, feed, partner, ref, op, version, sent_at, return_id, district, ward,
    order_type, subject_pid, issued_by, issued_on, start_on, end_on, interim, basis, adult, in_acz, cctv_monitored)
SELECT
    'returns.pubwatch-exclusions', place % 8, intDiv(place, 8), toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), 'pubwatch-exclusions', 'STP',
    concat('X-', toString(k)), op, version, toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), '', 'E07000116',
    concat('E050051', toString(31 + k % 20)), 'PUBWATCH_EXCLUSION', concat('P1-', lower(hex(sipHash128(intDiv(k, 2))))), 'STP', day, day,
    multiIf(k % 1000 = 0, NULL, k % 10 = 0, addMonths(day, 36), addMonths(day, 3 + k % 10)), false, 'VIOLENCE', true, true, false
FROM
(
{rows}
)
