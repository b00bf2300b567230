CREATE MATERIALIZED VIEW bench.feed_incidents TO bench.incidents AS
SELECT
    feed, partner, ref, op, version, reason, sent_at, return_id, district, ward,
    `body.CctvIncidentBody.occurred_at` AS occurred_at,
    `body.CctvIncidentBody.incident_type` AS incident_type,
    `body.CctvIncidentBody.instigated_by` AS instigated_by,
    `body.CctvIncidentBody.monitored` AS monitored,
    `body.CctvIncidentBody.arrests` AS arrests,
    `body.CctvIncidentBody.camera_area` AS camera_area
FROM bench.source
