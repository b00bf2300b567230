//! One request to the registry, and its answer sorted into kinds.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode, Url, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{RegistryAuth, RegistryError, parse_url};

const MEDIA_TYPE: &str = "application/vnd.schemaregistry.v1+json";
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub(super) struct Http {
    client: Client,
    base: Url,
    auth: Option<RegistryAuth>,
}

/// An answer that came whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    url: String,
    body: Vec<u8>,
}

/// Confluent's body of a refusal.
#[derive(Default, Deserialize)]
struct Refusal {
    error_code: Option<u32>,
    message: Option<String>,
}

impl Http {
    pub(super) fn new(url: &str, auth: Option<RegistryAuth>) -> Result<Self, RegistryError> {
        let base = parse_url(url)?;
        let client = Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            .build()
            .map_err(RegistryError::Client)?;
        Ok(Self { client, base, auth })
    }

    /// Sends one request; `path` is percent-encoded part by part.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &[&str],
        body: Option<serde_json::Value>,
    ) -> Result<Answer, RegistryError> {
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        let away = |source| RegistryError::Away {
            url: self.base.to_string(),
            source,
        };
        let mut request = self
            .client
            .request(method, url)
            .header(header::ACCEPT, MEDIA_TYPE);
        if let Some(auth) = &self.auth {
            request = request.basic_auth(&auth.user, Some(&auth.password));
        }
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, MEDIA_TYPE)
                .body(body.to_string());
        }
        let response = request.send().await.map_err(away)?;
        let status = response.status();
        let body = response.bytes().await.map_err(away)?.to_vec();
        Ok(Answer {
            status,
            url: self.base.to_string(),
            body,
        })
    }
}

impl Answer {
    pub(super) fn error_code(&self) -> Option<u32> {
        self.refusal().error_code
    }

    pub(super) fn message(&self) -> String {
        self.refusal()
            .message
            .unwrap_or_else(|| "no explanation".to_owned())
    }

    /// The body of a success; a refusal becomes its error.
    pub(super) fn into_body<T: DeserializeOwned>(self) -> Result<T, RegistryError> {
        if !self.status.is_success() {
            let (url, status, message) = (self.url.clone(), self.status, self.message());
            let passes = status.is_server_error()
                || matches!(
                    status,
                    StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                );
            return Err(if passes {
                RegistryError::NotReady { url, status, message }
            } else {
                RegistryError::Refused { url, status, message }
            });
        }
        serde_json::from_slice(&self.body).map_err(|source| RegistryError::Answer {
            url: self.url,
            source,
        })
    }

    fn refusal(&self) -> Refusal {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
