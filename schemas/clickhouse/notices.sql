-- Which feed is of which record type, and what partners have said about their returns (domain.md F01). Notices are kept in a small table
-- of their own, because the query of every record type looks at them. A refresh of it is one block with its watermark.
CREATE OR REPLACE VIEW {store}.feeds AS
SELECT * FROM VALUES('feed String, record_type String', {feeds});

CREATE OR REPLACE VIEW {store}.notices AS
SELECT partner, feed, record_type, quarter, kind, scope, mode, declared_records, ref, sent_at
FROM {store}.notices_kept
WHERE computed_at = (SELECT max(computed_at) FROM {store}.notices_kept) AND partner != '';

CREATE OR REPLACE VIEW {store}.notice_hashes AS
{notice_hashes}
