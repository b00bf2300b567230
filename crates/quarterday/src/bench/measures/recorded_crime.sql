INSERT INTO {store}.log_recorded_crime (
    topic, kafka_partition, kafka_offset, kafka_time, feed, partner, ref, op, version, sent_at, return_id, district, ward,
    recorded_on, occurred_on, ho_group, ho_subgroup, hate_strands, status)
SELECT
    'returns.recorded-crimes', place % 8, intDiv(place, 8), toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), 'recorded-crimes', 'KPOL',
    lower(hex(sipHash128(k))), op, version, toDateTime64('2015-07-01 00:00:00', 3, 'UTC'), '', 'E07000116',
    concat('E050051', toString(31 + k % 20)), day, day - 1,
    ['BURGLARY', 'ROBBERY', 'THSG', 'VAP', 'CRIMINAL_DAMAGE'][1 + k % 5],
    if(k % 10 = 2, 'SHOPLIFTING', NULL), if(k % 20 = 0, ['RACE'], []), 'RECORDED'
FROM
(
{rows}
)
