//! What a plan names against the fields and codes that there are.

use super::*;
use crate::codes::CodeLists;
use crate::expression::{Field, FieldType, Fields};
use crate::feeds::Feeds;

/// The fields of the record type `order` of these tests.
fn fields() -> Fields {
    let field = |name: &str, holds, codes: Option<&str>| Field {
        name: name.to_owned(),
        holds,
        codes: codes.map(str::to_owned),
        list: None,
        nullable: false,
    };
    let fields = vec![
        field("adult", FieldType::Bool, None),
        field("order_type", FieldType::Text, Some("order_type")),
        field("strands", FieldType::Texts, Some("order_type")),
        field("graded_on", FieldType::Dates, None),
        field("area", FieldType::Text, Some("order_type")),
        field("place", FieldType::Text, None),
        field("start_on", FieldType::Date, None),
        field("end_on", FieldType::Date, None),
        field("occurred_at", FieldType::Instant, None),
        field("headcount", FieldType::Number, None),
    ];
    BTreeMap::from([("order".to_owned(), fields)])
}

fn codes() -> CodeLists {
    let list = |name: &str, codes: &str| {
        format!(
            "[[list]]\nname = \"{name}\"\ntitle = \"T\"\nsource = \"S\"\nversion = \"1\"\ncodes = [{codes}]\n"
        )
    };
    let text = list("order_type", "\"CBO\", \"ASBO\"") + &list("partner", "\"A\", \"B\", \"C\"");
    CodeLists::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// A feed of orders of each partner but C.
fn feeds() -> Feeds {
    let feed = |partner: &str| {
        format!(
            "[[feed]]\nname = \"orders-{partner}\"\ntitle = \"T\"\npartner = \"{partner}\"\nrecord_type = \"order\"\n\
             district = \"required\"\n"
        )
    };
    let text = "[[record_type]]\nname = \"order\"\n".to_owned() + &feed("A") + &feed("B");
    Feeds::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn misfits(figures: &[String]) -> String {
    let text = format!("{HEAD}{}", figures.concat());
    let plan = Plan::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let known = Known {
        fields: &fields(),
        codes: &codes(),
        feeds: &feeds(),
    };
    match plan.check(&text, known) {
        Ok(()) => "nothing".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn names_that_do_not_exist_are_reported_with_a_suggestion() {
    let figures = [
        figure(
            "R1",
            "kind = 'event_count'\ndate = 'began_on'\nfilter = 'adlt AND NOT adult'\namount = 'heads'",
        ),
        figure(
            "R2",
            "kind = 'stock'\nin_force = { from = 'begin_on', until = ['end_on'] }",
        ),
        figure("R3", "kind = 'distinct'\ndate = 'start_on'\nidentity = 'pid'")
            .replace("\"order\"", "\"ordre\""),
        figure("R4", "kind = 'event_count'\ndate = 'adult'\neach = 'strand'").replace("\"B\"", "\"BB\""),
    ];
    insta::assert_snapshot!(misfits(&figures), @r"
    line 21, column 8: `R1` names `began_on`, which is no field of order; did you mean `end_on`?
    line 22, column 11: `R1`: `adlt` is no field of order; did you mean `adult`?
    line 23, column 11: `R1`: `heads` is no field of order; did you mean `headcount`?
    line 37, column 21: `R2` names `begin_on`, which is no field of order; did you mean `end_on`?
    line 43, column 15: `R3` needs the record type `ordre`, which does not exist; did you mean `order`?
    line 57, column 16: `R4` is returned by `BB`, which is no partner; did you mean `B`?
    line 66, column 8: `R4` places records by `adult`, which is no date
    line 67, column 8: `R4` counts each `strand`, which is no list of order; did you mean `strands`?
    ");
}

#[test]
fn filters_are_checked_by_type_and_code_with_line_and_column() {
    let filter = |text: &str| {
        figure(
            "R1",
            &format!("kind = 'event_count'\ndate = 'start_on'\nfilter = \"{text}\""),
        )
    };
    let found: Vec<String> = [
        "order_type = 'CBB'",
        "adult AND order_type IN ('ASBO', 'CB0')",
        "has(strands, 'ASB')",
        "hasAny(strands, ['ASBO', 'X'])",
        "headcount",
        "start_on > '1 May 2015'",
        "start_on > 5",
        "adult = 'yes'",
        "order_type + 1 = 2",
        "headcount / 0 > 1",
        "occurred_at = start_on",
        "occurred_at >= '2015-04-01'",
        "toDate(occurred_at) > start_on AND toDate(occurred_at) < '2015-04-31'",
        "toDate(start_on) > start_on",
        "order_type = 'ASBO' AND start_on BETWEEN '2015-04-01' AND '2015-06-30' AND end_on - start_on > 7",
    ]
    .iter()
    .map(|text| format!("{text}\n  {}", misfits(&[filter(text)])))
    .collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    order_type = 'CBB'
      line 22, column 24: `R1`: `CBB` is no code of the list `order_type`; did you mean `CBO`?
    adult AND order_type IN ('ASBO', 'CB0')
      line 22, column 44: `R1`: `CB0` is no code of the list `order_type`; did you mean `CBO`?
    has(strands, 'ASB')
      line 22, column 24: `R1`: `ASB` is no code of the list `order_type`; did you mean `ASBO`?
    hasAny(strands, ['ASBO', 'X'])
      line 22, column 36: `R1`: `X` is no code of the list `order_type`; there are CBO, ASBO
    headcount
      line 22, column 11: `R1`: this is a number; it must be true or false
    start_on > '1 May 2015'
      line 22, column 22: `R1`: `1 May 2015` is no date; write it as '2015-04-01'
    start_on > 5
      line 22, column 22: `R1`: a date is compared with a number; both must be of one type
    adult = 'yes'
      line 22, column 19: `R1`: true or false is compared with a text; both must be of one type
    order_type + 1 = 2
      line 22, column 11: `R1`: this is a text; it must be a number
    headcount / 0 > 1
      line 22, column 23: `R1`: this divides by 0
    occurred_at = start_on
      line 22, column 25: `R1`: an instant is compared with a date; both must be of one type; the day of an instant is toDate(...)
    occurred_at >= '2015-04-01'
      line 22, column 26: `R1`: an instant is compared with a text; both must be of one type; the day of an instant is toDate(...)
    toDate(occurred_at) > start_on AND toDate(occurred_at) < '2015-04-31'
      line 22, column 68: `R1`: `2015-04-31` is no date; write it as '2015-04-01'
    toDate(start_on) > start_on
      line 22, column 18: `R1`: this is a date; it must be an instant
    order_type = 'ASBO' AND start_on BETWEEN '2015-04-01' AND '2015-06-30' AND end_on - start_on > 7
      nothing
    ");
}

#[test]
fn the_parts_of_a_ratio_are_checked() {
    let count = |id: &str| figure(id, "kind = 'event_count'\ndate = 'start_on'");
    let stock = "kind = 'change'\ndate = 'start_on'\nchange = { of = 'event_count', value = 'delta' }";
    let found = misfits(&[
        count("R1"),
        ratio("R2", "R1", "R9"),
        ratio("R3", "R4", "R1"),
        ratio("R4", "R3", "R1"),
        ratio("R5", "R5", "R1"),
        figure("R6", stock),
        ratio("R7", "R6", "R1"),
        ratio("R8", "R3", "R1"),
    ]);
    insta::assert_snapshot!(found, @r"
    line 23, column 1: `R2` names `R9`, which is not defined in this file; there are R1, R2, R3, R4, R5, R6, R7, R8
    line 36, column 1: `R3` is a ratio of itself: R3 -> R4 -> R3
    line 49, column 1: `R4` is a ratio of itself: R4 -> R3 -> R4
    line 62, column 1: `R5` is a ratio of itself: R5 -> R5
    line 90, column 1: `R7` divides `R6`, which is no plain count
    line 103, column 1: `R8` divides `R3`, which is a ratio itself; divide its parts
    ");
}

#[test]
fn a_filter_that_is_never_true_is_doubtful() {
    let filters = [
        "order_type = 'CBO' AND adult AND order_type = 'ASBO'",
        "order_type IN ('CBO') AND (false OR NULL)",
        "headcount BETWEEN 5 AND 1",
        "order_type = 'CBO' AND order_type IS NULL",
        "order_type = 'CBO' OR order_type = 'ASBO'",
        "1 = 2",
        "headcount = 1 AND headcount = 2",
        "headcount > 9 AND 5 > headcount",
        "headcount < 5 AND headcount >= 5",
        "start_on > '2015-04-01' AND start_on < '2014-04-01'",
        "adult AND NOT adult",
        "partner = 'C' AND headcount > 4",
        "adult AND NOT (district = 'E07000116')",
        "partner NOT IN ('A', 'B', 'C')",
        "partner <> 'A'",
        "adult AND (district = 'E07000105' OR partner IN ('C', 'D'))",
        "headcount >= 5 AND headcount <= 5 AND headcount > 4",
        "start_on BETWEEN '2014-04-01' AND '2015-03-31' AND end_on > '2015-03-31'",
    ];
    let figures: Vec<String> = filters
        .iter()
        .enumerate()
        .map(|(i, text)| {
            figure(
                &format!("R{i}"),
                &format!("kind = 'event_count'\ndate = 'start_on'\nfilter = \"{text}\""),
            )
        })
        .collect();
    let text = format!("{HEAD}{}", figures.concat());
    let warnings: Vec<String> = Plan::parse(&text)
        .unwrap()
        .warnings(&text)
        .iter()
        .map(Problem::to_string)
        .collect();
    insta::assert_snapshot!(warnings.join("\n"), @r"
    line 22, column 11: the filter of `R0` is never true: `order_type` cannot have two values at once
    line 37, column 11: the filter of `R1` is never true: it says so
    line 52, column 11: the filter of `R2` is never true: BETWEEN goes from the greater to the smaller
    line 67, column 11: the filter of `R3` is never true: `order_type` cannot be null and have a value
    line 97, column 11: the filter of `R5` is never true: `1` is not `2`
    line 112, column 11: the filter of `R6` is never true: no value of `headcount` is left
    line 127, column 11: the filter of `R7` is never true: no value of `headcount` is left
    line 142, column 11: the filter of `R8` is never true: no value of `headcount` is left
    line 157, column 11: the filter of `R9` is never true: no value of `start_on` is left
    line 172, column 11: the filter of `R10` is never true: `adult` cannot be both true and false
    line 187, column 11: the filter of `R11` is never true: `partner` is always B or A
    line 202, column 11: the filter of `R12` is never true: `district` is always E07000116
    line 217, column 11: the filter of `R13` is never true: `partner` is always B or A
    line 247, column 11: the filter of `R15` is never true: `district` is always E07000116
    ");
}

fn ranked(id: &str, among: &str) -> String {
    let keys = "kind = 'rank'\nreported_for = { from = 'start_on', until = 'end_on' }\namount = 'headcount'\narea = 'any'\n";
    figure(
        id,
        &format!("{keys}rank = {{ by = 'place', order = 'ascending', change = false, among = {among} }}"),
    )
}

/// Each of these would count nothing, or the wrong thing, for ever.
#[test]
fn what_could_never_be_right_is_refused() {
    let graded = |by: &str, on: &str, is: &str| {
        format!(
            "kind = 'stock'\nin_force = {{ from = 'start_on', until = ['end_on'], \
             graded = {{ by = '{by}', on = '{on}', is = '{is}' }} }}"
        )
    };
    let figures = [
        figure("R1", "kind = 'event_count'\ndate = 'start_on'").replace("\"B\"", "\"C\""),
        figure("R2", &graded("strands", "graded_on", "ASB")),
        figure("R3", &graded("adult", "start_on", "X")),
        figure(
            "R4",
            "kind = 'rank'\nreported_for = { from = 'start_on', until = 'end_on' }\namount = 'headcount'\n\
             rank = { by = 'area', order = 'ascending', change = false, among = ['CBO', 'CB0'] }",
        ),
        figure(
            "R5",
            "kind = 'distinct'\ndate = 'start_on'\nidentity = 'area'\ntally = true",
        ),
        ranked("R6", "['E07000116']").replace("area = 'any'\n", ""),
        ranked("R7", "['E07000116', 'E07000105', 'E07000105']"),
    ];
    insta::assert_snapshot!(misfits(&figures), @r#"
    line 12, column 16: `R1` is returned by `C`, which has no feed of order: it would never be returned
    line 35, column 103: `R2` names `ASB`, which is not on the list order_type of `strands`; did you mean `ASBO`?
    line 49, column 21: `R3` is graded by `start_on`, which is no list of dates
    line 49, column 69: `R3` is graded by `adult`, which is no list of texts
    line 65, column 15: `R4` ranks areas without the plan's district `E07000116`, whose rank it is
    line 65, column 15: `R4` ranks other areas, and counts in the plan's district only; write `area = "any"`
    line 65, column 76: `R4` names `CB0`, which is not on the list order_type of `area`; did you mean `CBO`?
    line 71, column 15: `R5` counts headcounts (`tally`), but order has no field `approximate`
    line 71, column 15: `R5` counts headcounts (`tally`), but order has no field `basis`
    line 97, column 15: `R6` ranks other areas, and counts in the plan's district only; write `area = "any"`
    line 97, column 70: `R6` ranks `E07000116` among no other area: it would always be the first
    line 114, column 83: `R7` ranks `E07000105` twice
    "#);
}

#[test]
fn a_plan_of_nothing_is_refused() {
    let error = plan(&[]).unwrap_err().to_string();
    assert!(
        error.contains("a plan needs at least one [[measure]] or [[figure]]"),
        "{error}"
    );
}
