"""Produces a feed as a partner's own program would: confluent-kafka with its AvroSerializer and a schema registry.

Arguments: brokers, registry, topic, schema file, file of records (one JSON object a line, as the schema has it: times as
milliseconds and dates as days since 1970). Prints {"delivered": N, "partitions": [...]}.
"""

import json
import sys

from confluent_kafka import SerializingProducer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import StringSerializer


def main(brokers, registry, topic, schema_file, records_file):
    with open(schema_file, encoding="utf-8") as file:
        schema = file.read()
    serializer = AvroSerializer(SchemaRegistryClient({"url": registry}), schema)
    producer = SerializingProducer(
        {
            "bootstrap.servers": brokers,
            "enable.idempotence": True,
            # As Java programs partition, so that all versions of a record meet in one partition.
            "partitioner": "murmur2_random",
            "key.serializer": StringSerializer("utf_8"),
            "value.serializer": serializer,
        }
    )
    delivered, failures = [], []

    def on_delivery(error, message):
        if error is None:
            delivered.append(message.partition())
        else:
            failures.append(str(error))

    with open(records_file, encoding="utf-8") as file:
        for line in filter(str.strip, file):
            record = json.loads(line)
            key = "|".join([record["feed"], record["partner"], record["ref"]])
            producer.produce(topic, key=key, value=record, on_delivery=on_delivery)
            producer.poll(0)
    left = producer.flush(60)
    if failures or left:
        sys.exit(f"{left} not delivered in time, {len(failures)} refused: {failures[:3]}")
    print(json.dumps({"delivered": len(delivered), "partitions": sorted(set(delivered))}))


main(*sys.argv[1:])
