//! Refusals with the codes of Confluent's registry, which serializers look at.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The media type that clients ask for and get.
pub(super) const MEDIA_TYPE: &str = "application/vnd.schemaregistry.v1+json";

/// A refusal: its code (whose first three digits are the HTTP status) and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: u32,
    message: String,
}

impl Refusal {
    fn new(code: u32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub(super) fn no_subject(subject: &str) -> Self {
        Self::new(40401, format!("Subject '{subject}' not found."))
    }

    pub(super) fn no_version(version: impl std::fmt::Display) -> Self {
        Self::new(40402, format!("Version {version} not found."))
    }

    pub(super) fn no_schema() -> Self {
        Self::new(40403, "Schema not found")
    }

    pub(super) fn no_level(subject: &str) -> Self {
        Self::new(
            40408,
            format!("Subject '{subject}' does not have subject-level compatibility configured"),
        )
    }

    pub(super) fn no_page(path: &str) -> Self {
        Self::new(404, format!("The registry has no {path}"))
    }

    pub(super) fn invalid_schema(reason: impl std::fmt::Display) -> Self {
        Self::new(42201, format!("Invalid schema: {reason}"))
    }

    pub(super) fn invalid_version(version: &str) -> Self {
        let version = quoted(version);
        Self::new(
            42202,
            format!("{version} is no version: give a number from 1 to 2147483647, or latest"),
        )
    }

    pub(super) fn invalid_level() -> Self {
        let levels = "NONE, BACKWARD, FORWARD or FULL, the last three also with _TRANSITIVE";
        Self::new(42203, format!("Invalid compatibility level: give {levels}"))
    }

    pub(super) fn not_importing() -> Self {
        Self::new(
            42205,
            "The registry chooses ids and versions itself: it is not in import mode",
        )
    }

    pub(super) fn invalid_subject(reason: &str) -> Self {
        Self::new(42208, format!("Invalid subject: {reason}"))
    }

    pub(super) fn incompatible(subject: &str, objections: &[String]) -> Self {
        let details = objections.join("; ");
        Self::new(
            409,
            format!(
                "Schema being registered is incompatible with an earlier schema for subject '{subject}': {details}"
            ),
        )
    }

    pub(super) fn malformed(reason: impl std::fmt::Display) -> Self {
        Self::new(400, format!("The request is not understood: {reason}"))
    }

    pub(super) fn foreign(reason: &str) -> Self {
        Self::new(403, reason)
    }

    pub(super) fn no_deletion() -> Self {
        Self::new(
            405,
            "Schemas are kept for ever: whatever was written with one must stay readable",
        )
    }

    pub(super) fn no_method() -> Self {
        Self::new(405, "The registry cannot do this")
    }

    pub(super) fn too_large(limit: usize) -> Self {
        Self::new(413, format!("The request is larger than {limit} bytes"))
    }

    pub(super) fn store(reason: impl std::fmt::Display) -> Self {
        Self::new(50001, format!("The registry could not write to Kafka: {reason}"))
    }

    fn status(&self) -> StatusCode {
        let digits = if self.code >= 1000 {
            self.code / 100
        } else {
            self.code
        };
        u16::try_from(digits)
            .ok()
            .and_then(|digits| StatusCode::from_u16(digits).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error_code": self.code, "message": self.message }).to_string();
        (self.status(), [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
    }
}

/// A caller's word, if it looks like one.
fn quoted(word: &str) -> String {
    let plain = word.len() <= 32
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if plain {
        format!("'{word}'")
    } else {
        "What was given".to_owned()
    }
}
