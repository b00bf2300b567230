//! Who sends a request: HTTP Basic, ClickHouse's own headers, or URL parameters; one of them at a time.

use axum::http::HeaderMap;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use subtle::ConstantTimeEq;

use super::options::User;
use crate::engine::Failure;

/// Finds the user. Which of name and password was wrong is not told.
pub(super) fn authenticate<'u>(
    users: &'u [User],
    headers: &HeaderMap,
    in_url: (Option<&str>, Option<&str>),
) -> Result<&'u User, Failure> {
    let (name, password) = credentials(headers, in_url)?;
    let user = users.iter().find(|user| user.name == name).filter(|user| {
        let expected = user.password.as_deref().unwrap_or_default();
        bool::from(expected.as_bytes().ct_eq(password.as_bytes()))
    });
    user.ok_or_else(|| {
        failed(&format!(
            "{name}: Authentication failed: password is incorrect, or there is no user with such name"
        ))
    })
}

fn credentials(
    headers: &HeaderMap,
    in_url: (Option<&str>, Option<&str>),
) -> Result<(String, String), Failure> {
    let authorization = text(headers, "authorization");
    let own = (
        text(headers, "x-clickhouse-user"),
        text(headers, "x-clickhouse-key"),
    );
    let has_own = own.0.is_some() || own.1.is_some();
    let has_url = in_url.0.is_some() || in_url.1.is_some();
    if [authorization.is_some(), has_own, has_url]
        .into_iter()
        .filter(|given| *given)
        .count()
        > 1
    {
        return Err(failed(
            "Invalid authentication: more than one way of giving credentials was used at once",
        ));
    }
    if let Some(value) = authorization {
        return basic(value)
            .ok_or_else(|| failed("Invalid authentication: only HTTP Basic is understood here"));
    }
    let (name, password) = if has_own { own } else { in_url };
    let name = name.filter(|name| !name.is_empty()).unwrap_or("default");
    Ok((name.to_owned(), password.unwrap_or_default().to_owned()))
}

fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    let name = if name.is_empty() { "default" } else { name };
    Some((name.to_owned(), password.to_owned()))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn failed(text: &str) -> Failure {
    Failure::new(516, "AUTHENTICATION_FAILED", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Access;

    fn users() -> Vec<User> {
        vec![
            User {
                name: "default".to_owned(),
                password: None,
                access: Access::Full,
            },
            User {
                name: "bi".to_owned(),
                password: Some("se:cret".to_owned()),
                access: Access::Full,
            },
        ]
    }

    fn name(headers: &[(&'static str, &str)], in_url: (Option<&str>, Option<&str>)) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        authenticate(&users(), &map, in_url)
            .ok()
            .map(|user| user.name.clone())
    }

    #[test]
    fn every_way_is_understood() {
        let basic = format!("Basic {}", BASE64_STANDARD.encode("bi:se:cret"));
        assert_eq!(name(&[], (None, None)).as_deref(), Some("default"));
        assert_eq!(
            name(&[("authorization", &basic)], (None, None)).as_deref(),
            Some("bi")
        );
        let own = [("x-clickhouse-user", "bi"), ("x-clickhouse-key", "se:cret")];
        assert_eq!(name(&own, (None, None)).as_deref(), Some("bi"));
        assert_eq!(name(&[], (Some("bi"), Some("se:cret"))).as_deref(), Some("bi"));
        assert_eq!(
            name(&[("x-clickhouse-key", "")], (None, None)).as_deref(),
            Some("default")
        );
    }

    #[test]
    fn wrong_and_mixed_credentials_fail() {
        assert_eq!(name(&[], (Some("bi"), None)), None);
        assert_eq!(name(&[], (Some("bi"), Some("secret"))), None);
        assert_eq!(name(&[], (Some("nobody"), Some(""))), None);
        assert_eq!(name(&[], (None, Some("x"))), None);
        assert_eq!(
            name(&[("x-clickhouse-user", "default")], (Some("default"), None)),
            None
        );
        for value in ["Bearer x", "Basic", "Basic !", "Basic YQ=="] {
            assert_eq!(name(&[("authorization", value)], (None, None)), None, "{value}");
        }
    }
}
