//! Finds the FORMAT clause of a statement.

use super::Lexer;

/// The name in the last `FORMAT name` outside of brackets, as written. Whether it is a format is for the caller.
pub(in crate::http) fn find(sql: &[u8]) -> Option<String> {
    let mut depth = 0_i64;
    let mut after_format = false;
    let mut found = None;
    for token in Lexer::new(sql).map_while(Result::ok) {
        if token.is_symbol(b'(') {
            depth += 1;
        } else if token.is_symbol(b')') {
            depth -= 1;
        }
        if after_format {
            found = token.name().or(found);
        }
        after_format = depth == 0 && token.is_keyword("FORMAT");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_last_clause_counts() {
        assert_eq!(
            find(b"select 1 format JSON settings max_threads = 1").as_deref(),
            Some("JSON")
        );
        assert_eq!(
            find(b"select 1 settings max_threads = 1 \nFORMAT `tsv`;").as_deref(),
            Some("tsv")
        );
        assert_eq!(find(b"select format('{}', 1)"), None);
        assert_eq!(find(b"select 'FORMAT JSON'"), None);
        assert_eq!(find(b"select 1 as format"), None);
        assert_eq!(
            find(b"select * from (select 1 format TSV) format CSV").as_deref(),
            Some("CSV")
        );
    }
}
