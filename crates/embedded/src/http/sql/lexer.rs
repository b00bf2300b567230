//! Cuts a statement into tokens the way ClickHouse does (its `Lexer.cpp`), white space and comments left out.

use super::{Kind, Token};
use crate::{engine::Failure, http::failure};

/// Where and why a statement could not be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct LexError {
    what: &'static str,
    offset: usize,
}

impl LexError {
    /// As ClickHouse words it, with the place but without the text.
    pub(in crate::http) fn failure(&self, sql: &[u8]) -> Failure {
        let before = sql.get(..self.offset).unwrap_or(sql);
        let line = 1 + before.split(|byte| *byte == b'\n').count().saturating_sub(1);
        let position = self.offset + 1;
        failure::syntax(format!(
            "{}: Syntax error: failed at position {position} (line {line})",
            self.what
        ))
    }
}

/// Iterator over the tokens of a statement. It ends after an error.
#[derive(Debug, Clone)]
pub(in crate::http) struct Lexer<'a> {
    sql: &'a [u8],
    position: usize,
    before: Before,
    failed: bool,
}

/// What the token before was, as far as a dot or digit depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Dot,
    Operand,
    Other,
}

impl<'a> Lexer<'a> {
    pub(in crate::http) fn new(sql: &'a [u8]) -> Self {
        Self {
            sql,
            position: 0,
            before: Before::Other,
            failed: false,
        }
    }

    fn at(&self, ahead: usize) -> u8 {
        self.sql.get(self.position + ahead).copied().unwrap_or_default()
    }

    fn rest(&self) -> &'a [u8] {
        self.sql.get(self.position..).unwrap_or_default()
    }

    /// Passes over white space and comments; false in an unclosed comment.
    fn skip_blank(&mut self) -> Result<(), LexError> {
        loop {
            let rest = self.rest();
            let step = match rest {
                [b' ' | b'\t' | b'\n' | b'\r' | 12 | 11, ..] => 1,
                [b'-', b'-', ..] | [b'/', b'/', ..] | [b'#', b' ' | b'!', ..] => {
                    rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
                }
                [b'/', b'*', ..] => comment_length(rest).ok_or(LexError {
                    what: "Multiline comment is not closed",
                    offset: self.position,
                })?,
                _ => match wide_blank(rest) {
                    0 => return Ok(()),
                    length => length,
                },
            };
            self.position += step;
        }
    }

    fn token_length(&self) -> Result<(Kind, usize), LexError> {
        let rest = self.rest();
        let unclosed = |what| LexError {
            what,
            offset: self.position,
        };
        match rest {
            [b'\'', ..] => quoted(rest, b'\'')
                .map(|length| (Kind::Text, length))
                .ok_or(unclosed("Single quoted string is not closed")),
            [b'"', ..] => quoted(rest, b'"')
                .map(|length| (Kind::Quoted, length))
                .ok_or(unclosed("Double quoted string is not closed")),
            [b'`', ..] => quoted(rest, b'`')
                .map(|length| (Kind::Quoted, length))
                .ok_or(unclosed("Back quoted string is not closed")),
            [0xE2, 0x80, 0x98, ..] => closing(rest, 3, &[0xE2, 0x80, 0x99])
                .map(|length| (Kind::Text, length))
                .ok_or(unclosed("Single quoted string is not closed")),
            [0xE2, 0x80, 0x9C, ..] => closing(rest, 3, &[0xE2, 0x80, 0x9D])
                .map(|length| (Kind::Quoted, length))
                .ok_or(unclosed("Double quoted string is not closed")),
            [b'$', ..] => self.dollar(),
            [b'0'..=b'9', ..] => Ok(self.number()),
            [b'.', b'0'..=b'9', ..] if self.before != Before::Operand => Ok((Kind::Number, fraction(rest))),
            [first, ..] if is_word(*first) => Ok((Kind::Word, word_length(rest))),
            // The minus of typography.
            [0xE2, 0x88, 0x92, ..] => Ok((Kind::Symbol, 3)),
            [first, ..] if first.is_ascii_punctuation() && !matches!(first, b'#') => Ok((Kind::Symbol, 1)),
            _ => Err(unclosed("Unrecognized token")),
        }
    }

    /// A here document `$tag$ … $tag$`, or a word that begins with a dollar sign.
    fn dollar(&self) -> Result<(Kind, usize), LexError> {
        let rest = self.rest();
        let tag = rest.iter().skip(1).take_while(|byte| is_word(**byte)).count();
        if rest.get(tag + 1) == Some(&b'$') {
            let opening = rest.get(..tag + 2).unwrap_or_default();
            return closing(rest, opening.len(), opening)
                .map(|length| (Kind::Text, length))
                .ok_or(LexError {
                    what: "Heredoc is not closed",
                    offset: self.position,
                });
        }
        Ok((
            if tag == 0 { Kind::Symbol } else { Kind::Word },
            word_length(rest),
        ))
    }

    fn number(&self) -> (Kind, usize) {
        let rest = self.rest();
        let length = if self.before == Before::Dot {
            digits(rest, 0, false)
        } else {
            number_length(rest)
        };
        if rest.get(length).is_some_and(|byte| is_word(*byte)) {
            // Digits that run into letters are an identifier such as `1st`.
            return (
                Kind::Word,
                length + word_length(rest.get(length..).unwrap_or_default()),
            );
        }
        (Kind::Number, length)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Result<Token<'a>, LexError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let found = self.skip_blank().and_then(|()| {
            if self.position >= self.sql.len() {
                Ok(None)
            } else {
                self.token_length().map(Some)
            }
        });
        match found {
            Ok(None) => None,
            Ok(Some((kind, length))) => {
                let start = self.position;
                self.before = match (kind, self.at(0)) {
                    (Kind::Symbol, b'.') => Before::Dot,
                    (Kind::Word | Kind::Quoted | Kind::Number, _) | (Kind::Symbol, b')' | b']') => {
                        Before::Operand
                    }
                    _ => Before::Other,
                };
                self.position += length;
                let bytes = self.sql.get(start..self.position)?;
                Some(Ok(Token { kind, bytes, start }))
            }
            Err(error) => {
                self.failed = true;
                Some(Err(error))
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn word_length(rest: &[u8]) -> usize {
    1 + rest
        .iter()
        .skip(1)
        .take_while(|byte| is_word(**byte) || **byte == b'$')
        .count()
}

/// Length of a quoted text, quotes included. A backslash takes the next byte with it; a doubled quote stays inside.
fn quoted(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        let found = rest
            .get(at..)?
            .iter()
            .position(|byte| *byte == quote || *byte == b'\\')?;
        at += found;
        if rest.get(at) == Some(&b'\\') || rest.get(at + 1) == Some(&quote) {
            rest.get(at + 1)?;
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
}

/// Length up to and including `end`, searched for behind the first `from` bytes.
fn closing(rest: &[u8], from: usize, end: &[u8]) -> Option<usize> {
    let found = rest
        .get(from..)?
        .windows(end.len())
        .position(|window| window == end)?;
    Some(from + found + end.len())
}

/// Length of a comment in `/* */`; such comments nest.
fn comment_length(rest: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match rest.get(at..at + 2)? {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

/// Length of a white-space character beyond ASCII.
fn wide_blank(rest: &[u8]) -> usize {
    match rest {
        [0xC2, 0x85 | 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..] | [0xE1, 0xA0, 0x8E, ..] | [0xE3, 0x80, 0x80, ..] | [0xEF, 0xBB, 0xBF, ..] => {
            3
        }
        [0xE2, 0x80, 0x80..=0x8D | 0xA8 | 0xA9 | 0xAF, ..] | [0xE2, 0x81, 0x9F | 0xA0, ..] => 3,
        _ => 0,
    }
}

/// End of the digits from `at`; single underscores may part them.
fn digits(rest: &[u8], mut at: usize, hex: bool) -> usize {
    let is_digit = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            if hex {
                byte.is_ascii_hexdigit()
            } else {
                byte.is_ascii_digit()
            }
        })
    };
    let start = at;
    while is_digit(rest.get(at)) || (at > start && rest.get(at) == Some(&b'_') && is_digit(rest.get(at + 1)))
    {
        at += 1;
    }
    at
}

fn number_length(rest: &[u8]) -> usize {
    let prefixed = match rest {
        [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit() => Some(true),
        [b'0', b'b' | b'B', b'0' | b'1', ..] => Some(false),
        _ => None,
    };
    let hex = prefixed == Some(true);
    let mut at = digits(rest, if prefixed.is_some() { 2 } else { 0 }, hex);
    if rest.get(at) == Some(&b'.') {
        at = digits(rest, at + 1, hex);
    }
    let marks: &[u8] = if hex { b"pP" } else { b"eE" };
    exponent(rest, at, marks)
}

/// A number that begins with its point.
fn fraction(rest: &[u8]) -> usize {
    exponent(rest, digits(rest, 1, false), b"eE")
}

fn exponent(rest: &[u8], at: usize, marks: &[u8]) -> usize {
    let marked = rest.get(at).is_some_and(|byte| marks.contains(byte)) && rest.get(at + 1).is_some();
    if !marked {
        return at;
    }
    let signed = matches!(rest.get(at + 1), Some(b'+' | b'-')) && rest.get(at + 2).is_some();
    digits(rest, if signed { at + 2 } else { at + 1 }, false)
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
