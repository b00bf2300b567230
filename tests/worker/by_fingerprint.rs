//! Avro single-object encoding: messages that name their writer's schema by fingerprint, under an older or other version of
//! the topic's subject, are decoded; those of a schema that nobody registered are quarantined.

use quarterday::produce::Producing;
use quarterday_events::canonical::fingerprints;
use quarterday_events::{Encoder, wire};
use quarterday_kafka::producer::Record;
use quarterday_kafka::registry::value_subject;
use serde_json::{Value, json};

use super::replay::Broker;
use super::{Replay, books};
use crate::support::cctv_incident;

const FEED: &str = "cctv-incidents";

/// The schema with a text field of this name more at its end: a datum of it is one of the schema and an empty text.
pub fn with_field(schema: &str, name: &str) -> Value {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    let field = json!({ "name": name, "type": "string", "default": "" });
    schema["fields"].as_array_mut().unwrap().push(field);
    schema
}

pub async fn writers_are_known_by_registered_versions(broker: &Broker) {
    let replay = Replay::prepare(&broker.named("by_fingerprint"), broker).await;
    let system = &replay.system;
    let feed = system.in_force.catalogue.feed(FEED).unwrap();
    let topic = &feed.feed.topic;
    let encoder = Encoder::new(&feed.record_type);
    let (registered, foreign) = (
        with_field(&feed.schema, "desk"),
        with_field(&feed.schema, "shift"),
    );
    let subject = value_subject(topic);
    system
        .registry
        .register(&subject, &registered.to_string())
        .await
        .unwrap();

    let message = |schema: &Value, reference: &str, tail: &[u8]| {
        let datum = encoder.encode(&cctv_incident(reference, "E07000116")).unwrap();
        let datum = [datum.as_slice(), tail].concat();
        let framed = wire::single_object(fingerprints(schema)[0], &datum);
        Record::new(topic.clone(), format!("{FEED}|TWBC_CCTV|{reference}"), framed)
    };
    let own: Value = serde_json::from_str(&feed.schema).unwrap();
    let messages = vec![
        message(&own, "OWN", &[]),
        message(&registered, "REGISTERED", &[0]),
        message(&foreign, "FOREIGN", &[0]),
    ];
    Producing::new(system)
        .await
        .unwrap()
        .send(messages)
        .await
        .unwrap();

    let worker = replay.worker();
    replay.work_off().await;
    assert_eq!(books::balance(system).await, (2, 1));
    let names = system.store.names().store();
    let sql = format!("SELECT reason FROM {names}.rejected FINAL");
    let rejected: Vec<Value> = system.store.rows("read rejected", &sql, &[]).await.unwrap();
    assert_eq!(rejected, [json!({ "reason": "unknown-schema" })]);
    worker.stop().await.unwrap();
}
