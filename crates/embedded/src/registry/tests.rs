use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use quarterday_kafka::registry::{RegistryClient, RegistryError as ClientError};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::*;
use crate::broker::Broker;
use crate::broker::tests::start as start_broker;

struct Running {
    broker: Broker,
    registry: Registry,
    http: Client,
}

impl Running {
    async fn start(directory: &Path) -> Self {
        let broker = start_broker(directory).await;
        let registry = start_registry(&broker).await;
        Self {
            broker,
            registry,
            http: Client::new(),
        }
    }

    async fn stop(self) {
        self.registry.shutdown().await;
        self.broker.shutdown().await;
    }

    fn client(&self) -> RegistryClient {
        RegistryClient::new(&self.registry.url(), None).expect("client")
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self
            .http
            .get(format!("{}{path}", self.registry.url()))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.headers()["content-type"], error::MEDIA_TYPE, "{path}");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self
            .http
            .post(format!("{}{path}", self.registry.url()))
            .body(body.to_string());
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    /// The Confluent code of a refusal.
    async fn refusal(&self, path: &str, body: &Value) -> u64 {
        let (status, answer) = self.post(path, body).await;
        assert!(!status.is_success(), "{path}: {answer}");
        answer["error_code"].as_u64().expect("a code")
    }
}

async fn start_registry(broker: &Broker) -> Registry {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    Registry::start(broker.settings(), listener)
        .await
        .expect("the registry starts")
}

fn record(fields: &str) -> String {
    format!(r#"{{"type":"record","name":"R","namespace":"q","fields":[{fields}]}}"#)
}

const A: &str = r#"{"name":"a","type":"int"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn ids_ascend_are_shared_and_survive_a_restart() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    let client = running.client();
    let wider = record(&format!(r#"{A},{{"name":"b","type":"int","default":0}}"#));
    assert_eq!(client.register("s-value", &record(A)).await.expect("id"), 1);
    assert_eq!(
        client
            .register("t-value", &format!(" {} ", record(A)))
            .await
            .expect("id"),
        1
    );
    assert_eq!(client.register("s-value", &wider).await.expect("id"), 2);
    assert_eq!(
        client
            .register("odd/name with blanks", r#""int""#)
            .await
            .expect("id"),
        3
    );
    let broker = {
        running.registry.shutdown().await;
        running.broker.shutdown().await;
        start_broker(directory.path()).await
    };
    let registry = start_registry(&broker).await;
    let running = Running {
        broker,
        registry,
        http: Client::new(),
    };
    let client = running.client();
    assert_eq!(&*client.schema_by_id(1).await.expect("schema"), record(A));
    assert_eq!(client.register("s-value", &wider).await.expect("id"), 2);
    assert_eq!(
        client
            .latest("s-value")
            .await
            .expect("answer")
            .map(|found| (found.id, found.version)),
        Some((2, 2))
    );
    assert_eq!(client.register("u-value", r#""long""#).await.expect("id"), 4);
    assert_eq!(
        client.subjects().await.expect("subjects"),
        ["odd/name with blanks", "s-value", "t-value", "u-value"]
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_registries_at_once_give_no_id_twice() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    let second = start_registry(&running.broker).await;
    let clients = [
        running.client(),
        RegistryClient::new(&second.url(), None).expect("client"),
    ];
    let registrations = (0..20).map(|n| {
        let client = clients[n % 2].clone();
        let schema = format!(r#"{{"type":"fixed","name":"F","size":{}}}"#, n + 1);
        async move { client.register(&format!("s{n}"), &schema).await.expect("id") }
    });
    let mut ids = futures::future::join_all(registrations).await;
    ids.sort_unstable();
    assert_eq!(ids, (1..=20).collect::<Vec<u32>>());
    second.shutdown().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn incompatible_schemas_are_refused_with_the_field_named() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    let client = running.client();
    client.register("s", &record(A)).await.expect("id");
    let narrower = record(&format!(r#"{A},{{"name":"b","type":"int"}}"#));
    let error = client.register("s", &narrower).await.expect_err("incompatible");
    assert!(
        matches!(&error, ClientError::Incompatible { message, .. } if message.contains("field b")),
        "{error}"
    );
    let path = "/compatibility/subjects/s/versions/latest?verbose=true";
    let (status, verdict) = running.post(path, &json!({ "schema": narrower })).await;
    assert_eq!(
        (status, &verdict["is_compatible"]),
        (StatusCode::OK, &json!(false))
    );
    assert!(
        verdict["messages"][0]
            .as_str()
            .is_some_and(|message| message.contains("field b")),
        "{verdict}"
    );
    let url = format!("{}/config/s", running.registry.url());
    let answer = running
        .http
        .put(url)
        .body(r#"{"compatibility":"NONE"}"#)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        answer.json::<Value>().await.expect("JSON"),
        json!({ "compatibility": "NONE" })
    );
    client.register("s", &narrower).await.expect("anything goes");
    assert_eq!(
        running.get("/config/s").await.1,
        json!({ "compatibilityLevel": "NONE" })
    );
    assert_eq!(
        running.get("/config").await.1,
        json!({ "compatibilityLevel": "BACKWARD" })
    );
    assert_eq!(running.get("/config/other").await.1["error_code"], 40408);
    assert_eq!(
        running.get("/config/other?defaultToGlobal=true").await.0,
        StatusCode::OK
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_answered_as_confluent_does() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    let schema = json!({ "schema": "\"string\"", "schemaType": "AVRO", "references": [], "new": 1 });
    let registered = running.post("/subjects/s/versions?normalize=true", &schema).await;
    assert_eq!((registered.0, &registered.1["id"]), (StatusCode::OK, &json!(1)));
    let described = json!({ "subject": "s", "version": 1, "id": 1, "schema": "\"string\"" });
    for (path, expected) in [
        ("/", json!({})),
        ("/schemas/types", json!(["AVRO"])),
        ("/schemas/ids/1?subject=s", json!({ "schema": "\"string\"" })),
        ("/schemas/ids/1/schema", json!("string")),
        (
            "/schemas/ids/1/versions",
            json!([{ "subject": "s", "version": 1 }]),
        ),
        ("/schemas/ids/1/subjects", json!(["s"])),
        ("/subjects?deleted=true", json!(["s"])),
        ("/subjects/s/versions", json!([1])),
        ("/subjects/s/versions/1", described.clone()),
        ("/subjects/s/versions/latest", described.clone()),
        ("/subjects/s/versions/-1", described.clone()),
        ("/subjects/s/versions/1/schema", json!("string")),
        ("/mode", json!({ "mode": "READWRITE" })),
    ] {
        assert_eq!(running.get(path).await, (StatusCode::OK, expected), "{path}");
    }
    assert_eq!(
        running.post("/subjects/s", &schema).await,
        (StatusCode::OK, described)
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_carry_confluents_codes() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    running.client().register("s", r#""int""#).await.expect("id");
    for (path, status, code) in [
        ("/schemas/ids/99", 404, 40403),
        ("/schemas/ids/x", 404, 40403),
        ("/subjects/none/versions", 404, 40401),
        ("/subjects/s/versions/9", 404, 40402),
        ("/subjects/s/versions/x", 422, 42202),
        ("/subjects/s/versions/0", 422, 42202),
        ("/nowhere", 404, 404),
    ] {
        let (found, answer) = running.get(path).await;
        assert_eq!(
            (found.as_u16(), answer["error_code"].as_u64()),
            (status, Some(code)),
            "{path}"
        );
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_registered_is_refused_with_confluents_codes() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    running.client().register("s", r#""int""#).await.expect("id");
    let new = "/subjects/s/versions";
    assert_eq!(
        running
            .refusal("/subjects/none", &json!({ "schema": r#""int""# }))
            .await,
        40401
    );
    assert_eq!(
        running
            .refusal("/subjects/s", &json!({ "schema": r#""long""# }))
            .await,
        40403
    );
    assert_eq!(running.refusal(new, &json!({ "schema": "{" })).await, 42201);
    assert_eq!(running.refusal(new, &json!({})).await, 42201);
    for (body, code) in [
        (json!({ "schema": "{}", "schemaType": "JSON" }), 42201),
        (json!({ "schema": "syntax = 3", "schemaType": "PROTOBUF" }), 42201),
        (
            json!({ "schema": r#""int""#, "references": [{ "name": "x" }] }),
            42201,
        ),
        (json!({ "schema": r#""int""#, "id": 7 }), 42205),
    ] {
        assert_eq!(running.refusal(new, &body).await, code, "{body}");
    }
    assert_eq!(running.refusal(new, &json!("schema")).await, 400);
    assert_eq!(
        running
            .refusal(new, &json!({ "schema": "x".repeat(2 << 20) }))
            .await,
        413
    );
    assert_eq!(
        running
            .refusal("/subjects/%00/versions", &json!({ "schema": r#""int""# }))
            .await,
        42208
    );
    let delete = running
        .http
        .delete(format!("{}/subjects/s", running.registry.url()))
        .send()
        .await
        .expect("answer");
    assert_eq!(delete.status(), StatusCode::METHOD_NOT_ALLOWED);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn web_pages_are_kept_away() {
    let directory = tempfile::tempdir().expect("directory");
    let running = Running::start(directory.path()).await;
    let url = format!("{}/subjects", running.registry.url());
    for (name, value) in [("host", "evil.example"), ("origin", "https://evil.example")] {
        let answer = running
            .http
            .get(&url)
            .header(name, value)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}");
    }
    running.stop().await;
}

#[test]
fn any_body_gets_an_answer() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let directory = tempfile::tempdir().expect("directory");
    let running = runtime.block_on(Running::start(directory.path()));
    let text = prop_oneof![
        "\\PC{0,60}",
        r#"\{"schema":"\PC{0,30}"\}"#,
        r#"\{"(schema|id|version)":[0-9\[\]{}"]{0,9}\}"#
    ];
    let path = prop_oneof![
        "/subjects/[a-z%/]{0,6}/versions",
        "/compatibility/subjects/s/versions/[a-z0-9-]{0,4}",
        "/config"
    ];
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&(path, text), |(path, text)| {
        let url = format!("{}{path}", running.registry.url());
        let status = runtime.block_on(async {
            let posted = running
                .http
                .post(&url)
                .body(text.clone())
                .send()
                .await
                .expect("an answer")
                .status();
            let put = running
                .http
                .put(&url)
                .body(text)
                .send()
                .await
                .expect("an answer")
                .status();
            [posted, put]
        });
        prop_assert!(
            status.iter().all(|status| !status.is_server_error()),
            "{:?}",
            status
        );
        Ok(())
    });
    outcome.expect("answers");
    runtime.block_on(running.stop());
}
