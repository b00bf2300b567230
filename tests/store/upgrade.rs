//! A record type that gains a field: what is stored then is what consuming everything again into a fresh store would give,
//! also when an upgrade was cut off half way, and rows that come while it runs are not lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use quarterday_events::{Decoder, Encoder, RecordType};
use quarterday_plan::plan::Plan;
use quarterday_store::{Declared, Settings, Store, VersionRows};
use serde_json::{Value, json};

use crate::support::shared;

const NEW: &str = include_str!("../../schemas/avro/cctv_incident.avsc");
pub(super) const NAME: &str = "cctv_incident";

/// Today's schema, with two fields more, one of them with a default that is not its type's zero.
fn newer() -> RecordType {
    let mut schema: Value = serde_json::from_str(NEW).unwrap();
    let body = schema["fields"].as_array_mut().unwrap().last_mut().unwrap();
    let fields = body["type"][1]["fields"].as_array_mut().unwrap();
    fields.push(json!({ "name": "lead", "type": "boolean", "default": true }));
    fields.push(json!({ "name": "seen_on", "type": ["null", { "type": "int", "logicalType": "date" }], "default": null }));
    fields.push(json!({
        "name": "seen_at", "type": ["null", { "type": "long", "logicalType": "timestamp-millis" }], "default": null,
    }));
    RecordType::parse(NAME, &schema.to_string()).unwrap()
}

pub(super) fn older() -> RecordType {
    RecordType::parse(NAME, NEW).unwrap()
}

pub(super) fn store(name: &str) -> Store {
    Store::new(&Settings {
        database: format!("upgrade_{name}"),
        ..shared::clickhouse()
    })
}

fn record(number: u64, op: &str) -> Value {
    let body = json!({
        "occurred_at": "2015-05-01T11:00:00Z", "incident_type": "VIOLENCE", "instigated_by": "POLICE",
        "monitored": true, "arrests": 0, "camera_area": "HIGH-ST",
    });
    json!({
        "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": format!("R{number}"), "op": op,
        "version": if op == "SUBMIT" { 1 } else { 2 }, "reason": (op == "WITHDRAW").then_some("ERROR"),
        "sent_at": "2015-05-01T12:00:00Z", "district": "E07000116",
        "body": if op == "WITHDRAW" { Value::Null } else { body },
    })
}

/// Rows of messages that were written with the older schema, as the record type of today decodes them.
pub(super) fn rows(record_type: &RecordType, offsets: std::ops::Range<u64>) -> VersionRows {
    let (encoder, older) = (Encoder::new(&older()), older());
    let decoder = Decoder::compile(older.schema(), record_type).unwrap();
    let mut rows = VersionRows::new("returns.upgrade", record_type);
    for offset in offsets {
        // Every third record is withdrawn by the message behind it.
        let op = if offset % 3 == 1 { "WITHDRAW" } else { "SUBMIT" };
        let datum = encoder
            .encode(&record(offset / 3 * 3 + u64::from(offset % 3 == 2), op))
            .unwrap();
        decoder.decode(&datum, &mut rows.columns).unwrap();
        rows.partitions.push(0);
        rows.offsets.push(offset);
        rows.times_ms.push(0);
    }
    rows
}

/// Rows of messages that were written with the newer schema, whose new fields are not at their defaults.
fn newer_rows(newer: &RecordType, offsets: std::ops::Range<u64>) -> VersionRows {
    let encoder = Encoder::new(newer);
    let decoder = Decoder::compile(newer.schema(), newer).unwrap();
    let mut rows = VersionRows::new("returns.upgrade", newer);
    for offset in offsets {
        let mut record = record(offset, "SUBMIT");
        record["body"]["lead"] = json!(false);
        record["body"]["seen_on"] = json!("2015-05-02");
        record["body"]["seen_at"] = json!("2015-06-30T23:30:00Z");
        decoder
            .decode(&encoder.encode(&record).unwrap(), &mut rows.columns)
            .unwrap();
        rows.partitions.push(0);
        rows.offsets.push(offset);
        rows.times_ms.push(0);
    }
    rows
}

pub(super) async fn migrate(store: &Store, record_type: &Arc<RecordType>) {
    let plan = Plan::parse(&include_str!("plan.toml").replace("{partners}", "\"TWBC_CCTV\"")).unwrap();
    let mut record_types = BTreeMap::from([(NAME.to_owned(), Arc::clone(record_type))]);
    for (name, schema) in [
        ("referral", include_str!("../../schemas/avro/referral.avsc")),
        ("order", include_str!("../../schemas/avro/order.avsc")),
    ] {
        record_types.insert(
            name.to_owned(),
            Arc::new(RecordType::parse(name, schema).unwrap()),
        );
    }
    let declared = Declared {
        record_types,
        plans: vec![plan],
        ..Declared::default()
    };
    store.migrate(&declared).await.unwrap();
}

/// Everything that is stored of the record type, and what became of each message.
async fn content(store: &Store) -> Vec<Value> {
    let mut all = Vec::new();
    let sql = format!(
        "SELECT *, seen_at_london FROM {}.log_{NAME} FINAL ORDER BY ref, version, kafka_offset",
        store.names().store()
    );
    all.extend(store.rows("read what is stored", &sql, &[]).await.unwrap());
    let sql = format!(
        "SELECT kafka_offset, outcome FROM {}.outcomes_{NAME} ORDER BY kafka_offset",
        store.names().store()
    );
    all.extend(store.rows("read outcomes", &sql, &[]).await.unwrap());
    all
}

async fn fresh(name: &str, record_type: &Arc<RecordType>, messages: u64) -> Vec<Value> {
    let store = store(name);
    migrate(&store, record_type).await;
    store
        .insert_versions(record_type, &rows(record_type, 0..messages))
        .await
        .unwrap();
    content(&store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgraded_store_is_as_one_made_anew() {
    let (older, newer, store) = (Arc::new(older()), Arc::new(newer()), store("whole"));
    migrate(&store, &older).await;
    store.insert_versions(&older, &rows(&older, 0..30)).await.unwrap();
    migrate(&store, &newer).await;
    store
        .insert_versions(&newer, &rows(&newer, 30..60))
        .await
        .unwrap();
    // A message of the older days that is worked off again is the same row.
    store.insert_versions(&newer, &rows(&newer, 0..3)).await.unwrap();
    assert_eq!(content(&store).await, fresh("whole_fresh", &newer, 60).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_was_cut_off_is_finished_by_the_next() {
    let (older, newer, store) = (Arc::new(older()), Arc::new(newer()), store("cut"));
    migrate(&store, &older).await;
    store.insert_versions(&older, &rows(&older, 0..30)).await.unwrap();
    // The log has the new columns, current state and view have not: and rows come.
    let log = store.names().log(NAME);
    for column in [
        "lead Bool DEFAULT if(op = 'WITHDRAW', false, true)",
        "seen_on Nullable(Date32)",
        "seen_at Nullable(DateTime64(3, 'UTC'))",
    ] {
        let halfway = format!("ALTER TABLE {log} ADD COLUMN {column}");
        store.execute("begin an upgrade", &halfway).await.unwrap();
    }
    store
        .insert_versions(&newer, &newer_rows(&newer, 30..45))
        .await
        .unwrap();
    migrate(&store, &newer).await;
    store
        .insert_versions(&newer, &newer_rows(&newer, 45..60))
        .await
        .unwrap();

    let fresh = self::store("cut_fresh");
    migrate(&fresh, &newer).await;
    fresh.insert_versions(&newer, &rows(&newer, 0..30)).await.unwrap();
    fresh
        .insert_versions(&newer, &newer_rows(&newer, 30..60))
        .await
        .unwrap();
    assert_eq!(content(&store).await, content(&fresh).await);
}

/// What a migration to these record types says, after some returns were stored.
async fn refusal(name: &str, record_types: BTreeMap<String, Arc<RecordType>>) -> String {
    let (older, store) = (Arc::new(older()), store(name));
    migrate(&store, &older).await;
    store.insert_versions(&older, &rows(&older, 0..3)).await.unwrap();
    let declared = Declared {
        record_types,
        ..Declared::default()
    };
    store.migrate(&declared).await.unwrap_err().to_string()
}

fn changed(from: &str, to: &str) -> BTreeMap<String, Arc<RecordType>> {
    let changed = NEW.replace(from, to);
    assert_ne!(changed, NEW);
    let changed = RecordType::parse(NAME, &changed).unwrap();
    BTreeMap::from([(NAME.to_owned(), Arc::new(changed))])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_break_stored_returns_is_refused_with_what_to_do() {
    let arrests = r#"{"name": "arrests", "type": "int""#;
    let error = refusal("type", changed(arrests, r#"{"name": "arrests", "type": "long""#)).await;
    assert!(error.contains("arrests") && error.contains("new name"), "{error}");

    let unsaid = format!(r#"{{"name": "lead", "type": "boolean"}}, {arrests}"#);
    let error = refusal("unsaid", changed(arrests, &unsaid)).await;
    assert!(error.contains("lead") && error.contains("default"), "{error}");

    let error = refusal("gone", BTreeMap::new()).await;
    assert!(error.contains(NAME) && error.contains("schema back"), "{error}");
}
