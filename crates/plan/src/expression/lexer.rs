//! Cuts the text of an expression into words, constants and signs.

use std::ops::Range;

use super::ExpressionError;

const SIGNS: [&str; 18] = [
    "<>", "!=", "<=", ">=", "==", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) at: Range<usize>,
    pub(super) is: Lexeme<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lexeme<'t> {
    Word(&'t str),
    Number(&'t str),
    /// Without its quotes.
    Text(&'t str),
    Sign(&'static str),
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blanks = rest.len() - rest.trim_start().len();
        if blanks > 0 {
            at += blanks;
            continue;
        }
        let (lexeme, length) = lexeme(rest, at)?;
        tokens.push(Token {
            at: at..at + length,
            is: lexeme,
        });
        at += length;
    }
    Ok(tokens)
}

fn lexeme(rest: &str, at: usize) -> Result<(Lexeme<'_>, usize), ExpressionError> {
    let first = rest.chars().next().unwrap_or(' ');
    if first == '\'' {
        return quoted(rest, at);
    }
    if is_word(first) {
        let is_number = first.is_ascii_digit();
        let part_of = |c: char| is_word(c) || (is_number && c == '.');
        let length = rest.find(|c| !part_of(c)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or(rest);
        if is_number && word.parse::<f64>().is_err() {
            return Err(ExpressionError::new(at, format!("`{word}` is no number")));
        }
        let lexeme = if is_number {
            Lexeme::Number(word)
        } else {
            Lexeme::Word(word)
        };
        return Ok((lexeme, length));
    }
    if rest.starts_with("--") || rest.starts_with("/*") {
        return Err(unknown_sign(&rest.chars().take(2).collect::<String>(), at));
    }
    SIGNS
        .iter()
        .find(|sign| rest.starts_with(**sign))
        .map(|sign| (Lexeme::Sign(sign), sign.len()))
        .ok_or_else(|| unknown_sign(&first.to_string(), at))
}

/// A text up to the next quote. A backslash would be an escape in SQL, so it may not occur.
fn quoted(rest: &str, at: usize) -> Result<(Lexeme<'_>, usize), ExpressionError> {
    let open = || ExpressionError::new(at, "a text in quotes is not closed: it needs another `'`");
    let inner = rest.get(1..).ok_or_else(open)?;
    let end = inner.find('\'').ok_or_else(open)?;
    let text = inner.get(..end).ok_or_else(open)?;
    if text.contains('\\') {
        return Err(ExpressionError::new(at, "a text in quotes cannot hold a `\\`"));
    }
    Ok((Lexeme::Text(text), end + 2))
}

fn unknown_sign(sign: &str, at: usize) -> ExpressionError {
    ExpressionError::new(
        at,
        format!("`{sign}` cannot stand in an expression; texts go in single quotes"),
    )
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
