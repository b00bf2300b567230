//! Rewrites KILL QUERY: the engine cannot be told a query's id, so the interface keeps it in `log_comment`.
//!
//! SYNC is dropped as well: it would wait for a query that may be waiting for this one's thread.

use super::Lexer;

/// The engine's statement for a client's `KILL QUERY WHERE …`; `None` for other statements.
pub(in crate::http) fn rewrite(sql: &[u8]) -> Option<String> {
    let mut tokens = Lexer::new(sql).map_while(Result::ok);
    if !tokens.next()?.is_keyword("KILL") || !tokens.next()?.is_keyword("QUERY") {
        return None;
    }
    let mut out = "KILL QUERY".to_owned();
    let mut mode = "ASYNC";
    for token in tokens {
        if token.is_keyword("SYNC") || token.is_keyword("ASYNC") || token.is_symbol(b';') {
            continue;
        }
        if token.is_keyword("TEST") {
            mode = "TEST";
        } else if token.name().is_some_and(|name| name == "query_id") {
            out.push_str(" Settings['log_comment']");
        } else {
            out.push(' ');
            out.push_str(&String::from_utf8_lossy(token.bytes));
        }
    }
    Some(format!("{out} {mode}"))
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn the_id_is_looked_for_in_the_comment() {
        let sql = rewrite(b"kill query where query_id='it''s' and user = 'x' SYNC;").unwrap();
        assert_eq!(
            sql,
            "KILL QUERY where Settings['log_comment'] = 'it''s' and user = 'x' ASYNC"
        );
        let sql = rewrite(b"KILL QUERY WHERE `query_id` IN ('a') TEST").unwrap();
        assert_eq!(sql, "KILL QUERY WHERE Settings['log_comment'] IN ( 'a' ) TEST");
        assert_eq!(rewrite(b"kill mutation where 1"), None);
        assert_eq!(rewrite(b"select 1"), None);
    }
}
