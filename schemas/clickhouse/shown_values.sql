-- What partners and the public see of each snapshot, beside the snapshots themselves. Rows are added only; the same may be written again,
-- and stays one.

CREATE TABLE IF NOT EXISTS {stores}.shown_values
(
    audience LowCardinality(String),
    snapshot String,
    period String,
    revision UInt32,
    position UInt32 COMMENT 'in the order of the plan',
    id String,
    title String,
    unit String,
    polarity LowCardinality(String),
    value Nullable(Float64) COMMENT 'none where it is not known, or hidden',
    numerator Nullable(Float64),
    denominator Nullable(Float64),
    status LowCardinality(String) COMMENT 'suppressed where it is hidden',
    coverage Tuple(returned UInt16, expected UInt16),
    approximate Bool,
    up_to Bool,
    missing Array(String),
    last_year Tuple(value Nullable(Float64), status String),
    change Tuple(value Nullable(Float64), percent Nullable(Float64)),
    year_to_date Tuple(value Nullable(Float64), numerator Nullable(Float64), denominator Nullable(Float64), status String),
    trend LowCardinality(String),
    direction LowCardinality(String),
    definition_version UInt16,
    definition_hash String,
    comment String COMMENT 'what the lead of the measure says of it',
    hidden Array(Tuple(field String, mark String)) COMMENT 'small: from 1 to 4; withheld: it would give a small one away'
)
ENGINE = ReplacingMergeTree
ORDER BY (audience, period, revision, position)
COMMENT 'The numbers of each snapshot as each audience sees them'
