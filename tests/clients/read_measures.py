"""Reads measures as a BI tool does: clickhouse-connect as the read-only user. Also tries what that user must not do.

Arguments: host, port, user, password, period, then any number of statements that must be refused. Prints
{"measures": [...], "databases": [...], "refused": {statement: error code or null if it was let through}}.
"""

import datetime
import json
import re
import sys

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError

MEASURES = "SELECT * FROM quarterday.measures WHERE period = {period:String}"

MUST_BE_REFUSED = [
    "SELECT * FROM quarterday_store.definitions",
    "SELECT count() FROM quarterday_store.log_cctv_incident",
    "INSERT INTO quarterday.measures (id) VALUES ('x')",
    "CREATE TABLE quarterday.x (a Int32) ENGINE = MergeTree ORDER BY a",
    "CREATE DATABASE x",
    "DROP VIEW quarterday.measures",
    "ALTER TABLE quarterday_store.log_cctv_incident DELETE WHERE 1",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT file('/etc/passwd')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1:1', 'system', 'one')",
    "SELECT 1 INTO OUTFILE '/tmp/quarterday-must-not-be-written'",
    "INSERT INTO quarterday.measures FROM INFILE '/etc/passwd' FORMAT LineAsString",
    "SELECT * FROM merge('quarterday_store', '.*')",
    "SELECT 1; SELECT 2",
    "GRANT ALL ON *.* TO bi",
    "SYSTEM RELOAD CONFIG",
]


def plain(value):
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (int, float, str, type(None))) else str(value)


def refusal(client, statement):
    """The error code's name; None when the statement was let through."""
    try:
        client.raw_query(statement)
    except DatabaseError as error:
        names = re.findall(r"\(([A-Z][A-Z0-9_]+)\)", str(error))
        return names[-1] if names else str(error)
    return None


def main(host, port, user, password, period, *statements):
    client = clickhouse_connect.get_client(host=host, port=int(port), username=user, password=password)
    result = client.query(MEASURES, parameters={"period": period})
    measures = [dict(zip(result.column_names, map(plain, row))) for row in result.result_rows]
    databases = [row[0] for row in client.query("SHOW DATABASES").result_rows]
    refused = {statement: refusal(client, statement) for statement in [*MUST_BE_REFUSED, *statements]}
    print(json.dumps({"measures": measures, "databases": databases, "refused": refused}))


main(*sys.argv[1:])
