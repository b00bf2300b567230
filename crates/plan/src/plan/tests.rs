mod misfits;

use proptest::prelude::*;

use super::*;
use crate::expression::Expression;

const HEAD: &str = r#"
[plan]
id = "p"
title = "P"
year = "2014-15"
district = "E07000116"
source = "the plan"
"#;

/// A figure with these kind-dependent keys.
fn figure(id: &str, keys: &str) -> String {
    format!(
        r#"
[[figure]]
id = "{id}"
title = "T"
returned_by = ["B", "A"]
record_type = "order"
unit = "orders"
polarity = "up"
sensitivity = "none"
printed = "4"
period = "2014-15/H1"
check = {{ op = "equal", value = 4 }}
{keys}
"#
    )
}

fn plan(figures: &[String]) -> Result<Plan, Error> {
    Plan::parse(&format!("{HEAD}{}", figures.concat()))
}

fn counting(keys: &str) -> Counting {
    let measure = plan(&[figure("R1", keys)]).unwrap().figures.remove(0).measure;
    measure.counting().unwrap().clone()
}

fn expression(text: &str) -> Expression {
    Expression::parse(text).unwrap()
}

fn errors(keys: &str) -> String {
    plan(&[figure("R1", keys)]).unwrap_err().to_string()
}

fn on(date: &str) -> Placing {
    Placing::On(vec![date.to_owned()])
}

#[test]
fn what_is_counted_is_read() {
    let events = counting("kind = 'event_count'\ndate = ['start_on', 'issued_on']");
    assert_eq!(events.counted, Counted::Events { amount: None });
    let dates = ["start_on", "issued_on"].map(str::to_owned).to_vec();
    assert_eq!(events.placing, Placing::On(dates));
    let sum = counting("kind = 'sum'\ndate = 'start_on'\namount = 'quantity * 2'");
    let Counted::Sum { amount } = sum.counted else {
        panic!("{sum:?}")
    };
    assert_eq!(amount.root, expression("quantity * 2").root);
    let distinct = counting("kind = 'distinct'\ndate = 'start_on'\nidentity = 'subject_pid'\ntally = true");
    assert_eq!(
        distinct.counted,
        Counted::Distinct {
            identity: "subject_pid".to_owned(),
            tally: true
        }
    );
    let attendance = counting("kind = 'attendance'\ndate = 'held_on'\neach = 'orgs'\nidentity = 'orgs'");
    assert_eq!(attendance.each, ["orgs"]);
    assert!(matches!(
        attendance.counted,
        Counted::Distinct { tally: false, .. }
    ));
}

#[test]
fn when_it_counts_is_read() {
    let span = Span {
        from: "start_on".to_owned(),
        until: vec!["end_on".to_owned()],
    };
    let stock = "kind = 'stock'\nin_force = { from = 'start_on', until = ['end_on'] }";
    assert_eq!(counting(stock).placing, Placing::InForce(span.clone(), None));
    let graded = counting(
        "kind = 'stock'\neach = 's'\nin_force = { from = 'start_on', until = ['end_on'], graded = { by = 'r', on = 'o', is = 'HIGH' } }",
    );
    assert!(matches!(graded.placing, Placing::InForce(_, Some(Graded { is, .. })) if is == "HIGH"));
    let during = "kind = 'distinct'\nidentity = 'p'\nduring = { from = 'start_on', until = ['end_on'] }";
    assert_eq!(counting(during).placing, Placing::During(span));
    let milestone = counting("kind = 'milestone'\ndate = 'done_on'\nidentity = 'milestone_no'\nexpected = 2");
    assert_eq!(milestone.placing, Placing::DoneBy("done_on".to_owned()));
    assert_eq!(milestone.against, Against::Expected(2));
    let rank = counting(
        "kind = 'rank'\namount = 'value'\nreported_for = { from = 'a', until = 'b' }\nrank = { by = 'area', among = ['X'], order = 'descending', change = true }",
    );
    assert_eq!(rank.placing, Placing::ReportedFor("a".to_owned(), "b".to_owned()));
    assert!(matches!(
        rank.against,
        Against::Areas(Ranking {
            descending: true,
            change: true,
            ..
        })
    ));
}

#[test]
fn what_it_is_set_against_is_read() {
    let change =
        counting("kind = 'change'\ndate = 'start_on'\nchange = { of = 'event_count', value = 'delta' }");
    assert_eq!(
        change.against,
        Against::YearBefore {
            value: ChangeValue::Delta,
            decimals: 1
        }
    );
    let repeat = counting(
        "kind = 'repeat'\ndate = 'held_on'\nlook_back = { of = 'event_count', same = 'p', before = 'b', months = 12, filter = 'adult' }",
    );
    assert_eq!(repeat.placing, on("held_on"));
    let look_back = repeat.look_back.unwrap();
    assert_eq!(
        (look_back.months, look_back.counted_from),
        (12, vec!["b".to_owned()])
    );
    let ratio = format!(
        "{}{}",
        figure("R1", "kind = 'event_count'\ndate = 'a_on'"),
        ratio("R2", "R1", "R1")
    );
    let ratio = plan(&[ratio]).unwrap().figures.remove(1).measure;
    assert!(matches!(ratio.basis, Basis::Ratio(Ratio { times: 100, .. })));
}

/// A figure that divides two others.
#[test]
fn what_partners_may_not_see_the_public_may_not_either() {
    for (rules, expected) in [
        ("", (Rule::Open, Rule::Open)),
        ("public = 'small'", (Rule::Open, Rule::Small)),
        ("partners = 'withheld'", (Rule::Withheld, Rule::Withheld)),
        ("partners = 'small', public = 'open'", (Rule::Small, Rule::Small)),
    ] {
        let keys = format!("kind = 'event_count'\ndate = 'a'\ndisclosure = {{ {rules} }}");
        let read = plan(&[figure("R1", &keys)]).unwrap().figures.remove(0).measure;
        assert_eq!(
            (read.disclosure.partners, read.disclosure.public),
            expected,
            "{rules}"
        );
    }
}

fn ratio(id: &str, numerator: &str, denominator: &str) -> String {
    let keys = format!(
        "kind = 'ratio'\nratio = {{ numerator = '{numerator}', denominator = '{denominator}', times = 100 }}"
    );
    figure(id, &keys).replace("record_type = \"order\"\n", "")
}

#[test]
fn a_figure_is_its_measure_and_a_print() {
    let plan = plan(&[figure(
        "R1",
        "kind = 'event_count'\ndate = 'occurred_at'\narea = 'any'",
    )])
    .unwrap();
    let figure = &plan.figures[0];
    assert_eq!((figure.id.as_str(), figure.printed.as_str()), ("R1", "4"));
    assert_eq!((figure.version, figure.line), (1, 9));
    assert_eq!(figure.counting().unwrap().area, Area::Any);
    assert_eq!(figure.period.id(), "2014-15/H1");
    assert_eq!(figure.check.passes(Some(4.0)), Some(true));
    assert_eq!(
        plan.definitions()
            .map(|measure| measure.id.as_str())
            .collect::<Vec<_>>(),
        ["R1"]
    );
}

#[test]
fn a_plan_is_computed_for_its_year_and_the_year_before() {
    let figures = [figure("R1", "kind = \"event_count\"\ndate = \"start_on\"")];
    let periods: Vec<String> = plan(&figures).unwrap().periods().iter().map(Period::id).collect();
    assert_eq!(periods.len(), 14);
    assert_eq!(
        (periods[0].as_str(), periods[13].as_str()),
        ("2013-14/Q1", "2014-15")
    );
}

#[test]
fn kinds_take_their_own_keys() {
    let found = [
        errors("kind = 'event_count'\nidentity = 'subject_pid'"),
        errors("kind = 'sum'\ndate = 'start_on'"),
        errors("kind = 'distinct'\ndate = 'start_on'\namount = 'headcount'"),
        errors("kind = 'stock'\ndate = 'start_on'"),
        errors("kind = 'stock'\nin_force = { form = 'start_on', until = [] }"),
        errors(
            "kind = 'change'\ndate = 'start_on'\nchange = { of = 'stock', value = 'percent', decimals = 9 }",
        ),
        errors("kind = 'change'\ndate = 'start_on'\nchange = { of = 'sum', value = 'percent' }"),
        errors("kind = 'count'\ndate = 'start_on'"),
    ];
    insta::assert_snapshot!(found.join("\n--\n"), @r"
    line 9, column 1: [[figure]] needs the key `date`
    line 21, column 12: an event count takes no `identity`
    --
    line 9, column 1: [[figure]] needs the key `amount`
    --
    line 9, column 1: [[figure]] needs the key `identity`
    line 22, column 10: a distinct count takes no `amount`
    --
    line 9, column 1: [[figure]] needs the key `in_force`
    line 21, column 8: a stock takes no `date`
    --
    line 21, column 12: `in_force` needs the key `from`
    line 21, column 14: `in_force` has no key `form`; its keys are `from`, `graded`, `until`
    line 21, column 41: `until` needs at least one entry
    --
    line 22, column 17: `of` is `stock`: it must be one of `event_count`, `sum`, `distinct`
    line 22, column 56: `decimals` is 9: it must be from 0 to 6
    --
    line 9, column 1: [[figure]] needs the key `amount`
    --
    line 20, column 8: `kind` is `count`: it must be one of `event_count`, `sum`, `distinct`, `stock`, `flow`, `ratio`, `change`, `rank`, `milestone`, `attendance`, `repeat`, `estimate`
    ");
}

#[test]
fn every_problem_is_reported_with_its_place() {
    let toml = r#"
[plan]
id = "p q"
title = "P"
year = "2014/15"
source = "the plan"

[[measure]]
id = "P1"
title = "T"
returned_by = []
kind = "event_count"
record_type = "order"
fliter = "interim"
filter = "order_type = 'CBO"
date = "start_on"
unit = 4
polarity = "good"
version = 0
valid_from = "1 April"

[[figure]]
id = "P1"
"#;
    insta::assert_snapshot!(Plan::parse(toml).unwrap_err(), @r"
    line 2, column 1: [plan] needs the key `district`
    line 3, column 6: `id` begins with a letter and holds at most 64 letters, digits and `-`
    line 5, column 8: `2014/15` is not how a financial year is written: write `2014-15`
    line 8, column 1: [[measure]] needs the key `action`
    line 8, column 1: [[measure]] needs the key `responsible`
    line 8, column 1: [[measure]] needs the key `sensitivity`
    line 8, column 1: [[measure]] needs the key `wording`
    line 11, column 15: `returned_by` needs at least one entry
    line 14, column 1: [[measure]] has no key `fliter`; its keys are `action`, `amount`, `area`, `change`, `date`, `disclosure`, `during`, `expected`, `filter`, `id`, `identity`, `in_force`, `kind`, `look_back`, `notes`, `page`, `polarity`, `rank`, `ratio`, `record_type`, `reported_for`, `responsible`, `returned_by`, `sensitivity`, `series_from`, `tally`, `title`, `unit`, `valid_from`, `version`, `wording`
    line 15, column 24: `filter`: a text in quotes is not closed: it needs another `'`
    line 17, column 8: `unit` must be text in quotes
    line 18, column 12: `polarity` is `good`: it must be one of `up`, `down`, `neutral`
    line 19, column 11: `version` is 0: it must be from 1 to 255
    line 20, column 14: `valid_from` must be a date such as 2015-04-01
    line 22, column 1: [[figure]] needs the key `check`
    line 22, column 1: [[figure]] needs the key `kind`
    line 22, column 1: [[figure]] needs the key `period`
    line 22, column 1: [[figure]] needs the key `polarity`
    line 22, column 1: [[figure]] needs the key `printed`
    line 22, column 1: [[figure]] needs the key `returned_by`
    line 22, column 1: [[figure]] needs the key `sensitivity`
    line 22, column 1: [[figure]] needs the key `title`
    line 22, column 1: [[figure]] needs the key `unit`
    line 23, column 6: the id `P1` is taken already, on line 8
    ");
}

#[test]
fn a_check_has_a_value_unless_nothing_can_be_derived() {
    let keys = "kind = 'event_count'\ndate = 'start_on'";
    let with = |check: &str| {
        let toml = figure("R1", keys).replace(r#"{ op = "equal", value = 4 }"#, check);
        plan(&[toml])
            .map(|_| String::new())
            .unwrap_or_else(|error| error.to_string())
    };
    assert_eq!(with("{ op = 'none' }"), "");
    assert_eq!(with("{ op = 'about', value = 2.5, decimals = 1 }"), "");
    insta::assert_snapshot!(with("{ op = 'none', value = 1 }"), @"line 19, column 32: a check `none` takes no `value`");
    insta::assert_snapshot!(with("{ op = 'less' }"), @"line 19, column 9: `check` needs the key `value`");
    insta::assert_snapshot!(with("{ op = 'less', value = inf }"), @"line 19, column 32: `value` must be a finite number");
}

#[test]
fn syntax_errors_have_a_place() {
    insta::assert_snapshot!(Plan::parse("[plan]\nid = \"p\ntitle = 'x'\n[[measure]\n").unwrap_err(), @r#"
    line 2, column 8: invalid basic string, expected `"`
    line 4, column 11: unclosed array table, expected `]`
    "#);
}

#[test]
fn an_id_is_taken_once_in_all_files() {
    let keys = "kind = 'event_count'\ndate = 'start_on'";
    let one = plan(&[figure("R1", keys), figure("R2", keys)]).unwrap();
    let mut other = plan(&[figure("R2", keys)]).unwrap();
    insta::assert_snapshot!(check_ids([&one, &other]).unwrap_err(), @r"
    two plan files have the id `p`: give one of them another
    `R2` is defined in `p` (line 23) and again in `p` (line 9)
    ");
    other.id = "q".to_owned();
    other.figures[0].measure.id = "R3".to_owned();
    assert_eq!(check_ids([&one, &other]), Ok(()));
}

fn hash(keys: &str) -> String {
    let plan = plan(&[figure("R1", keys)]).unwrap();
    plan.definition_hash(&plan.figures[0])
}

#[test]
fn the_hash_is_of_the_meaning() {
    let keys = "kind = 'event_count'\ndate = 'start_on'";
    let same = figure("R2", keys)
        .replace("\"T\"", "\"U\"")
        .replace("[\"B\", \"A\"]", "[\"A\", \"B\"]");
    let same = plan(&[same]).unwrap();
    assert_eq!(same.definition_hash(&same.figures[0]), hash(keys));
    let mut elsewhere = plan(&[figure("R1", keys)]).unwrap();
    elsewhere.district = "E07000110".to_owned();
    assert_ne!(elsewhere.definition_hash(&elsewhere.figures[0]), hash(keys));
    let different = [
        keys.to_owned(),
        keys.replace("start", "end"),
        format!("{keys}\nfilter = 'adult'"),
        format!("{keys}\namount = 'adult'"),
        format!("{keys}\narea = 'any'"),
        "kind = 'distinct'\ndate = 'start_on'\nidentity = 'a'".to_owned(),
        "kind = 'distinct'\ndate = 'start_on'\nidentity = 'a'\ntally = true".to_owned(),
        "kind = 'change'\ndate = 'start_on'\nchange = { of = 'event_count', value = 'delta' }".to_owned(),
        "kind = 'change'\ndate = 'start_on'\nchange = { of = 'event_count', value = 'percent' }".to_owned(),
        "kind = 'change'\ndate = 'start_on'\nchange = { of = 'event_count', value = 'percent', decimals = 0 }".to_owned(),
        "kind = 'stock'\nin_force = { from = 'a', until = ['b'] }".to_owned(),
        "kind = 'stock'\nin_force = { from = 'a', until = ['c'] }".to_owned(),
    ];
    let hashes: std::collections::BTreeSet<String> = different.iter().map(|keys| hash(keys)).collect();
    assert_eq!(hashes.len(), different.len());
}

#[test]
fn the_hash_of_a_ratio_is_of_its_parts_too() {
    let count = |keys: &str| figure("R1", keys);
    let of = |top: &str| {
        let bottom = figure("R2", "kind = 'event_count'\ndate = 'start_on'");
        let plan = plan(&[count(top), bottom, ratio("R3", "R1", "R2")]).unwrap();
        plan.definition_hash(&plan.figures[2])
    };
    let keys = "kind = 'event_count'\ndate = 'start_on'";
    assert_ne!(of(keys), of(&format!("{keys}\nfilter = 'adult'")));
    // Ratios of each other, which only the check of a plan refuses.
    let circle = plan(&[ratio("R1", "R2", "R2"), ratio("R2", "R1", "R1")]).unwrap();
    assert_eq!(circle.definition_hash(&circle.figures[0]).len(), 64);
}

#[test]
fn the_hash_is_the_same_in_every_build() {
    let keys = "kind = 'distinct'\ndate = 'start_on'\nidentity = 'subject_pid'\nfilter = \"a = 'x'\"";
    insta::assert_snapshot!(hash(keys), @r"f2cd2577484bd0a70757556456bb5ded46f519b93f99dcd26e62b0447adaf05e");
}

proptest! {
    #[test]
    fn a_damaged_file_gives_a_plan_or_an_error(at in 0usize..600, with in "[\\[\\]a-z='\"\\n {}.,0-9]{0,6}") {
        let mut toml = format!("{HEAD}{}", figure("R1", "kind = 'stock'\nin_force = { from = 'a', until = ['b'] }"));
        let at = at.min(toml.len());
        toml.replace_range(at..(at + with.len()).min(toml.len()), &with);
        let _ = Plan::parse(&toml);
    }
}
