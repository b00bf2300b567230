use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode as Status;
use axum::response::IntoResponse;
use axum::routing::{get, post};

use super::*;

type Calls = Arc<AtomicUsize>;

/// A registry that knows schema 1, and counts the questions.
async fn registry() -> (RegistryClient, Calls) {
    async fn by_id(State(calls): State<Calls>, Path(id): Path<u32>) -> impl IntoResponse {
        calls.fetch_add(1, Ordering::SeqCst);
        match id {
            1 => (Status::OK, r#"{"schema":"\"string\""}"#),
            2 => (Status::OK, r#"{"schema":"{}","schemaType":"JSON"}"#),
            3 => (
                Status::INTERNAL_SERVER_ERROR,
                r#"{"error_code":50001,"message":"store"}"#,
            ),
            4 => (Status::OK, "<html>"),
            5 => (Status::NOT_FOUND, "no such page"),
            _ => (
                Status::NOT_FOUND,
                r#"{"error_code":40403,"message":"Schema not found"}"#,
            ),
        }
    }
    async fn register(State(calls): State<Calls>, Path(subject): Path<String>) -> impl IntoResponse {
        calls.fetch_add(1, Ordering::SeqCst);
        match subject.as_str() {
            "a/b c" => (Status::OK, r#"{"id":7}"#),
            "clash" => (Status::CONFLICT, r#"{"error_code":409,"message":"field x"}"#),
            _ => (
                Status::UNPROCESSABLE_ENTITY,
                r#"{"error_code":42201,"message":"Invalid schema"}"#,
            ),
        }
    }
    let unknown = || async {
        (
            Status::NOT_FOUND,
            r#"{"error_code":40401,"message":"Subject not found"}"#,
        )
    };
    let latest = || async { r#"{"subject":"s","id":1,"version":3,"schema":"\"string\""}"# };
    let calls = Calls::default();
    let app = Router::new()
        .route("/schemas/ids/{id}", get(by_id))
        .route("/subjects", get(|| async { r#"["s"]"# }))
        .route("/subjects/{subject}", post(unknown))
        .route("/subjects/{subject}/versions", post(register))
        .route("/subjects/s/versions", get(|| async { "[1,3]" }))
        .route(
            "/subjects/s/versions/1",
            get(|| async { r#"{"subject":"s","id":9,"version":1,"schema":"\"int\""}"# }),
        )
        .route("/subjects/s/versions/3", get(latest))
        .route("/subjects/none/versions", get(unknown))
        .route("/subjects/s/versions/latest", get(latest))
        .route("/subjects/none/versions/latest", get(unknown))
        .with_state(Arc::clone(&calls));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (RegistryClient::new(&url, None).expect("client"), calls)
}

#[tokio::test]
async fn schemas_are_asked_for_once() {
    let (client, calls) = registry().await;
    for _ in 0..3 {
        assert_eq!(&*client.schema_by_id(1).await.expect("schema"), "\"string\"");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_unknown_id_is_permanent_and_not_asked_for_again_at_once() {
    let (client, calls) = registry().await;
    for _ in 0..3 {
        let error = client.schema_by_id(9).await.expect_err("unknown");
        assert!(matches!(error, RegistryError::UnknownId { id: 9 }) && !error.is_retryable());
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_unwell_or_absent_registry_is_retryable_and_nonsense_is_not() {
    let (client, _) = registry().await;
    assert!(client.schema_by_id(3).await.expect_err("unwell").is_retryable());
    assert!(matches!(
        client.schema_by_id(2).await,
        Err(RegistryError::NotAvro { id: 2 })
    ));
    assert!(matches!(
        client.schema_by_id(4).await,
        Err(RegistryError::Answer { .. })
    ));
    assert!(matches!(
        client.schema_by_id(5).await,
        Err(RegistryError::Refused { .. })
    ));
    let curt = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = curt.local_addr().expect("address");
    // Hangs up on everybody.
    std::thread::spawn(move || curt.incoming().for_each(drop));
    let absent = RegistryClient::new(&format!("http://{port}"), None).expect("client");
    assert!(absent.schema_by_id(1).await.expect_err("absent").is_retryable());
}

#[tokio::test]
async fn registering_encodes_the_subject_and_sorts_refusals() {
    let (client, calls) = registry().await;
    assert_eq!(client.register("a/b c", "\"string\"").await.expect("id"), 7);
    assert_eq!(client.register("a/b c", "\"string\"").await.expect("id"), 7);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert!(matches!(
        client.register("clash", "{}").await,
        Err(RegistryError::Incompatible { .. })
    ));
    assert!(matches!(
        client.register("bad", "{").await,
        Err(RegistryError::Refused { .. })
    ));
}

#[tokio::test]
async fn subjects_versions_and_lookups() {
    let (client, _) = registry().await;
    assert_eq!(client.subjects().await.expect("subjects"), ["s"]);
    assert_eq!(
        client
            .latest("s")
            .await
            .expect("latest")
            .map(|found| found.version),
        Some(3)
    );
    assert_eq!(client.latest("none").await.expect("answer"), None);
    let numbers = client.version_numbers("s").await.expect("numbers");
    let mut ids = Vec::new();
    for number in &numbers {
        let version = client.version("s", *number).await.expect("version");
        ids.extend(version.map(|version| version.id));
    }
    assert_eq!(ids, [9, 1]);
    client.give_up_version("s", 77);
    assert_eq!(client.version("s", 77).await.expect("nothing is asked"), None);
    assert!(client.version_numbers("none").await.expect("answer").is_empty());
    assert_eq!(client.lookup("s", "\"int\"").await.expect("answer"), None);
}

#[test]
fn addresses_are_checked() {
    for bad in ["registry:8081", "ftp://x", "", "http://user:pw@host"] {
        let error = RegistryClient::new(bad, None)
            .map(drop)
            .expect_err("refused")
            .to_string();
        assert!(!error.contains("pw@"), "{error}");
    }
}

#[tokio::test]
async fn a_storm_of_what_is_no_id_is_not_asked_for() {
    let (client, calls) = registry().await;
    client.schema_by_id(1).await.expect("schema");
    let before = calls.load(Ordering::SeqCst);
    for number in 0..5_000 {
        let asked = client.schema_by_id(2_000_000 + number).await;
        assert!(matches!(asked, Err(RegistryError::UnknownId { .. })));
    }
    let asked = calls.load(Ordering::SeqCst) - before;
    assert!(asked < 1_000, "{asked} questions");
    // What could have been registered a moment ago is asked for all the same.
    let before = calls.load(Ordering::SeqCst);
    assert!(client.schema_by_id(77).await.is_err());
    assert_eq!(calls.load(Ordering::SeqCst), before + 1);
}

#[tokio::test]
async fn an_id_without_an_answer_is_left_alone() {
    let (client, calls) = registry().await;
    assert!(matches!(
        client.schema_by_id(3).await,
        Err(RegistryError::NotReady { .. })
    ));
    client.give_up(3);
    assert!(matches!(
        client.schema_by_id(3).await,
        Err(RegistryError::UnknownId { id: 3 })
    ));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}
