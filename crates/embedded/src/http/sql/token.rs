//! One token of a statement.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Kind {
    /// A bare word: keyword or identifier.
    Word,
    /// A quoted identifier, quotes included.
    Quoted,
    /// A string literal or here document, quotes included.
    Text,
    /// A number.
    Number,
    /// A single character that is neither.
    Symbol,
}

/// A token with its place in the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Token<'a> {
    pub(in crate::http) kind: Kind,
    pub(in crate::http) bytes: &'a [u8],
    /// Offset of its first byte.
    pub(in crate::http) start: usize,
}

impl<'a> Token<'a> {
    /// Offset behind its last byte.
    pub(in crate::http) fn end(&self) -> usize {
        self.start + self.bytes.len()
    }

    pub(in crate::http) fn is_symbol(&self, symbol: u8) -> bool {
        self.kind == Kind::Symbol && self.bytes == [symbol]
    }

    /// The bare word, if it is one.
    pub(in crate::http) fn word(&self) -> Option<&'a str> {
        if self.kind == Kind::Word {
            std::str::from_utf8(self.bytes).ok()
        } else {
            None
        }
    }

    /// Whether it is this keyword.
    pub(in crate::http) fn is_keyword(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.bytes.eq_ignore_ascii_case(keyword.as_bytes())
    }

    /// The identifier, unquoted and with its escapes resolved.
    pub(in crate::http) fn name(&self) -> Option<String> {
        match self.kind {
            Kind::Word | Kind::Quoted => Some(self.content()),
            _ => None,
        }
    }

    /// The content of a string literal or here document.
    pub(in crate::http) fn text(&self) -> Option<String> {
        (self.kind == Kind::Text).then(|| self.content())
    }

    fn content(&self) -> String {
        let bytes = self.bytes;
        match bytes {
            [b'\'', inner @ .., b'\''] => unescape(inner, b'\''),
            [b'"', inner @ .., b'"'] => unescape(inner, b'"'),
            [b'`', inner @ .., b'`'] => unescape(inner, b'`'),
            // Typographic quotes are three bytes each and know no escapes.
            [0xE2, 0x80, _, inner @ .., 0xE2, 0x80, _] => lossy(inner),
            [b'$', ..] if self.kind == Kind::Text => here_document(bytes),
            _ => lossy(bytes),
        }
    }
}

fn here_document(bytes: &[u8]) -> String {
    let tag = 2 + bytes.iter().skip(1).take_while(|byte| **byte != b'$').count();
    lossy(
        bytes
            .get(tag..bytes.len().saturating_sub(tag))
            .unwrap_or_default(),
    )
}

fn unescape(inner: &[u8], quote: u8) -> String {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner.iter().copied();
    while let Some(byte) = rest.next() {
        if byte == quote {
            // A doubled quote stands for one.
            rest.next();
            out.push(quote);
        } else if byte != b'\\' {
            out.push(byte);
        } else {
            match rest.next() {
                Some(b'x') => {
                    let digits = [rest.next(), rest.next()].map(|digit| hex(digit.unwrap_or_default()));
                    out.push(digits[0] << 4 | digits[1]);
                }
                Some(b'N') | None => {}
                Some(b'n') => out.push(b'\n'),
                Some(b't') => out.push(b'\t'),
                Some(b'r') => out.push(b'\r'),
                Some(b'0') => out.push(0),
                Some(b'b') => out.push(8),
                Some(b'f') => out.push(12),
                Some(b'a') => out.push(7),
                Some(b'v') => out.push(11),
                Some(b'e') => out.push(27),
                Some(other) => out.push(other),
            }
        }
    }
    lossy(&out)
}

fn hex(digit: u8) -> u8 {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
        .unwrap_or_default()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::Lexer;

    fn content(sql: &str) -> String {
        let token = Lexer::new(sql.as_bytes()).next().unwrap().unwrap();
        token.name().or(token.text()).unwrap()
    }

    #[test]
    fn quotes_and_escapes_are_resolved() {
        assert_eq!(content("plain"), "plain");
        assert_eq!(content(r"`fi\x6ce`"), "file");
        assert_eq!(content("`a``b`"), "a`b");
        assert_eq!(content(r#""a\"b""#), "a\"b");
        assert_eq!(content(r"'it\'s ''so'''"), "it's 'so'");
        assert_eq!(content("“file”"), "file");
        assert_eq!(content("‘a'b’"), "a'b");
        assert_eq!(content("$$a'b$$"), "a'b");
        assert_eq!(content("$x$a$b$x$"), "a$b");
        assert_eq!(content("$$$$"), "");
    }
}
