-- What became of each message of one record type's version log (I4). Content is all but the natural key, the version,
-- sent_at and return_id.
{create}
WITH
    rows AS
    (
        SELECT
            topic, kafka_partition, kafka_offset, kafka_time, feed, partner, ref, version, op, sent_at, return_id,
            sipHash128(tuple({envelope}), if(op = 'WITHDRAW', toFixedString('', 16), sipHash128(tuple({body})))) AS content
        FROM {rows}
    ),
    versions AS
    (
        SELECT
            feed, partner, ref, version,
            min((kafka_partition, kafka_offset)) AS winner,
            argMin(op, (kafka_partition, kafka_offset)) AS winner_op,
            argMin(content, (kafka_partition, kafka_offset)) AS winner_content
        FROM rows
        GROUP BY feed, partner, ref, version
    ),
    records AS
    (
        SELECT
            feed, partner, ref,
            max(version) AS newest,
            argMax(winner_op, version) AS newest_op,
            countIf(winner_op = 'SUBMIT') > 0 AS submitted
        FROM versions
        GROUP BY feed, partner, ref
    )
SELECT
    topic, kafka_partition, kafka_offset, kafka_time, feed, partner, ref, version, op, sent_at, return_id,
    multiIf(
        (kafka_partition, kafka_offset) != winner, if(content = winner_content, 'duplicate', 'conflict'),
        NOT submitted, 'orphan',
        version < newest, 'superseded',
        newest_op = 'WITHDRAW', 'withdrawn',
        'live') AS outcome
FROM rows
INNER JOIN versions USING (feed, partner, ref, version)
INNER JOIN records USING (feed, partner, ref)
