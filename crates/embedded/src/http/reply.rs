//! Answers: from a thread of the engine to the network.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use futures::stream;
use tokio::sync::mpsc;

use super::{failure, formats, listener::Flushed, under_way::Ticket};
use crate::engine::{Engine, Failure, Stats};

/// What a request comes to.
#[derive(Debug)]
pub(super) enum Reply {
    /// The statement failed before anything was answered.
    Failure(Failure),
    /// The whole answer.
    Whole(Head, Bytes),
    /// The answer as it comes.
    Stream(Head, mpsc::Receiver<Piece>),
}

/// What is known of an answer when it begins.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Canonical name of the format, for statements that have a result.
    pub(super) format: Option<String>,
    /// The counts so far.
    pub(super) stats: Stats,
    /// Mark of an error within the answer.
    pub(super) exception_tag: String,
}

/// A piece of a streamed answer.
#[derive(Debug)]
pub(super) enum Piece {
    Data(Bytes),
    /// The end. Without it the answer is broken off.
    End,
}

/// Makes HTTP answers for one request.
pub(super) struct Answer<'a> {
    pub(super) engine: &'a Engine,
    pub(super) query_id: &'a str,
}

impl Answer<'_> {
    /// The answer to a request that got as far as a reply. The ticket lives as long as the answer is under way.
    pub(super) fn reply(&self, reply: Reply, ticket: Ticket, flushed: Arc<Flushed>) -> Response<Body> {
        match reply {
            Reply::Failure(failure) => self.failure(&failure),
            Reply::Whole(head, bytes) => self.success(&head, Body::from(bytes)),
            Reply::Stream(head, pieces) => self.success(&head, streamed(pieces, ticket, flushed)),
        }
    }

    /// Text that is the same for every client, such as that of `/ping`.
    pub(super) fn text(&self, status: StatusCode, text: String) -> Response<Body> {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        self.set(&mut response, "content-type", "text/plain; charset=UTF-8");
        self.common(&mut response);
        response
    }

    /// A failure, always uncompressed: not every client decompresses errors.
    pub(super) fn failure(&self, failure: &Failure) -> Response<Body> {
        let mut response = self.text(
            failure::status(failure.code),
            message(failure, self.engine.version()),
        );
        self.set(
            &mut response,
            "x-clickhouse-exception-code",
            &failure.code.to_string(),
        );
        response
    }

    fn success(&self, head: &Head, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        if let Some(format) = &head.format {
            self.set(&mut response, "content-type", formats::content_type(format));
            self.set(&mut response, "x-clickhouse-format", format);
        }
        if !head.exception_tag.is_empty() {
            self.set(&mut response, "x-clickhouse-exception-tag", &head.exception_tag);
        }
        self.set(&mut response, "x-clickhouse-summary", &summary(&head.stats));
        self.common(&mut response);
        response
    }

    fn common(&self, response: &mut Response<Body>) {
        self.set(response, "x-clickhouse-query-id", self.query_id);
        self.set(response, "x-clickhouse-timezone", self.engine.timezone());
        self.set(response, "x-clickhouse-server-display-name", "quarterday");
    }

    /// A value that no header can carry, such as a query id with a line end, is left out.
    fn set(&self, response: &mut Response<Body>, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            response
                .headers_mut()
                .insert(header::HeaderName::from_static(name), value);
        }
    }
}

/// The message as clients take it apart: they look for the name in brackets before the version.
pub(super) fn message(failure: &Failure, version: &str) -> String {
    format!(
        "{} (version {version} (official build))\n",
        failure.message.trim_end()
    )
}

/// The error block at the end of an answer that has begun well.
pub(super) fn exception_block(message: &str, tag: &str) -> String {
    const LONGEST: usize = 16 << 10;
    let mut end = message.len().min(LONGEST);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let message = message.get(..end).unwrap_or_default().trim_end();
    let length = message.len() + 1;
    format!("\r\n__exception__\r\n{tag}\r\n{message}\n{length} {tag}\r\n__exception__\r\n")
}

/// Sixteen characters that no result is likely to hold.
pub(super) fn exception_tag() -> String {
    let mut tag = uuid::Uuid::new_v4().simple().to_string();
    tag.truncate(16);
    tag
}

fn streamed(pieces: mpsc::Receiver<Piece>, ticket: Ticket, flushed: Arc<Flushed>) -> Body {
    let state = Some((pieces, ticket, flushed));
    Body::from_stream(stream::unfold(state, |state| async move {
        let (mut pieces, ticket, flushed) = state?;
        match pieces.recv().await {
            Some(Piece::Data(data)) => Some((Ok(data), Some((pieces, ticket, flushed)))),
            Some(Piece::End) => None,
            None => {
                // The error text has been handed over; it must be out before the connection breaks.
                flushed.wait().await;
                Some((
                    Err(std::io::Error::other("the statement failed within its answer")),
                    None,
                ))
            }
        }
    }))
}

/// The counts as flat JSON with nothing but strings: clients split it at commas and colons.
fn summary(stats: &Stats) -> String {
    let read_rows = stats.read_rows.max(stats.written_rows);
    let read_bytes = stats.read_bytes.max(stats.written_bytes);
    let result_rows = if stats.written_rows > 0 {
        stats.written_rows
    } else {
        stats.result_rows
    };
    let elapsed = std::time::Duration::try_from_secs_f64(stats.elapsed_seconds)
        .unwrap_or_default()
        .as_nanos();
    format!(
        "{{\"read_rows\":\"{read_rows}\",\"read_bytes\":\"{read_bytes}\",\"written_rows\":\"{}\",\
         \"written_bytes\":\"{}\",\"total_rows_to_read\":\"{read_rows}\",\"result_rows\":\"{result_rows}\",\
         \"result_bytes\":\"{}\",\"elapsed_ns\":\"{elapsed}\",\"memory_usage\":\"0\"}}",
        stats.written_rows, stats.written_bytes, stats.result_bytes
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_flat_and_holds_strings() {
        let text = summary(&Stats {
            elapsed_seconds: 0.5,
            written_rows: 3,
            ..Stats::default()
        });
        let parsed: std::collections::BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed["written_rows"], "3");
        assert_eq!(parsed["elapsed_ns"], "500000000");
        assert!(!text.contains(' '));
    }

    #[test]
    fn the_error_block_names_its_length() {
        let block = exception_block("Code: 1. x\n", "0123456789abcdef");
        let expected =
            "\r\n__exception__\r\n0123456789abcdef\r\nCode: 1. x\n11 0123456789abcdef\r\n__exception__\r\n";
        assert_eq!(block, expected);
        assert!(exception_block(&"ü".repeat(20_000), "t").len() < 17_000);
        assert_eq!(exception_tag().len(), 16);
    }
}
