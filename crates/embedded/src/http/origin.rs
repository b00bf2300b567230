//! Keeps web pages away: a browser on this machine must not be led to ask the interface.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Uri};

/// Why a request is refused, or nothing.
///
/// On a loopback address the Host must name this machine (a foreign name is DNS rebinding). An Origin, which browsers
/// send with requests across sites, must be the Host itself.
pub(crate) fn objection(headers: &HeaderMap, uri: &Uri, address: SocketAddr) -> Option<&'static str> {
    let host = match headers.get("host").map(|value| value.to_str()) {
        Some(Ok(host)) => host.to_owned(),
        Some(Err(_)) => return Some("the Host header cannot be read"),
        None => uri.authority().map(ToString::to_string).unwrap_or_default(),
    };
    if address.ip().is_loopback() && !host.is_empty() && !names_this_machine(&host, address.ip()) {
        return Some("the Host header names another machine");
    }
    let is_foreign = |value: &axum::http::HeaderValue| {
        value
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .is_none_or(|(_, origin)| origin != host)
    };
    if headers.get("origin").is_some_and(is_foreign) {
        return Some("requests of web pages are not taken (Origin)");
    }
    let crosses = headers
        .get("sec-fetch-site")
        .is_some_and(|value| value == "cross-site" || value == "same-site");
    crosses.then_some("requests of web pages are not taken (Sec-Fetch-Site)")
}

fn names_this_machine(host: &str, own: IpAddr) -> bool {
    let name = without_port(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    name.parse::<IpAddr>()
        .is_ok_and(|ip| ip.is_loopback() || ip == own)
}

fn without_port(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(address: &str, headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        objection(&map, &Uri::from_static("/"), address.parse().unwrap()).is_none()
    }

    #[test]
    fn names_of_this_machine_pass() {
        for host in [
            "localhost:8123",
            "LOCALHOST",
            "127.0.0.1:8123",
            "127.8.8.8",
            "[::1]:8123",
        ] {
            assert!(allowed("127.0.0.1:8123", &[("host", host)]), "{host}");
        }
        assert!(allowed("127.0.0.1:8123", &[]));
        assert!(allowed(
            "127.0.0.1:8123",
            &[("host", "localhost:1"), ("origin", "http://localhost:1")]
        ));
    }

    #[test]
    fn foreign_names_and_pages_do_not() {
        for host in [
            "evil.example:8123",
            "localhost.evil.example",
            "10.0.0.1",
            "127.0.0.1.evil",
            ":8123",
        ] {
            assert!(!allowed("127.0.0.1:8123", &[("host", host)]), "{host}");
        }
        for origin in ["http://evil.example", "null", "http://localhost:2", "file://"] {
            assert!(
                !allowed("127.0.0.1:8123", &[("host", "localhost:1"), ("origin", origin)]),
                "{origin}"
            );
        }
        assert!(!allowed(
            "127.0.0.1:8123",
            &[("host", "localhost"), ("sec-fetch-site", "cross-site")]
        ));
    }

    #[test]
    fn off_loopback_any_host_but_no_foreign_page() {
        assert!(allowed("10.0.0.1:8123", &[("host", "clickhouse.internal:8123")]));
        assert!(!allowed(
            "10.0.0.1:8123",
            &[("host", "clickhouse.internal"), ("origin", "http://evil.example")]
        ));
    }
}
