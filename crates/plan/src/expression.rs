//! The expressions of filters and amounts: a small, closed part of ClickHouse's SQL.
//!
//! Contract: what passes here is one expression over fields and constants. It has no statement, sub-select, comment or
//! function but those of [`FUNCTIONS`], so that a plan file can say what counts and do nothing else.

/// Functions that a plan may use.
const FUNCTIONS: [&str; 14] = [
    "abs",
    "coalesce",
    "empty",
    "endsWith",
    "greatest",
    "has",
    "hasAll",
    "hasAny",
    "if",
    "ifNull",
    "least",
    "length",
    "notEmpty",
    "startsWith",
];

/// Words of the language that are no fields.
const KEYWORDS: [&str; 10] = [
    "AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "LIKE", "TRUE", "FALSE",
];

const SIGNS: &str = "=<>!+-*/%(),[]";

/// Why a text is no such expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpressionError {
    #[error("a text in quotes is not closed: it needs another `'`")]
    OpenText,
    #[error("a bracket is not closed, or closes what was not opened")]
    Brackets,
    #[error("`{0}` cannot stand in an expression; texts go in single quotes")]
    Sign(String),
    #[error("`{0}` is no function of a plan; they are {list}", list = FUNCTIONS.join(", "))]
    Function(String),
    #[error("the word `{0}` follows another value: is AND or OR missing, or a quote?")]
    NoOperator(String),
}

/// The fields that the expression names, in its order, or why it is none.
pub(crate) fn fields(text: &str) -> Result<Vec<&str>, ExpressionError> {
    let tokens = tokens(text)?;
    check_brackets(&tokens)?;
    let mut fields = Vec::new();
    let mut after_value = false;
    for (i, token) in tokens.iter().enumerate() {
        let is_value = match token {
            Token::Word(word) if is_keyword(word) => {
                matches!(word.to_ascii_uppercase().as_str(), "NULL" | "TRUE" | "FALSE")
            }
            Token::Word(word) if tokens.get(i + 1) == Some(&Token::Sign('(')) => {
                check_function(word)?;
                true
            }
            Token::Word(word) => {
                fields.push(*word);
                true
            }
            Token::Constant(_) => true,
            Token::Sign(_) => false,
        };
        if let (true, true, Token::Word(word) | Token::Constant(word)) = (after_value, is_value, token) {
            return Err(ExpressionError::NoOperator((*word).to_owned()));
        }
        after_value = is_value || matches!(token, Token::Sign(')' | ']'));
    }
    Ok(fields)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Constant(&'t str),
    Sign(char),
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                let length = text_length(rest).ok_or(ExpressionError::OpenText)?;
                (Token::Constant(rest.get(..length).unwrap_or(rest)), length)
            }
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let word = rest.get(..length).unwrap_or(rest);
                let is_number = first.is_ascii_digit();
                (
                    if is_number {
                        Token::Constant(word)
                    } else {
                        Token::Word(word)
                    },
                    length,
                )
            }
            _ if rest.starts_with("--") || rest.starts_with("/*") => {
                return Err(ExpressionError::Sign(rest.chars().take(2).collect()));
            }
            _ if SIGNS.contains(first) => (Token::Sign(first), 1),
            _ => return Err(ExpressionError::Sign(first.to_string())),
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

/// The length of the quoted text at the start, both quotes included. A backslash would be an escape: it ends nothing
/// here, so it may not occur.
fn text_length(rest: &str) -> Option<usize> {
    let end = rest.get(1..)?.find('\'')? + 2;
    (!rest.get(..end)?.contains('\\')).then_some(end)
}

fn check_brackets(tokens: &[Token<'_>]) -> Result<(), ExpressionError> {
    let mut open = Vec::new();
    for token in tokens {
        match token {
            Token::Sign('(') => open.push(')'),
            Token::Sign('[') => open.push(']'),
            Token::Sign(close @ (')' | ']')) if open.pop() != Some(*close) => {
                return Err(ExpressionError::Brackets);
            }
            _ => {}
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(ExpressionError::Brackets)
    }
}

fn check_function(word: &str) -> Result<(), ExpressionError> {
    if FUNCTIONS.contains(&word) {
        Ok(())
    } else {
        Err(ExpressionError::Function(word.to_owned()))
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_the_words_that_are_nothing_else() {
        let filter = "order_type IN ('CBO', 'ASBO AND X') AND NOT (interim or length(hate_strands) > 0) and end_on IS NULL";
        assert_eq!(
            fields(filter),
            Ok(vec!["order_type", "interim", "hate_strands", "end_on"])
        );
        assert_eq!(
            fields("if(basis = 'TALLY', headcount, 1)"),
            Ok(vec!["basis", "headcount"])
        );
        assert_eq!(fields("quantity * 2"), Ok(vec!["quantity"]));
        assert_eq!(fields("monitored"), Ok(vec!["monitored"]));
    }

    #[test]
    fn anything_but_an_expression_is_refused() {
        let errors: Vec<String> = [
            "instigated_by = 'PUBWATCH",
            "(monitored",
            "monitored)",
            "has(attrs, 'X']",
            "monitored; DROP TABLE x",
            "monitored -- and the rest",
            "monitored /* and the rest */",
            "instigated_by = \"PUBWATCH\"",
            "ref IN (SELECT ref FROM other)",
            "file('/etc/passwd') = ''",
            "instigated_by = PUBWATCH RADIO",
            "instigated_by = 'it\\'s'",
        ]
        .map(|text| fields(text).unwrap_err().to_string())
        .into();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        a text in quotes is not closed: it needs another `'`
        a bracket is not closed, or closes what was not opened
        a bracket is not closed, or closes what was not opened
        a bracket is not closed, or closes what was not opened
        `;` cannot stand in an expression; texts go in single quotes
        `--` cannot stand in an expression; texts go in single quotes
        `/*` cannot stand in an expression; texts go in single quotes
        `"` cannot stand in an expression; texts go in single quotes
        the word `ref` follows another value: is AND or OR missing, or a quote?
        `file` is no function of a plan; they are abs, coalesce, empty, endsWith, greatest, has, hasAll, hasAny, if, ifNull, least, length, notEmpty, startsWith
        the word `RADIO` follows another value: is AND or OR missing, or a quote?
        a text in quotes is not closed: it needs another `'`
        "#);
    }

    proptest! {
        #[test]
        fn any_text_gives_fields_or_an_error(text in "\\PC{0,60}") {
            let _ = fields(&text);
        }

        #[test]
        fn a_field_is_a_part_of_the_text(text in "[a-z' =()<,é]{0,40}") {
            for field in fields(&text).unwrap_or_default() {
                prop_assert!(text.contains(field));
            }
        }
    }
}
