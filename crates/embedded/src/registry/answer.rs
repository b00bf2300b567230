//! Bodies of requests and answers.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::compatibility::Level;
use super::error::{MEDIA_TYPE, Refusal};
use super::schema::AvroSchema;

/// The largest request, bytes.
const LIMIT: usize = 1 << 20;

/// JSON text of an answer.
pub(super) struct Answer(pub(super) String);

/// What a request may carry. Unknown members are ignored: serializers send new ones with every release.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    schema: Option<String>,
    #[serde(rename = "schemaType", default)]
    kind: Option<String>,
    #[serde(default)]
    references: Option<Vec<Value>>,
    #[serde(default)]
    id: Option<i64>,
    #[serde(default)]
    version: Option<i64>,
    #[serde(default)]
    compatibility: Option<String>,
}

/// An answer of this JSON.
pub(super) fn answer(body: Value) -> Result<Answer, Refusal> {
    Ok(Answer(body.to_string()))
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, MEDIA_TYPE)], self.0).into_response()
    }
}

impl Body {
    /// The Avro schema in a request.
    pub(super) fn schema(&self) -> Result<AvroSchema, Refusal> {
        if let Some(kind) = self
            .kind
            .as_deref()
            .filter(|kind| !kind.eq_ignore_ascii_case("AVRO"))
        {
            let kind = if matches!(kind, "JSON" | "PROTOBUF") {
                kind
            } else {
                "this"
            };
            return Err(Refusal::invalid_schema(format_args!(
                "{kind} is not supported, only AVRO is"
            )));
        }
        if self
            .references
            .as_ref()
            .is_some_and(|references| !references.is_empty())
        {
            return Err(Refusal::invalid_schema(
                "references to other schemas are not supported; write the types out",
            ));
        }
        let text = self
            .schema
            .as_deref()
            .ok_or_else(|| Refusal::invalid_schema("there is none in the request"))?;
        AvroSchema::parse(text).map_err(Refusal::invalid_schema)
    }

    /// The Avro schema in a request to register it.
    pub(super) fn new_schema(&self) -> Result<AvroSchema, Refusal> {
        let chosen = |number: Option<i64>| number.is_some_and(|number| number > 0);
        if chosen(self.id) || chosen(self.version) {
            return Err(Refusal::not_importing());
        }
        self.schema()
    }

    /// The compatibility level in a request.
    pub(super) fn level(&self) -> Result<Level, Refusal> {
        self.compatibility
            .as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(|()| Refusal::invalid_level())
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Refusal> {
        let length = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok());
        if length
            .and_then(|length| length.parse::<usize>().ok())
            .is_some_and(|length| length > LIMIT)
        {
            return Err(Refusal::too_large(LIMIT));
        }
        let bytes = to_bytes(request.into_body(), LIMIT)
            .await
            .map_err(|_| Refusal::too_large(LIMIT))?;
        serde_json::from_slice(&bytes).map_err(Refusal::malformed)
    }
}
