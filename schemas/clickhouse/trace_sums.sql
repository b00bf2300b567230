-- What the records behind each number add up to: of one period and that a year before, or of all that are kept.
WITH
    if({period:String} = '', (SELECT groupArray((id, first, last)) FROM {store}.periods),
        [({period:String}, {first:Date32}, {last:Date32}), ({before:String}, {before_first:Date32}, {before_last:Date32})]) AS asked_periods,
{looked_at}    (
        SELECT groupArray((record_type, made_by, asked_periods AS periods, {quarters_of_periods}, fulls, watermark, notices_at))
        FROM
        (
{made_of}
        )
        WHERE {record_type:String} = '' OR record_type = {record_type:String}
    ) AS wanted,
    ({limits}) AS limits,
    ({return_states}) AS return_states
SELECT
    period, measure, sum(amount) + uniqExactIf(identity, identity != '') AS counted, uniqExact(feed, partner, ref) AS records
{traced}
    ARRAY JOIN arrayFilter((id, first, last) -> {counts_in_each}, asked_periods.1, asked_periods.2, asked_periods.3) AS period
GROUP BY period, measure
