-- {coded} and {nullable} are the types of fields with few different values: as in the table that is filled, or plain
-- strings, which the view then converts a block at a time. The engine inserts row by row into the columns here, and into
-- dictionary-encoded ones that costs more than all the rest.
-- A block is inserted at the latest after a second, as the worker does: the default of 7.5 s would only delay the last one.
-- A field of a nested record inside a union is named <field>.<record>.<field>.
CREATE TABLE bench.source
(
    feed {coded},
    partner {coded},
    ref String,
    op {coded},
    version Int32,
    reason {nullable},
    sent_at DateTime64(3, 'UTC'),
    return_id String,
    district {nullable},
    ward {nullable},
    `body.CctvIncidentBody.occurred_at` DateTime64(3, 'UTC'),
    `body.CctvIncidentBody.incident_type` {coded},
    `body.CctvIncidentBody.instigated_by` {coded},
    `body.CctvIncidentBody.monitored` Bool,
    `body.CctvIncidentBody.arrests` Int32,
    `body.CctvIncidentBody.camera_area` String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = '{brokers}',
    kafka_topic_list = '{topic}',
    kafka_group_name = '{group}',
    kafka_format = 'AvroConfluent',
    format_avro_schema_registry_url = '{registry}',
    kafka_flush_interval_ms = 1000{more}
