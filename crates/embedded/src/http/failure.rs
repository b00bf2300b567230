//! Failures that the interface itself raises, and the HTTP status of every failure.

use axum::http::StatusCode;

use crate::engine::Failure;

pub(super) const ACCESS_DENIED: u32 = 497;

pub(super) fn syntax(text: impl AsRef<str>) -> Failure {
    Failure::new(62, "SYNTAX_ERROR", text)
}

pub(super) fn denied(text: impl AsRef<str>) -> Failure {
    Failure::new(ACCESS_DENIED, "ACCESS_DENIED", text)
}

pub(super) fn not_implemented(text: impl AsRef<str>) -> Failure {
    Failure::new(48, "NOT_IMPLEMENTED", text)
}

pub(super) fn bad_arguments(text: impl AsRef<str>) -> Failure {
    Failure::new(36, "BAD_ARGUMENTS", text)
}

pub(super) fn too_large(limit_bytes: usize) -> Failure {
    let limit = limit_bytes >> 20;
    Failure::new(
        229,
        "QUERY_IS_TOO_LARGE",
        format!("The statement is larger than {limit} MiB; send the rows of an INSERT behind FORMAT instead"),
    )
}

/// The body ended before its end, or could not be decompressed.
pub(super) fn unreadable_body(error: &std::io::Error) -> Failure {
    Failure::new(
        33,
        "CANNOT_READ_ALL_DATA",
        format!("Cannot read the request's body: {error}"),
    )
}

pub(super) fn busy(text: impl AsRef<str>) -> Failure {
    Failure::new(202, "TOO_MANY_SIMULTANEOUS_QUERIES", text)
}

pub(super) fn internal(text: impl AsRef<str>) -> Failure {
    Failure::new(1002, "UNKNOWN_EXCEPTION", text)
}

/// The status that ClickHouse gives a code. Clients repeat reads on 429, 503 and 504, so only failures that pass by
/// themselves have those.
pub(super) fn status(code: u32) -> StatusCode {
    match code {
        194 => StatusCode::UNAUTHORIZED,
        192 | 193 | 291 | 495 | 497 | 516 => StatusCode::FORBIDDEN,
        6 | 26 | 27 | 33 | 36 | 38 | 41 | 43 | 44 | 53 | 62 | 69 | 70 | 72 | 89 | 117 | 130 | 131 | 190
        | 210 | 271 | 374 | 386 | 427 | 456 | 457 | 467 | 469 | 744 => StatusCode::BAD_REQUEST,
        16 | 46 | 47 | 50 | 52 | 56 | 60 | 63 | 64 | 66 | 73 | 78 | 79 | 80 | 81 | 82 | 115 | 372 | 511 => {
            StatusCode::NOT_FOUND
        }
        48 => StatusCode::NOT_IMPLEMENTED,
        76 | 202 | 203 | 209 | 439 => StatusCode::SERVICE_UNAVAILABLE,
        159 => StatusCode::REQUEST_TIMEOUT,
        158 | 229 | 307 | 396 => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_follow_the_codes() {
        for (code, expected) in [
            (62, 400),
            (115, 404),
            (60, 404),
            (497, 403),
            (516, 403),
            (194, 401),
            (395, 500),
        ] {
            assert_eq!(status(code).as_u16(), expected, "{code}");
        }
        assert_eq!(status(too_large(1 << 20).code), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(status(busy("x").code), StatusCode::SERVICE_UNAVAILABLE);
    }
}
