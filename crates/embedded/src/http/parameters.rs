//! What a request asks for beside its text: URL parameters, form fields and headers.

use std::time::Duration;

use axum::http::HeaderMap;

use super::{body::decode::Encoding, failure};
use crate::engine::Failure;

/// Parameters that are no settings of the engine. `role` is refused, the rest has a meaning here or none.
const NOT_SETTINGS: &[&str] = &["quota_key", "buffer_size", "stacktrace", ""];

/// Suffixes of fields that describe external tables.
const TABLE_SUFFIXES: &[&str] = &["_format", "_structure", "_types"];

const SESSION_TIMEOUT_SECONDS: u64 = 60;
const LONGEST_SESSION_SECONDS: u64 = 3600;

/// The request's parameters.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) query: String,
    pub(super) database: String,
    /// Format unless the statement names one.
    pub(super) format: Option<String>,
    /// Never empty once [`Parameters::parse`] is through.
    pub(super) query_id: String,
    pub(super) session: Option<SessionRequest>,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    /// Whether the answer is to be in native frames.
    pub(super) compress: bool,
    /// Whether the body is in native frames.
    pub(super) decompress: bool,
    /// Whether nothing may be answered before the statement is through.
    pub(super) wait_end_of_query: bool,
    pub(super) protocol_version: u32,
    pub(super) settings: Vec<(String, String)>,
    /// Values of `{name:Type}`.
    pub(super) params: Vec<(String, String)>,
    /// `<table>_format`, `<table>_structure` and `<table>_types`.
    pub(super) table_fields: Vec<(String, String)>,
    pub(super) encoding: Option<Encoding>,
}

/// The session that a request belongs to.
#[derive(Debug, Clone)]
pub(super) struct SessionRequest {
    pub(super) id: String,
    pub(super) timeout: Duration,
    /// Whether the session must exist already.
    pub(super) check: bool,
    /// Whether it ends with this request.
    pub(super) close: bool,
}

impl Parameters {
    /// Reads names and values in their order, then the headers, which win. `multipart` says that external tables may
    /// be described.
    pub(super) fn parse(
        pairs: impl IntoIterator<Item = (String, String)>,
        headers: &HeaderMap,
        multipart: bool,
    ) -> Result<Self, Failure> {
        let mut this = Self::default();
        let mut session = RawSession::default();
        for (name, value) in pairs {
            this.take(name, value, multipart, &mut session)?;
        }
        this.session = session.finish()?;
        this.take_headers(headers)?;
        if this.query_id.is_empty() {
            this.query_id = uuid::Uuid::new_v4().to_string();
        }
        Ok(this)
    }

    fn take(
        &mut self,
        name: String,
        value: String,
        multipart: bool,
        session: &mut RawSession,
    ) -> Result<(), Failure> {
        match name.as_str() {
            "query" => self.query.push_str(&value),
            "database" => self.database = value,
            "default_format" => self.format = Some(value).filter(|value| !value.is_empty()),
            "user" => self.user = Some(value),
            "password" => self.password = Some(value),
            "query_id" => self.query_id = value,
            "session_id" => session.id = value,
            "session_timeout" => session.timeout = value,
            "session_check" => session.check = is_on(&value),
            "close_session" => session.close = is_on(&value),
            "compress" => self.compress = is_on(&value),
            "decompress" => self.decompress = is_on(&value),
            "wait_end_of_query" => self.wait_end_of_query = is_on(&value),
            "client_protocol_version" => self.protocol_version = value.parse().unwrap_or_default(),
            "role" => {
                return Err(Failure::new(
                    511,
                    "UNKNOWN_ROLE",
                    "There are no roles in the embedded engine",
                ));
            }
            _ if NOT_SETTINGS.contains(&name.as_str()) => {}
            _ => match name.strip_prefix("param_") {
                Some(param) => self.params.push((param.to_owned(), value)),
                None if multipart && TABLE_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) => {
                    self.table_fields.push((name, value));
                }
                None => self.settings.push((setting_name(name)?, value)),
            },
        }
        Ok(())
    }

    fn take_headers(&mut self, headers: &HeaderMap) -> Result<(), Failure> {
        let text = |name: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.filter(|value| !value.is_empty()).map(str::to_owned)
        };
        if let Some(database) = text("x-clickhouse-database") {
            self.database = database;
        }
        self.format = text("x-clickhouse-format").or(self.format.take());
        if self.query_id.is_empty() {
            self.query_id = text("x-clickhouse-query-id").unwrap_or_default();
        }
        self.encoding = text("content-encoding")
            .map(|value| Encoding::parse(&value))
            .transpose()?;
        Ok(())
    }
}

#[derive(Default)]
struct RawSession {
    id: String,
    timeout: String,
    check: bool,
    close: bool,
}

impl RawSession {
    fn finish(self) -> Result<Option<SessionRequest>, Failure> {
        if self.id.is_empty() {
            return Ok(None);
        }
        let seconds = match self.timeout.as_str() {
            "" => SESSION_TIMEOUT_SECONDS,
            text => text
                .parse()
                .ok()
                .filter(|seconds| *seconds <= LONGEST_SESSION_SECONDS)
                .ok_or_else(|| {
                    let message =
                        format!("Invalid session timeout: at most {LONGEST_SESSION_SECONDS} seconds");
                    Failure::new(374, "INVALID_SESSION_TIMEOUT", message)
                })?,
        };
        let timeout = Duration::from_secs(seconds);
        Ok(Some(SessionRequest {
            id: self.id,
            timeout,
            check: self.check,
            close: self.close,
        }))
    }
}

/// The name goes into a SET statement as it is.
fn setting_name(name: String) -> Result<String, Failure> {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let starts = name
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if plain && starts {
        Ok(name)
    } else {
        Err(Failure::new(
            115,
            "UNKNOWN_SETTING",
            format!("Unknown setting {name:?}"),
        ))
    }
}

fn is_on(value: &str) -> bool {
    !matches!(value, "" | "0" | "false")
}

/// The path of a database name is for the caller; here it only must not be two.
pub(super) fn database_for<'p>(requested: &'p str, confined_to: Option<&'p str>) -> Result<&'p str, Failure> {
    match confined_to {
        None => Ok(requested),
        Some(own) if requested.is_empty() || requested == "default" || requested == own => Ok(own),
        Some(own) => Err(failure::denied(format!(
            "Not enough privileges: this user reads the database {own} only, not {requested:?}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str, multipart: bool) -> Result<Parameters, Failure> {
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        let mut headers = HeaderMap::new();
        headers.insert("x-clickhouse-database", "from_header".parse().unwrap());
        Parameters::parse(pairs, &headers, multipart)
    }

    #[test]
    fn parameters_are_told_from_settings() {
        let query = "query=select+1&database=d&max_threads=2&param_x=a%5Ctb&compress=1&wait_end_of_query=0&\
                     session_id=s&session_timeout=5&query_id=&buffer_size=1&default_format=JSON";
        let parsed = parse(query, false).unwrap();
        assert_eq!(parsed.query, "select 1");
        assert_eq!(parsed.database, "from_header");
        assert_eq!(parsed.settings, [("max_threads".to_owned(), "2".to_owned())]);
        assert_eq!(parsed.params, [("x".to_owned(), "a\\tb".to_owned())]);
        assert!(parsed.compress && !parsed.decompress && !parsed.wait_end_of_query);
        assert_eq!(parsed.session.unwrap().timeout, Duration::from_secs(5));
        assert_eq!(parsed.format.as_deref(), Some("JSON"));
        assert_eq!(parsed.query_id.len(), 36);
    }

    #[test]
    fn fields_of_external_tables_are_settings_only_without_a_form() {
        assert_eq!(parse("t_structure=a+Int8", true).unwrap().table_fields.len(), 1);
        assert_eq!(parse("t_structure=a+Int8", false).unwrap().settings.len(), 1);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert_eq!(parse("a%20%3D%201,b=1", false).unwrap_err().code, 115);
        assert_eq!(parse("role=admin", false).unwrap_err().code, 511);
        assert_eq!(
            parse("session_id=s&session_timeout=3601", false)
                .unwrap_err()
                .code,
            374
        );
    }

    #[test]
    fn a_confined_user_stays_in_its_database() {
        assert_eq!(database_for("x", None).unwrap(), "x");
        assert_eq!(database_for("default", Some("quarterday")).unwrap(), "quarterday");
        assert_eq!(database_for("system", Some("quarterday")).unwrap_err().code, 497);
    }
}
