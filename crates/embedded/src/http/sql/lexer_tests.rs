use proptest::prelude::*;

use super::*;

fn cut(sql: &str) -> Vec<&str> {
    Lexer::new(sql.as_bytes())
        .map(|token| std::str::from_utf8(token.unwrap().bytes).unwrap())
        .collect()
}

fn error(sql: &str) -> &'static str {
    Lexer::new(sql.as_bytes()).find_map(Result::err).unwrap().what
}

#[test]
fn comments_and_blanks_are_left_out() {
    assert_eq!(cut("a -- ' \n b"), ["a", "b"]);
    assert_eq!(cut("a--' \n b"), ["a", "b"]);
    assert_eq!(cut("a // ' \n b"), ["a", "b"]);
    assert_eq!(cut("a # ' \n b #! x\n c"), ["a", "b", "c"]);
    assert_eq!(cut("a /* /* ' */ */ b"), ["a", "b"]);
    assert_eq!(cut("\u{feff}a\u{a0}b\u{3000}c\u{200b}d"), ["a", "b", "c", "d"]);
}

#[test]
fn quotes_keep_their_content() {
    assert_eq!(cut(r"'it\'s' 'a''b' x"), [r"'it\'s'", "'a''b'", "x"]);
    assert_eq!(cut(r#"`a``b` "c\"d" x"#), ["`a``b`", r#""c\"d""#, "x"]);
    assert_eq!(cut("‘a'b’ “c\"d” x"), ["‘a'b’", "“c\"d”", "x"]);
    assert_eq!(
        cut("$$a'b$$ $x$a'b$x$ $1$'$1$ x"),
        ["$$a'b$$", "$x$a'b$x$", "$1$'$1$", "x"]
    );
    assert_eq!(cut("a$b$c $1 x"), ["a$b$c", "$1", "x"]);
    assert_eq!(cut("x'41' b'01'"), ["x", "'41'", "b", "'01'"]);
}

#[test]
fn numbers_do_not_swallow_what_follows() {
    assert_eq!(
        cut("1e-1 0x1Fp-2 1_000.5 +.5"),
        ["1e-1", "0x1Fp-2", "1_000.5", "+", ".5"]
    );
    assert_eq!(cut("1e--'x'"), ["1e-", "-", "'x'"]);
    assert_eq!(
        cut("x.1.1 t.5a 1st"),
        ["x", ".", "1", ".", "1", "t", ".", "5a", "1st"]
    );
    assert_eq!(cut("1 −1"), ["1", "−", "1"]);
}

#[test]
fn what_is_not_closed_or_known_is_an_error() {
    assert_eq!(error("select 'a"), "Single quoted string is not closed");
    assert_eq!(error(r"select 'a\'"), "Single quoted string is not closed");
    assert_eq!(error("select \"a"), "Double quoted string is not closed");
    assert_eq!(error("select `a"), "Back quoted string is not closed");
    assert_eq!(error("select ‘a'"), "Single quoted string is not closed");
    assert_eq!(error("select /* /* */"), "Multiline comment is not closed");
    assert_eq!(error("select $x$ a"), "Heredoc is not closed");
    assert_eq!(error("select #x"), "Unrecognized token");
    assert_eq!(error("select „a“"), "Unrecognized token");
    assert_eq!(error("select \u{1}"), "Unrecognized token");
}

proptest! {
    #[test]
    fn any_bytes_are_cut_in_order_and_without_panic(sql in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut end = 0;
        for token in Lexer::new(&sql).map_while(Result::ok) {
            prop_assert!(token.start >= end && !token.bytes.is_empty());
            end = token.end();
            let _ = (token.name(), token.text());
        }
    }

    #[test]
    fn quoted_text_comes_back_whole(text in "\\PC{0,40}") {
        let sql = format!("{} {}", crate::http::sql::quote(&text), crate::http::sql::quote_name(&text));
        let tokens: Vec<_> = Lexer::new(sql.as_bytes()).map(Result::unwrap).collect();
        prop_assert_eq!(tokens.len(), 2);
        prop_assert_eq!(tokens[0].text().unwrap(), text.clone());
        prop_assert_eq!(tokens[1].name().unwrap(), text);
    }
}
