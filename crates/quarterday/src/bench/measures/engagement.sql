INSERT INTO {store}.log_engagement (
    topic, kafka_partition, kafka_offset, kafka_time, feed, partner, ref, op, version, sent_at, return_id, district, ward,
    service, provider, basis, subject_pid, headcount, approximate, sex, age_band, contact_on, mode, attrs, outcome)
SELECT
    'returns.kenward-contacts', place % 8, intDiv(place, 8), toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), 'kenward-contacts', 'KENWARD',
    concat('C-', toString(k)), op, version, toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), '', 'E07000116',
    concat('E050051', toString(31 + k % 20)), 'HOTSPOT_OUTREACH', 'KENWARD', 'PERSON',
    concat('P1-', lower(hex(sipHash128(intDiv(k, 3))))), 1, false, 'F', 'UNK', day, 'EARLY_INTERVENTION', [], 'NONE'
FROM
(
{rows}
)
