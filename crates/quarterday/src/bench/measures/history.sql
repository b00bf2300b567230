-- The rows that make a history: {per_quarter} records for each quarter, back from the receiving one, which begins on 2015-04-01.
SELECT
    number AS k, number AS place, 'SUBMIT' AS op, toUInt32(1) AS version,
    toDate32(addMonths(toDate32('2015-04-01'), -3 * intDiv(number, {per_quarter}))) + toInt32(sipHash64(number) % 90) AS day
FROM numbers_mt({records})
