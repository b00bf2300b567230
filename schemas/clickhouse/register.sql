-- The definition register of the plan files in force, and the periods whose measures are kept. Both are views of constants:
-- replaced in one step, never half written.

CREATE OR REPLACE VIEW {store}.periods AS
SELECT *
FROM VALUES(
    'id String, first Date32, last Date32, previous String, shown Bool',
    {periods}
);

CREATE OR REPLACE VIEW {store}.definitions AS
SELECT *
FROM VALUES(
    'id String, position UInt16, plan String, kind String, record_type String, title String, wording String, unit String, polarity String, returned_by Array(String), change String, decimals UInt8, version UInt16, valid_from Nullable(Date32), definition String, definition_hash String',
    {definitions}
);

CREATE OR REPLACE VIEW {store}.definitions_in_force AS
SELECT
    record_type,
    lower(hex(sipHash128(
        arraySort(groupArray((id, definition))),
        (SELECT arraySort(groupArray((id, first, last))) FROM {store}.periods)))) AS hash
FROM {store}.definitions
GROUP BY record_type
