-- The 1,000 new versions: 950 new records, 25 older ones that are amended into the receiving quarter, 25 of its own that are amended
-- out of it.
SELECT
    multiIf(number < 950, {records} + number, number < 975, {per_quarter} + (number * 7919) % ({records} - {per_quarter}), number) AS k,
    {records} + number AS place, if(number < 950, 'SUBMIT', 'AMEND') AS op, toUInt32(if(number < 950, 1, 2)) AS version,
    if(number < 975, toDate32('2015-04-01'), toDate32('2014-07-01')) + toInt32(number % 90) AS day
FROM numbers(1000)
