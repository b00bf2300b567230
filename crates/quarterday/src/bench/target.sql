-- The plain table that the peers fill: the fields as they come, typed as in the version log.
CREATE TABLE bench.incidents
(
    feed LowCardinality(String),
    partner LowCardinality(String),
    ref String,
    op LowCardinality(String),
    version Int32,
    reason LowCardinality(Nullable(String)),
    sent_at DateTime64(3, 'UTC'),
    return_id String,
    district LowCardinality(Nullable(String)),
    ward LowCardinality(Nullable(String)),
    occurred_at DateTime64(3, 'UTC'),
    incident_type LowCardinality(String),
    instigated_by LowCardinality(String),
    monitored Bool,
    arrests Int32,
    camera_area String
)
ENGINE = MergeTree
ORDER BY ref
