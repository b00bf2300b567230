//! Messages for whose schemas the registry has no answer, and many that name schemas that nobody can have registered: they go to
//! quarantine, and the others are not held up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use quarterday::produce::Producing;
use quarterday_events::canonical::fingerprints;
use quarterday_events::{Encoder, wire};
use quarterday_ingest::Worker;
use quarterday_kafka::producer::Record;
use quarterday_kafka::registry::RegistryClient;
use serde_json::{Value, json};

use super::by_fingerprint::with_field;
use super::replay::{Broker, LIMIT};
use super::{Replay, books};
use crate::support::{cctv_incident, shared};

const FEED: &str = "cctv-incidents";
/// Ids that the registry cannot say anything about.
const BROKEN: u32 = 424_242;
const LOST: u32 = 434_343;
/// How many messages have a number where the id should be that is none.
const STORM: u32 = 3_000;
/// How many of them may be asked for.
const ASKED: usize = 1_000;

/// Less than a worker waits for a registry that is not well.
const SOON: Duration = Duration::from_secs(15);

const LOOK_EVERY: Duration = Duration::from_millis(200);

type Questions = Arc<AtomicUsize>;

/// The shared registry, but for two questions; and how many ids were asked for.
async fn registry() -> (RegistryClient, Questions) {
    async fn answer(State(asked): State<Questions>, uri: Uri) -> Response {
        if uri.path().starts_with("/schemas/ids/") {
            asked.fetch_add(1, Ordering::SeqCst);
        }
        let is = |id: u32| uri.path() == format!("/schemas/ids/{id}");
        if is(BROKEN) {
            let body = r#"{"error_code":50001,"message":"a reference is missing"}"#;
            return (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
        }
        if uri.path().ends_with("/versions/2") {
            return (StatusCode::INTERNAL_SERVER_ERROR, "out of memory").into_response();
        }
        if is(LOST) {
            return (StatusCode::NOT_FOUND, "no such page").into_response();
        }
        let real = shared::endpoints().registry.clone();
        Redirect::temporary(&format!("{}{uri}", real.trim_end_matches('/'))).into_response()
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let asked = Questions::default();
    let app = Router::new().fallback(answer).with_state(Arc::clone(&asked));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (RegistryClient::new(&url, None).unwrap(), asked)
}

pub async fn holds_nothing_up(broker: &Broker) {
    let mut replay = Replay::prepare(&broker.named("unwell"), broker).await;
    let (client, asked) = registry().await;
    replay.system.registry = client;
    let system = &replay.system;
    let feed = system.in_force.catalogue.feed(FEED).unwrap();
    let datum = |reference: &str| {
        let encoder = Encoder::new(&feed.record_type);
        encoder.encode(&cctv_incident(reference, "E07000116")).unwrap()
    };
    let message = |id: u32, reference: &str| {
        let key = format!("{FEED}|TWBC_CCTV|{reference}");
        Record::new(
            feed.feed.topic.clone(),
            key,
            wire::confluent(id, &datum(reference)),
        )
    };
    let own = system
        .registry
        .register(
            &quarterday_kafka::registry::value_subject(&feed.feed.topic),
            &feed.schema,
        )
        .await
        .unwrap();
    let mut messages = vec![message(BROKEN, "A"), message(LOST, "B")];
    messages.extend((0..STORM).map(|number| message(0x4000_0000 + number * 7, "C")));
    messages.extend((0..5).map(|number| message(own, &format!("D{number}"))));
    let sent = messages.len();
    Producing::new(system)
        .await
        .unwrap()
        .send(messages)
        .await
        .unwrap();

    let worker = replay.worker_with(|settings| settings.pause_after_ms = 2_000);
    says_that_it_waits(&worker).await;
    replay.work_off().await;
    let asked = asked.load(Ordering::SeqCst);
    assert!(asked < ASKED, "{asked} ids were asked for");
    assert_eq!(books::balance(system).await, (5, sent - 5));
    let names = system.store.names().store();
    let sql = format!("SELECT DISTINCT reason FROM {names}.rejected FINAL");
    let rejected: Vec<Value> = system.store.rows("read rejected", &sql, &[]).await.unwrap();
    assert_eq!(rejected, [json!({ "reason": "unknown-schema" })]);
    a_version_without_an_answer_is_waited_for_once(&replay).await;
    worker.stop().await.unwrap();
}

/// The registry is waited for, for as long as it may only be away.
async fn says_that_it_waits(worker: &Worker) {
    let told = async {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        while !worker
            .health()
            .obstacles()
            .await
            .iter()
            .any(|o| o.contains("the schema registry"))
        {
            looks.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, told).await.unwrap();
}

/// Messages that name their schemas by fingerprint, where the registry has no answer for the second of three versions.
async fn a_version_without_an_answer_is_waited_for_once(replay: &Replay) {
    let system = &replay.system;
    let feed = system.in_force.catalogue.feed(FEED).unwrap();
    let subject = quarterday_kafka::registry::value_subject(&feed.feed.topic);
    let [second, third, foreign] = ["desk", "shift", "rank"].map(|field| with_field(&feed.schema, field));
    for schema in [&second, &third] {
        system
            .registry
            .register(&subject, &schema.to_string())
            .await
            .unwrap();
    }
    let encoder = Encoder::new(&feed.record_type);
    let producing = Producing::new(system).await.unwrap();
    let (accepted, aside) = books::balance(system).await;
    let send = async |schema: &Value, reference: &str| {
        let datum = encoder.encode(&cctv_incident(reference, "E07000116")).unwrap();
        let framed = wire::single_object(fingerprints(schema)[0], &[datum.as_slice(), &[0]].concat());
        let key = format!("{FEED}|TWBC_CCTV|{reference}");
        producing
            .send(vec![Record::new(feed.feed.topic.clone(), key, framed)])
            .await
            .unwrap();
        replay.work_off().await;
    };
    send(&third, "THIRD").await;
    assert_eq!(books::balance(system).await, (accepted + 1, aside));
    let began = Instant::now();
    send(&foreign, "FOREIGN").await;
    assert!(
        began.elapsed() < SOON,
        "it was waited for again: {:?}",
        began.elapsed()
    );
    assert_eq!(books::balance(system).await, (accepted + 1, aside + 1));
}
