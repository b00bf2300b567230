use proptest::prelude::*;

use super::*;

fn insert(text: &str) -> (String, Option<String>, String) {
    match split(text.as_bytes(), true).unwrap() {
        Split::Insert(head) => (head.sql, head.format, text[head.data..].to_owned()),
        other => panic!("{other:?}"),
    }
}

fn parts(sql: &str, format: &str, data: &str) -> (String, Option<String>, String) {
    (sql.to_owned(), Some(format.to_owned()), data.to_owned())
}

#[test]
fn data_begins_behind_the_format_and_one_line_end() {
    assert_eq!(
        insert("INSERT INTO t FORMAT TSV\n1\n"),
        parts("INSERT INTO t", "TSV", "1\n")
    );
    assert_eq!(
        insert("INSERT INTO t FORMAT TSV \t\r\n\n1"),
        parts("INSERT INTO t", "TSV", "\n1")
    );
    assert_eq!(
        insert("insert into t format CSV 1,2"),
        parts("insert into t", "CSV", "1,2")
    );
    assert_eq!(
        insert("INSERT INTO `t` (`a`, b) SETTINGS x = 'FORMAT', y = 1 FORMAT Native\n\u{1}"),
        parts(
            "INSERT INTO `t` (`a`, b) SETTINGS x = 'FORMAT', y = 1",
            "Native",
            "\u{1}"
        )
    );
    assert_eq!(
        insert("/* c */ insert t (a) format TSV\n"),
        parts("/* c */ insert t (a)", "TSV", "")
    );
    assert_eq!(
        insert("insert into d.t values (1), (2);"),
        parts("insert into d.t", "Values", " (1), (2);")
    );
    assert_eq!(
        insert("insert into t"),
        ("insert into t".to_owned(), None, String::new())
    );
}

#[test]
fn names_like_keywords_are_names() {
    assert_eq!(
        insert("insert into format format TSV\n1"),
        parts("insert into format", "TSV", "1")
    );
    assert_eq!(
        insert("insert into d.values (format, values) values (1)"),
        parts("insert into d.values (format, values)", "Values", " (1)")
    );
}

#[test]
fn other_statements_have_no_data() {
    for sql in [
        "select 1",
        "insert into t select 1 format TSV",
        "insert into t with x as (select 1) select * from x",
        "insert into t (a) (select 1)",
        "insert into t from infile '/x' format TSV",
        "insert into t values_('",
        "inserted",
    ] {
        assert_eq!(split(sql.as_bytes(), true).unwrap(), Split::Statement, "{sql}");
    }
    assert_eq!(split(b"insert into t format TSV ; 1", true).unwrap_err().code, 62);
    assert_eq!(split(b"insert into t format", true).unwrap_err().code, 62);
}

#[test]
fn a_beginning_asks_for_more() {
    let whole = b"-- c\nINSERT INTO t (a) FORMAT TSV\r\n1";
    for length in 0..whole.len() - 1 {
        assert_eq!(split(&whole[..length], false).unwrap(), Split::More, "{length}");
    }
    assert!(matches!(split(whole, false).unwrap(), Split::Insert(_)));
    assert_eq!(split(b"select", false).unwrap(), Split::More);
    assert_eq!(split(b"select ", false).unwrap(), Split::Statement);
    assert_eq!(split(b"insert into t VALUES", false).unwrap(), Split::More);
}

proptest! {
    /// However the text is cut on its way, the same data comes out.
    #[test]
    fn the_split_does_not_depend_on_where_the_text_is_cut(data in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut text = b"INSERT INTO t (a) SETTINGS b = 'x' FORMAT RowBinary\n".to_vec();
        let begin = text.len();
        text.extend(&data);
        for length in begin..=text.len() {
            match split(&text[..length], length == text.len()).unwrap() {
                Split::Insert(head) => prop_assert_eq!(head.data, begin),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn any_text_is_split_without_panic(text in prop::collection::vec(any::<u8>(), 0..200), whole in any::<bool>()) {
        let _ = split(&text, whole);
    }
}
