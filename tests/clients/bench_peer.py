"""A peer of the benchmark: consume in batches, decode with fastavro, insert columns with clickhouse-connect.

Arguments: brokers, registry, group, topic, ClickHouse address, number of messages.
"""

import io
import json
import signal
import struct
import sys
import urllib.request
from urllib.parse import urlsplit

import clickhouse_connect
import fastavro
from confluent_kafka import Consumer

ENVELOPE = ["feed", "partner", "ref", "op", "version", "reason", "sent_at", "return_id", "district", "ward"]
BODY = ["occurred_at", "incident_type", "instigated_by", "monitored", "arrests", "camera_area"]
BATCH = 65_536


def say(**event):
    print(json.dumps(event), flush=True)


def without_logical_types(schema):
    """Times as the integers they are: making datetime objects of them would cost more than decoding them."""
    if isinstance(schema, dict):
        return {key: without_logical_types(value) for key, value in schema.items() if key != "logicalType"}
    if isinstance(schema, list):
        return [without_logical_types(value) for value in schema]
    return schema


def fetch_schema(registry, schema_id):
    with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}") as answer:
        schema = json.loads(json.load(answer)["schema"])
    return fastavro.parse_schema(without_logical_types(schema))


def columns_of(records):
    bodies = [record["body"] for record in records]
    return [[record[name] for record in records] for name in ENVELOPE] + [
        [body[name] for body in bodies] for name in BODY
    ]


def main(brokers, registry, group, topic, clickhouse, wanted):
    wanted = int(wanted)
    address = urlsplit(clickhouse)
    client = clickhouse_connect.get_client(host=address.hostname, port=address.port)
    context = client.create_insert_context(
        "incidents", ENVELOPE + BODY, database="bench", column_oriented=True
    )
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    schemas, records, done = {}, [], 0
    say(event="started")
    consumer.subscribe([topic])
    while done < wanted:
        for message in consumer.consume(BATCH - len(records), 0.5):
            if message.error():
                sys.exit(str(message.error()))
            value = message.value()
            (schema_id,) = struct.unpack_from(">I", value, 1)
            schema = schemas.get(schema_id)
            if schema is None:
                schema = schemas[schema_id] = fetch_schema(registry, schema_id)
            records.append(fastavro.schemaless_reader(io.BytesIO(value[5:]), schema))
        if len(records) == BATCH or done + len(records) >= wanted:
            context.data = columns_of(records)
            client.insert(context=context)
            consumer.commit(asynchronous=False)
            done += len(records)
            records = []
            say(event="progress", rows=done)
    say(event="done", rows=done)
    # What this process has cost is read from outside, so it stays until it is killed.
    signal.pause()


main(*sys.argv[1:])
