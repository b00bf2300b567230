//! Parts an INSERT from its data, which the engine must never see as text of a statement.

use super::{Kind, Lexer, Token, first_word};
use crate::{engine::Failure, http::failure};

/// What the beginning of a request's text is.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::http) enum Split {
    /// More bytes are needed to tell.
    More,
    /// A statement without data of its own, INSERT … SELECT included.
    Statement,
    /// An INSERT with data.
    Insert(Head),
}

/// An INSERT without its data.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::http) struct Head {
    /// `INSERT INTO t (a, b) SETTINGS …`.
    pub(in crate::http) sql: String,
    /// Name of the data's format as written; `None` if no FORMAT and no VALUES was given.
    pub(in crate::http) format: Option<String>,
    /// Offset of the first byte of data.
    pub(in crate::http) data: usize,
}

/// Looks for the head of an INSERT in `text`; `whole` says that nothing comes behind it.
///
/// Data begins behind `VALUES`, or behind `FORMAT name`, blanks and at most one line end.
pub(in crate::http) fn split(text: &[u8], whole: bool) -> Result<Split, Failure> {
    if !is_insert(text) {
        return Ok(if whole || has_other_word(text) {
            Split::Statement
        } else {
            Split::More
        });
    }
    let mut depth = 0_i64;
    let mut before: Option<Token<'_>> = None;
    for token in Lexer::new(text).skip(1) {
        let Ok(token) = token else {
            // A string that is still to be continued, or a statement that the engine will complain of.
            return Ok(if whole { Split::Statement } else { Split::More });
        };
        match token.bytes {
            b"(" => depth += 1,
            b")" => depth -= 1,
            _ => {}
        }
        let names_target = before.is_none_or(|before| is_before_name(before));
        if depth == 0 && token.kind == Kind::Word && !names_target {
            if token.end() == text.len() && !whole {
                return Ok(Split::More);
            }
            if token.is_keyword("VALUES") {
                return head(text, token.start, Some("Values"), token.end()).map(Split::Insert);
            }
            if token.is_keyword("FORMAT") {
                return data_behind_format(text, token, whole);
            }
            if ["SELECT", "WITH", "WATCH", "INFILE", "EXPLAIN"]
                .iter()
                .any(|word| token.is_keyword(word))
            {
                return Ok(Split::Statement);
            }
        }
        if before.is_some_and(|before| before.is_symbol(b'(')) && starts_query(token) {
            return Ok(Split::Statement);
        }
        before = Some(token);
    }
    if whole {
        head(text, text.len(), None, text.len()).map(Split::Insert)
    } else {
        Ok(Split::More)
    }
}

fn is_insert(text: &[u8]) -> bool {
    Lexer::new(text)
        .next()
        .is_some_and(|token| token.is_ok_and(|token| token.is_keyword("INSERT")))
}

/// Whether the first word is complete and another one than INSERT.
fn has_other_word(text: &[u8]) -> bool {
    match Lexer::new(text).next() {
        Some(Ok(token)) => token.end() < text.len() || first_word(text).len() > "INSERT".len(),
        _ => false,
    }
}

/// Words behind which a name stands, even if it is spelt like a keyword.
fn is_before_name(before: Token<'_>) -> bool {
    before.is_symbol(b'.')
        || ["INTO", "TABLE", "FUNCTION"]
            .iter()
            .any(|word| before.is_keyword(word))
}

fn starts_query(token: Token<'_>) -> bool {
    ["SELECT", "WITH", "FROM"]
        .iter()
        .any(|word| token.is_keyword(word))
}

fn data_behind_format(text: &[u8], format: Token<'_>, whole: bool) -> Result<Split, Failure> {
    let behind = text.get(format.end()..).unwrap_or_default();
    let name = match Lexer::new(behind).next() {
        Some(Ok(name)) if name.name().is_some() && (whole || format.end() + name.end() < text.len()) => name,
        _ if whole => return Err(failure::syntax("Syntax error: FORMAT needs the name of a format")),
        _ => return Ok(Split::More),
    };
    let mut data = format.end() + name.end();
    let rest = text.get(data..).unwrap_or_default();
    data += rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    data += match text.get(data..).unwrap_or_default() {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        [] | [b'\r'] if !whole => return Ok(Split::More),
        [b';', ..] => {
            return Err(failure::syntax(
                "Syntax error: `;` between FORMAT and the data of an INSERT",
            ));
        }
        _ => 0,
    };
    let name = name.name().unwrap_or_default();
    head(text, format.start, Some(&name), data).map(Split::Insert)
}

fn head(text: &[u8], end: usize, format: Option<&str>, data: usize) -> Result<Head, Failure> {
    let sql = text.get(..end).unwrap_or_default();
    let sql = std::str::from_utf8(sql)
        .map_err(|_| failure::syntax("Syntax error: the head of the INSERT is not UTF-8"))?
        .trim_end()
        .trim_end_matches(';');
    Ok(Head {
        sql: sql.to_owned(),
        format: format.map(str::to_owned),
        data,
    })
}

#[cfg(test)]
#[path = "insert_tests.rs"]
mod tests;
