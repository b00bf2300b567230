-- What the records of one type contribute, as rows of `contributions`: of those that the preparation {stamp} has listed, or of all.
--
-- A row is made from all messages that the log has of its record below the watermark (`places` and `next_offsets`, with blanks between),
-- for every quarter that any of its versions had to do with: in quarters that the live version has left, the row says so (quarters).
-- The same messages always make the same row, whoever places them and when.
CREATE OR REPLACE VIEW {placings} AS
SELECT
    '{record_type}' AS record_type, '{made_by}' AS made_by, arrayJoin(all_quarters) AS quarter, feed, partner, ref,
    version, topic, kafka_partition, kafka_offset, district, ward,
    {scope} AS scope,
    {first_quarter} AS first_quarter,
    return_refs, quarters_of_live, is_counted,
    if(is_counted, arrayMap(
        {entry} -> ({contribution}),
        {entries_apart}), []) AS made,
    if(is_counted, arrayMap(s -> (assumeNotNull(s.1), assumeNotNull(ifNull(s.2, s.1))), arrayFilter(s -> s.1 IS NOT NULL, arrayConcat(
        {present}))), []) AS present,
    if(is_counted, CAST({follows}, 'Array(Tuple(String, String, Date32, Int64, UInt8))'), []) AS follows,
    if(is_counted, CAST({precedes}, 'Array(Tuple(String, String, Date32, Int64))'), []) AS precedes,
    since_of_long, until_of_long,
    length(messages) AS seen, sipHash64(arraySort(messages)) AS made_from,
    reached[1].1 AS place, reached[1].2 AS last_offset, arrayPopFront(reached) AS elsewhere,
    sipHash64(feed, partner, ref) AS record_hash,
    {stamp:UInt64} AS stamp
FROM
(
    SELECT
        *, {entries} AS entries,
        arraySort(arrayMap(
            place -> (place, arrayMax(m -> if(m.1 = place, m.2, 0), messages)), arrayDistinct(arrayMap(m -> m.1, messages)))) AS reached
    FROM
    (
        SELECT
            {newest_columns},
            return_refs, quarters_of_live, all_quarters, since_of_long, until_of_long, messages,
            newest_op != 'WITHDRAW'
                AND arrayExists((r, version_above) -> r.2 != version_above AND r.3 = 'SUBMIT',
                    ranked, arrayPushFront(arrayMap(r -> r.2, arrayPopBack(ranked)), toInt64(-1))) AS is_counted
        FROM
        (
            SELECT
                feed, partner, ref,
                argMax(({other_columns}), version_rank) AS newest,
                argMax(op, version_rank) AS newest_op,
                argMax(quarters_of, version_rank) AS quarters_of_live,
                groupUniqArrayArray(quarters_of) AS all_quarters,
                groupUniqArray((concat(topic, '/', toString(kafka_partition)), kafka_offset)) AS messages,
                groupUniqArrayIf(upperUTF8(trimBoth(return_id)), return_id != '') AS return_refs,
                arrayReverseSort(groupArray((version_rank, toInt64(version), toString(op)))) AS ranked,
                min(if(empty(long_spans), toDate32('2299-12-31'), arrayMin(arrayMap(s -> s.1, long_spans)))) AS since_of_long,
                max(if(empty(long_spans), toDate32('1900-01-01'), arrayMax(arrayMap(s -> s.2, long_spans)))) AS until_of_long
            FROM
            (
                SELECT
                    {all_columns},
                    arrayMap(
                        s -> (assumeNotNull(least(s.1, ifNull(s.2, s.1))), assumeNotNull(greatest(s.1, ifNull(s.2, s.1)))),
                        arrayFilter(s -> op != 'WITHDRAW' AND s.1 IS NOT NULL, arrayConcat(
                            {spans}))) AS spans_of,
                    arrayFilter(s -> dateDiff('quarter', s.1, s.2) >= 20, spans_of) AS long_spans,
                    arrayConcat(
                        if(empty(spans_of), [toDate32('1900-04-01')], []),
                        if(empty(long_spans), [], [toDate32('1900-01-01')]),
                        arrayDistinct(arrayFlatten(arrayMap(
                            s -> arrayMap(
                                n -> toDate32(addMonths(makeDate32(toYear(s.1), intDiv(toMonth(s.1) - 1, 3) * 3 + 1, 1), 3 * n)),
                                range(toUInt32(dateDiff('quarter', s.1, s.2) + 1))),
                            arrayFilter(s -> dateDiff('quarter', s.1, s.2) < 20, spans_of))))) AS quarters_of
                FROM {log}
                WHERE ({whole:Bool} OR (feed, partner, ref) IN (
                    SELECT feed, partner, ref FROM {store}.changed WHERE stamp = {stamp:UInt64} AND record_type = '{record_type}'))
                    AND kafka_offset < transform(
                        concat(topic, '/', toString(kafka_partition)), splitByChar(' ', {places:String}),
                        arrayMap(next -> toUInt64(next), splitByChar(' ', {next_offsets:String})), toUInt64(0))
            )
            GROUP BY feed, partner, ref
        )
    )
)
