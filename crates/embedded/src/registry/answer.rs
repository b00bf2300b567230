//! Bodies of requests and answers.

use axum::body::Body as HttpBody;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::Value;

use super::compatibility::Level;
use super::error::{MEDIA_TYPE, Refusal};
use super::schema::AvroSchema;

/// The largest request, bytes.
const LIMIT: usize = 1 << 20;

/// How much of a larger request is read before it is cut off, bytes.
const FORGOTTEN: usize = 16 << 20;

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
        let bytes = read(request.into_body()).await?;
        serde_json::from_slice(&bytes).map_err(Refusal::malformed)
    }
}

/// Reads a body of at most [`LIMIT`]. A larger one is read on and forgotten, up to [`FORGOTTEN`]: a client that is cut off
/// while it still sends does not get to see the refusal.
async fn read(mut body: HttpBody) -> Result<Vec<u8>, Refusal> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    // A body that breaks off is cut JSON, which is refused as such.
    while let Some(Ok(frame)) = body.frame().await {
        let Some(data) = frame.data_ref() else { continue };
        length = length.saturating_add(data.len());
        if length <= LIMIT {
            kept.extend_from_slice(data);
        } else if length > FORGOTTEN {
            break;
        }
    }
    if length > LIMIT {
        Err(Refusal::too_large(LIMIT))
    } else {
        Ok(kept)
    }
}
