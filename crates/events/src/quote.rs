//! Showing a refused value in a message: only what looks like a code, for messages are stored and free text must not
//! be (I10).

/// Longest value that is quoted, in bytes.
const MAX_QUOTED: usize = 32;

/// The value itself if it looks like a code, else a description that gives nothing away.
pub(crate) fn quote(value: &str) -> String {
    if value.trim().is_empty() {
        "an empty text".to_owned()
    } else if looks_like_a_code(value) {
        format!("\"{value}\"")
    } else {
        "a value that does not look like a code".to_owned()
    }
}

fn looks_like_a_code(value: &str) -> bool {
    value.len() <= MAX_QUOTED
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_are_shown() {
        assert_eq!(quote("MED"), "\"MED\"");
        assert_eq!(quote("31/12/9999"), "\"31/12/9999\"");
        for text in ["Some Body", "12 High St, TN1", "Zoë", &"A".repeat(33), "a\nb"] {
            assert_eq!(quote(text), "a value that does not look like a code");
        }
        assert_eq!(quote(" "), "an empty text");
    }
}
