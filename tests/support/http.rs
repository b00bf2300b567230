//! One HTTP question, as a probe of a service manager asks it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

/// Status and body of a GET; nothing when nobody answers.
pub(crate) fn get(url: &str, path: &str) -> Option<(u16, String)> {
    ask(url, "GET", path, "")
}

/// Status and body of a POST; nothing when nobody answers.
pub(crate) fn post(url: &str, path: &str, body: &str) -> Option<(u16, String)> {
    ask(url, "POST", path, body)
}

fn ask(url: &str, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

/// The value of a line of metrics, such as `quarterday_ready` or `quarterday_messages_accepted_total{feed="probe"}`.
pub(crate) fn value(url: &str, name: &str) -> f64 {
    let (_, text) = get(url, "/metrics").unwrap();
    let mut lines = text.lines().filter_map(|line| line.rsplit_once(' '));
    let found = lines.find(|(served, _)| *served == name);
    found.map_or(0.0, |(_, value)| value.parse().unwrap())
}
