use proptest::prelude::*;

use super::*;

fn errors(texts: &[&str]) -> String {
    let each = texts.iter().map(|text| {
        let error = Expression::parse(text).unwrap_err();
        format!("{}: {}", error.at, error.message)
    });
    each.collect::<Vec<_>>().join("\n")
}

#[test]
fn fields_are_the_words_that_are_nothing_else() {
    let filter = "order_type IN ('CBO', 'ASBO AND X') AND NOT (interim or length(hate_strands) > 0) and end_on IS NULL";
    assert_eq!(
        Expression::parse(filter).unwrap().fields(),
        ["order_type", "interim", "hate_strands", "end_on"]
    );
    assert_eq!(
        Expression::parse("if(basis = 'TALLY', headcount, 1)")
            .unwrap()
            .fields(),
        ["basis", "headcount"]
    );
}

#[test]
fn sql_keeps_the_precedence_of_the_text() {
    let sql = |text: &str| {
        Expression::parse(text)
            .unwrap()
            .to_sql(&|field| format!("`{field}`"))
    };
    let found = [
        sql("a = 'x' OR NOT b AND c IS NOT NULL"),
        sql("a NOT IN ('x', 'y') AND n BETWEEN 1 AND 11"),
        sql("x - 1 - 2 * -3 >= 4.5 % 2"),
        sql("latest(risks, days, opened_on) = 'HIGH'"),
        sql("hasAny(list, ['a']) AND a LIKE 'x%'"),
    ];
    insta::assert_snapshot!(found.join("\n"), @r"
    ((`a` = 'x') OR ((NOT `b`) AND (`c` IS NOT NULL)))
    ((`a` NOT IN ('x', 'y')) AND (`n` BETWEEN 1 AND 11))
    (((`x` - 1) - (2 * (-3))) >= (4.5 % 2))
    (arrayLast((value_of, day_of) -> day_of <= `opened_on`, `risks`, `days`) = 'HIGH')
    (hasAny(`list`, ['a']) AND (`a` LIKE 'x%'))
    ");
}

#[test]
fn anything_but_an_expression_is_refused() {
    let found = errors(&[
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
        "lenght(attrs) = 1",
        "length(a, b) = 1",
        "instigated_by = PUBWATCH RADIO",
        "instigated_by = 'it\\'s'",
        "a AND",
        "a IS 3",
        "a NOT b",
        "",
        "n = 1e",
    ]);
    insta::assert_snapshot!(found, @r#"
    16: a text in quotes is not closed: it needs another `'`
    0: a bracket is not closed
    9: a bracket is closed that was not opened
    14: `]` stands where `,` or `)` is needed
    9: `;` cannot stand in an expression; texts go in single quotes
    10: `--` cannot stand in an expression; texts go in single quotes
    10: `/*` cannot stand in an expression; texts go in single quotes
    16: `"` cannot stand in an expression; texts go in single quotes
    15: `ref` stands where `,` or `)` is needed
    0: `file` is no function of a plan; there are abs, coalesce, empty, endsWith, greatest, has, hasAll, hasAny, if, ifNull, latest, least, length, notEmpty, startsWith, toDate
    0: `lenght` is no function of a plan; did you mean `length`?
    0: `length` takes 1 arguments, not 2
    25: the word `RADIO` follows another value: is AND or OR missing, or a quote?
    16: a text in quotes cannot hold a `\`
    5: the expression ends where a value is needed
    5: `3` stands where NULL after IS is needed
    6: `b` stands where IN, BETWEEN or LIKE after NOT is needed
    0: the expression ends where a value is needed
    4: `1e` is no number
    "#);
}

#[test]
fn deep_and_long_texts_are_refused() {
    let deep = format!("{}a{}", "(".repeat(200), ")".repeat(200));
    assert!(Expression::parse(&deep).is_err());
    assert!(Expression::parse(&"a OR ".repeat(5_000)).is_err());
}

#[test]
fn the_codes_that_a_filter_demands() {
    let filter = Expression::parse("type IN ('A', 'B') AND (status = 'X' OR type = 'C') AND lead").unwrap();
    assert_eq!(filter.demanded("type"), ["A", "B"]);
    assert!(filter.demanded("status").is_empty());
}

proptest! {
    #[test]
    fn any_text_gives_an_expression_or_an_error(text in "\\PC{0,60}") {
        let _ = Expression::parse(&text);
    }

    #[test]
    fn rendered_sql_is_the_same_expression(text in "(a|b|NOT a|a = 'x'|n > 1|n IN \\(1, 2\\))( (AND|OR) (a|NOT b|n \\+ 1 = 2|a IS NULL)){0,6}") {
        let column = |field: &str| field.to_owned();
        let once = Expression::parse(&text).unwrap().to_sql(&column);
        prop_assert_eq!(Expression::parse(&once).unwrap().to_sql(&column), once);
    }
}
