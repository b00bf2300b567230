//! The REST calls, as Confluent's registry answers them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State as Shared};
use axum::http::Uri;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::answer::{Answer, Body, answer};
use super::compatibility::Level;
use super::error::Refusal;
use super::schema::AvroSchema;
use super::service::{Service, objections};
use super::state::Version;

type Registry = Shared<Arc<Service>>;
type Parameters = Query<HashMap<String, String>>;

/// All calls.
pub(super) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/", get(async || answer(json!({}))))
        .route("/schemas/types", get(async || answer(json!(["AVRO"]))))
        .route("/schemas/ids/{id}", get(schema_by_id))
        .route("/schemas/ids/{id}/schema", get(schema_text_by_id))
        .route("/schemas/ids/{id}/versions", get(versions_by_id))
        .route("/schemas/ids/{id}/subjects", get(subjects_by_id))
        .route("/subjects", get(subjects))
        .route("/subjects/{subject}", post(look_up).delete(no_deletion))
        .route("/subjects/{subject}/versions", get(versions).post(register))
        .route(
            "/subjects/{subject}/versions/{version}",
            get(version).delete(no_deletion),
        )
        .route("/subjects/{subject}/versions/{version}/schema", get(schema_text))
        .route(
            "/subjects/{subject}/versions/{version}/referencedby",
            get(referenced_by),
        )
        .route(
            "/compatibility/subjects/{subject}/versions/{version}",
            post(test_version),
        )
        .route("/compatibility/subjects/{subject}/versions", post(test_all))
        .route("/config", get(global_level).put(set_global_level))
        .route("/config/{subject}", get(level).put(set_level))
        .route("/mode", get(async || answer(json!({ "mode": "READWRITE" }))))
        .route(
            "/mode/{subject}",
            get(async || answer(json!({ "mode": "READWRITE" }))),
        )
        .fallback(async |uri: Uri| Refusal::no_page(uri.path()))
        .method_not_allowed_fallback(async || Refusal::no_method())
        .with_state(service)
}

async fn schema_by_id(registry: Registry, Path(id): Path<String>) -> Result<Answer, Refusal> {
    let schema = known_schema(&registry, &id)?;
    answer(json!({ "schema": schema.text() }))
}

async fn schema_text_by_id(registry: Registry, Path(id): Path<String>) -> Result<Answer, Refusal> {
    Ok(Answer(known_schema(&registry, &id)?.text().to_owned()))
}

async fn versions_by_id(registry: Registry, Path(id): Path<String>) -> Result<Answer, Refusal> {
    known_schema(&registry, &id)?;
    answer(registry.with(|state| {
        let uses = state.uses_of(number(&id)).into_iter();
        uses.map(|(subject, version)| json!({ "subject": subject, "version": version }))
            .collect::<Value>()
    }))
}

async fn subjects_by_id(registry: Registry, Path(id): Path<String>) -> Result<Answer, Refusal> {
    known_schema(&registry, &id)?;
    let mut subjects: Vec<String> = registry.with(|state| {
        state
            .uses_of(number(&id))
            .into_iter()
            .map(|(subject, _)| subject.to_owned())
            .collect()
    });
    subjects.dedup();
    answer(json!(subjects))
}

async fn subjects(registry: Registry, Query(parameters): Parameters) -> Result<Answer, Refusal> {
    let prefix = parameters.get("subjectPrefix").map_or("", String::as_str);
    answer(registry.with(|state| {
        state
            .subjects()
            .filter(|subject| subject.starts_with(prefix))
            .collect::<Value>()
    }))
}

async fn versions(registry: Registry, Path(subject): Path<String>) -> Result<Answer, Refusal> {
    let versions = known_versions(&registry, &subject)?;
    answer(versions.iter().map(|version| version.number).collect::<Value>())
}

async fn version(
    registry: Registry,
    Path((subject, version)): Path<(String, String)>,
) -> Result<Answer, Refusal> {
    answer(describe(&subject, &known_version(&registry, &subject, &version)?))
}

async fn schema_text(
    registry: Registry,
    Path((subject, version)): Path<(String, String)>,
) -> Result<Answer, Refusal> {
    Ok(Answer(
        known_version(&registry, &subject, &version)?
            .schema
            .text()
            .to_owned(),
    ))
}

async fn referenced_by(
    registry: Registry,
    Path((subject, version)): Path<(String, String)>,
) -> Result<Answer, Refusal> {
    known_version(&registry, &subject, &version)?;
    answer(json!([]))
}

async fn look_up(registry: Registry, Path(subject): Path<String>, body: Body) -> Result<Answer, Refusal> {
    let schema = body.schema()?;
    known_versions(&registry, &subject)?;
    let version = registry.find(&subject, &schema).ok_or_else(Refusal::no_schema)?;
    answer(describe(&subject, &version))
}

async fn register(registry: Registry, Path(subject): Path<String>, body: Body) -> Result<Answer, Refusal> {
    let schema = body.new_schema()?;
    let version = registry.register(&subject, schema).await?;
    answer(json!({ "id": version.id, "version": version.number, "schema": version.schema.text() }))
}

async fn test_version(
    registry: Registry,
    Path((subject, version)): Path<(String, String)>,
    Query(parameters): Parameters,
    body: Body,
) -> Result<Answer, Refusal> {
    let schema = body.schema()?;
    let old = known_version(&registry, &subject, &version)?;
    let level = registry.with(|state| state.level(&subject));
    verdict(
        level.objections(&schema, [(old.number, &*old.schema)].into_iter()),
        &parameters,
    )
}

async fn test_all(
    registry: Registry,
    Path(subject): Path<String>,
    Query(parameters): Parameters,
    body: Body,
) -> Result<Answer, Refusal> {
    let schema = body.schema()?;
    verdict(
        registry.with(|state| objections(state, &subject, &schema)),
        &parameters,
    )
}

async fn global_level(registry: Registry) -> Result<Answer, Refusal> {
    level_answer(registry.with(|state| state.global_level()))
}

async fn level(
    registry: Registry,
    Path(subject): Path<String>,
    Query(parameters): Parameters,
) -> Result<Answer, Refusal> {
    let (own, global) = registry.with(|state| (state.own_level(&subject), state.global_level()));
    let or_global = is_set(&parameters, "defaultToGlobal").then_some(global);
    level_answer(own.or(or_global).ok_or_else(|| Refusal::no_level(&subject))?)
}

async fn set_global_level(registry: Registry, body: Body) -> Result<Answer, Refusal> {
    let level = body.level()?;
    registry.set_level(None, level).await?;
    answer(json!({ "compatibility": level.to_string() }))
}

async fn set_level(registry: Registry, Path(subject): Path<String>, body: Body) -> Result<Answer, Refusal> {
    let level = body.level()?;
    registry.set_level(Some(&subject), level).await?;
    answer(json!({ "compatibility": level.to_string() }))
}

async fn no_deletion() -> Refusal {
    Refusal::no_deletion()
}

fn level_answer(level: Level) -> Result<Answer, Refusal> {
    answer(json!({ "compatibilityLevel": level.to_string() }))
}

fn verdict(objections: Vec<String>, parameters: &HashMap<String, String>) -> Result<Answer, Refusal> {
    let compatible = objections.is_empty();
    if is_set(parameters, "verbose") {
        return answer(json!({ "is_compatible": compatible, "messages": objections }));
    }
    answer(json!({ "is_compatible": compatible }))
}

fn describe(subject: &str, version: &Version) -> Value {
    json!({ "subject": subject, "version": version.number, "id": version.id, "schema": version.schema.text() })
}

fn is_set(parameters: &HashMap<String, String>, name: &str) -> bool {
    parameters.get(name).is_some_and(|value| value == "true")
}

/// 0 is no id.
fn number(id: &str) -> u32 {
    id.parse().unwrap_or(0)
}

fn known_schema(registry: &Service, id: &str) -> Result<Arc<AvroSchema>, Refusal> {
    registry
        .with(|state| state.schema(number(id)))
        .ok_or_else(Refusal::no_schema)
}

fn known_versions(registry: &Service, subject: &str) -> Result<Vec<Version>, Refusal> {
    let versions = registry.with(|state| state.versions(subject));
    if versions.is_empty() {
        Err(Refusal::no_subject(subject))
    } else {
        Ok(versions)
    }
}

fn known_version(registry: &Service, subject: &str, wanted: &str) -> Result<Version, Refusal> {
    let number = match wanted {
        "latest" | "-1" => None,
        digits => match digits.parse::<u32>() {
            Ok(number) if (1..=2_147_483_647).contains(&number) => Some(number),
            _ => return Err(Refusal::invalid_version(digits)),
        },
    };
    let mut versions = known_versions(registry, subject)?;
    let found = match number {
        None => versions.pop(),
        Some(number) => versions.into_iter().find(|version| version.number == number),
    };
    found.ok_or_else(|| Refusal::no_version(wanted))
}
