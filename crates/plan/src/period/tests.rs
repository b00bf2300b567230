use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn period(id: &str) -> Period {
    id.parse().unwrap()
}

fn error(id: &str) -> String {
    id.parse::<Period>().unwrap_err().to_string()
}

#[test]
fn quarters_halves_and_years_are_of_the_financial_year() {
    let spans: Vec<String> = Period::standard(2015, 2015)
        .iter()
        .map(|period| format!("{period} {} {}", period.first(), period.last()))
        .collect();
    insta::assert_snapshot!(spans.join("\n"), @r"
    2015-16/Q1 2015-04-01 2015-06-30
    2015-16/Q2 2015-07-01 2015-09-30
    2015-16/Q3 2015-10-01 2015-12-31
    2015-16/Q4 2016-01-01 2016-03-31
    2015-16/H1 2015-04-01 2015-09-30
    2015-16/H2 2015-10-01 2016-03-31
    2015-16 2015-04-01 2016-03-31
    ");
}

#[test]
fn a_range_keeps_its_own_id() {
    let range = period("2014-04-01..2014-09-30");
    let half = period("2014-15/H1");
    assert_eq!((range.first(), range.last()), (half.first(), half.last()));
    assert_eq!(range.id(), "2014-04-01..2014-09-30");
    assert_ne!(range, half);
}

#[test]
fn small_letters_and_blanks_are_let_pass() {
    assert_eq!(period(" 2015-16/q1 ").id(), "2015-16/Q1");
    assert_eq!(period("2013-10-01 .. 2014-09-30").id(), "2013-10-01..2014-09-30");
}

#[test]
fn the_century_turns() {
    assert_eq!(period("1999-00").first(), date(1999, 4, 1));
    assert_eq!(period("1999-00").id(), "1999-00");
    assert_eq!(period("2099-00/Q4").last(), date(2100, 3, 31));
}

#[test]
fn the_year_before_minds_february() {
    assert_eq!(period("2015-16/Q4").year_before(), period("2014-15/Q4"));
    assert_eq!(
        period("2013-10-01..2014-09-30").year_before(),
        period("2012-10-01..2013-09-30")
    );
    assert_eq!(
        period("2016-02-29..2016-02-29").year_before(),
        period("2015-02-28..2015-02-28")
    );
    assert_eq!(
        period("2012-09-01..2013-02-28").year_before(),
        period("2011-09-01..2012-02-29")
    );
    assert_eq!(
        period("2016-01-01..2016-02-28").year_before(),
        period("2015-01-01..2015-02-28")
    );
}

#[test]
fn days_are_inclusive() {
    assert_eq!(period("2015-16/Q1").days().count(), 91);
    assert_eq!(
        period("2016-02-29..2016-02-29").days().collect::<Vec<_>>(),
        [date(2016, 2, 29)]
    );
    assert!(period("2014-15/H1").contains(date(2014, 9, 30)));
    assert!(!period("2014-15/H1").contains(date(2014, 10, 1)));
}

#[test]
fn errors_say_what_to_write() {
    let errors: Vec<String> = [
        "2015-17",
        "2015/16",
        "2015-2016",
        "2015-16/Q5",
        "2015-16/H3",
        "2014-09-30..2013-10-01",
        "2014-02-30..2014-03-01",
        "2014-02-01 to 2014-03-01",
        "1066-67",
        "",
        "last quarter, or the one before that if it has not been returned",
    ]
    .map(error)
    .into();
    insta::assert_snapshot!(errors.join("\n"), @r"
    `2015-17` is not a financial year: the one that begins in April 2015 is `2015-16`
    `2015/16` is not how a financial year is written: write `2015-16`
    `2015-2016` is not how a financial year is written: write `2015-16`
    there is no `Q5`: a year has Q1 (April to June), Q2 (July to September), Q3 (October to December), Q4 (January to March), H1 (April to September) and H2 (October to March)
    there is no `H3`: a year has Q1 (April to June), Q2 (July to September), Q3 (October to December), Q4 (January to March), H1 (April to September) and H2 (October to March)
    the period ends (2013-10-01) before it begins (2014-09-30): write `2013-10-01..2014-09-30`
    `2014-02-30` is not a calendar date: write year-month-day, such as `2014-09-30`
    `2014-02-01 to 2014-03-01` is not a period: write a quarter `2015-16/Q1`, a half `2014-15/H1`, a year `2015-16` or dates `2013-10-01..2014-09-30`
    the year 1066 is out of range: periods lie between 1901 and 2298
    `` is not a period: write a quarter `2015-16/Q1`, a half `2014-15/H1`, a year `2015-16` or dates `2013-10-01..2014-09-30`
    `last quarter, or the one before that if ...` is not a period: write a quarter `2015-16/Q1`, a half `2014-15/H1`, a year `2015-16` or dates `2013-10-01..2014-09-30`
    ");
}

#[test]
fn serde_uses_the_id() {
    let wrapped: std::collections::BTreeMap<String, Period> =
        toml::from_str("period = '2015-16/Q1'").unwrap();
    assert_eq!(wrapped["period"], period("2015-16/Q1"));
}

fn dates() -> impl Strategy<Value = jiff::civil::Date> {
    (1901i16..=2298, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

proptest! {
    #[test]
    fn standard_ids_round_trip(year in 1901i16..=2298, index in 0usize..7) {
        let standard = Period::standard(year, year)[index];
        prop_assert_eq!(standard.id().parse::<Period>(), Ok(standard));
        let before = standard.year_before();
        if year > 1901 {
            prop_assert_eq!(before, Period::standard(year - 1, year - 1)[index]);
        }
    }

    #[test]
    fn ranges_round_trip(a in dates(), b in dates()) {
        let range = Period::of_dates(a.min(b), a.max(b));
        prop_assert_eq!(range.id().parse::<Period>(), Ok(range));
        prop_assert!(range.year_before().last() < range.last());
    }

    #[test]
    fn every_date_has_one_quarter(day in dates()) {
        let quarter = Period::quarter_of(day);
        prop_assert!(quarter.contains(day));
        prop_assert!(Period::standard(day.year() - 1, day.year()).iter().filter(|p| p.contains(day)).count() <= 3);
    }

    #[test]
    fn any_text_gives_a_period_or_an_error(text in "\\PC{0,40}") {
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.id().parse::<Period>(), Ok(period));
        }
    }

    #[test]
    fn nearly_right_texts_never_panic(text in "[0-9]{3,5}[-/.]{1,2}[0-9]{1,5}[-/.]{0,2}[QH0-9-]{0,10}") {
        let _ = text.parse::<Period>();
    }
}
