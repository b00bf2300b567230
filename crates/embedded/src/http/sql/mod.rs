//! What the interface has to know of a statement before the engine sees it: its tokens, never its text.
//!
//! Contract: the tokens are cut exactly as ClickHouse cuts them (strings, here documents, nested comments, quoted
//! identifiers, typographic quotes). What cannot be cut is refused, so nothing can hide from the rules.

pub(super) mod format_clause;
pub(super) mod insert;
pub(super) mod kill;
mod lexer;
pub(super) mod reader;
pub(super) mod refuse;
mod token;

use super::failure;
use crate::engine::Failure;

pub(super) use lexer::Lexer;
pub(super) use token::{Kind, Token};

/// The first word of a statement, brackets before it passed over; empty if there is none.
pub(super) fn first_word(sql: &[u8]) -> String {
    Lexer::new(sql)
        .map_while(Result::ok)
        .find(|token| !token.is_symbol(b'('))
        .and_then(|token| token.word().map(str::to_ascii_uppercase))
        .unwrap_or_default()
}

/// Refuses a text that holds more than one statement; one that is empty or cannot be read as well.
pub(super) fn require_one_statement(sql: &[u8]) -> Result<(), Failure> {
    let mut ended = false;
    let mut empty = true;
    for token in Lexer::new(sql) {
        let token = token.map_err(|error| error.failure(sql))?;
        if token.is_symbol(b';') {
            ended = !empty;
        } else if ended {
            return Err(failure::syntax(
                "Syntax error (Multi-statements are not allowed): send one statement per request",
            ));
        } else {
            empty = false;
        }
    }
    if empty {
        Err(failure::syntax("Syntax error: Empty query"))
    } else {
        Ok(())
    }
}

/// `text` as a string literal.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// `name` as a quoted identifier.
pub(super) fn quote_name(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_may_end_in_semicolons() {
        for sql in ["select 1", "select 1;", "select 1; -- done\n;", "select ';'"] {
            require_one_statement(sql.as_bytes()).unwrap();
        }
        for sql in [
            "",
            " -- nothing\n",
            ";",
            "select 1; select 2",
            "drop table x; garbage",
            "select 1;;2",
        ] {
            assert_eq!(
                require_one_statement(sql.as_bytes()).unwrap_err().code,
                62,
                "{sql}"
            );
        }
    }

    #[test]
    fn the_first_word_is_found_behind_comments_and_brackets() {
        assert_eq!(first_word(b"/* x */ ((select 1))"), "SELECT");
        assert_eq!(first_word(b"'a'"), "");
    }

    #[test]
    fn quoting_keeps_the_text_inside() {
        assert_eq!(quote("it's \\ "), "'it\\'s \\\\ '");
        assert_eq!(quote_name("a`b"), "`a\\`b`");
    }
}
