//! The SQL that is built from schemas and plan files: the one place besides `schemas/clickhouse/*.sql` where SQL lives.

pub mod cells;
pub mod columns;
mod contribution;
pub mod contributions;
pub mod definition;
mod free_periods;
pub mod frozen;
mod look_back;
pub mod measures;
pub mod placings;
mod presence;
pub mod record_tables;
pub mod register;
pub mod returns;
pub mod source;
pub(crate) mod warnings;

use sha2::{Digest, Sha256};

/// A string literal, quoted for ClickHouse.
#[must_use]
pub fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            // A blank line inside a statement would end it in some ways of reaching the engine.
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// An instant as a parameter of type `DateTime64(6, 'UTC')`.
#[must_use]
pub fn instant(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// The text of an SQL file without its comment lines, which speak of placeholders.
#[must_use]
pub fn without_comments(sql: &str) -> String {
    sql.lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .fold(String::new(), |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        })
}

/// A hash of a text, in hexadecimal digits.
pub(crate) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// String literals behind one another.
#[must_use]
pub fn quoted_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(literal).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_literal_cannot_be_left() {
        assert_eq!(literal("St John's \\ x\n"), r"'St John\'s \\ x\n'");
    }
}

#[cfg(test)]
mod statements;
