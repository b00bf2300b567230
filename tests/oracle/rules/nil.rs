//! G9: nothing, not returned, not applicable, and notices that rows contradict.

use super::samples::{engagement, exclusion, notice};
use super::table::{Case, Line, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Code, Engagement, Kind, Message, ReturnNotice};

const Q1: &str = "2015-16/Q1";
const IN_Q1: &str = "2015-04-10";
const IN_Q2: &str = "2015-07-10";

pub fn cases() -> Vec<Case> {
    vec![
        states(),
        scopes(),
        newest_notice(),
        over_quarters(),
        stock(),
        several_partners(),
        stock_of_several(),
    ]
}

fn says(partner: usize, in_quarter_of: &str, what: Code) -> Message {
    let reference = format!("N-{in_quarter_of}-{what}");
    submit(&reference, notice(Kind::Engagement, in_quarter_of, what)).of(partner)
}

fn says_of(partner: usize, what: Code, scope: &[Code]) -> Message {
    let notice = ReturnNotice {
        scope: scope.to_vec(),
        ..notice(Kind::Engagement, IN_Q1, what)
    };
    submit("N", notice).of(partner)
}

fn met(partner: usize, service: Code) -> Message {
    let engagement = Engagement {
        service,
        ..engagement(IN_Q1)
    };
    submit(service, engagement).of(partner)
}

fn isva(partner: usize, value: impl Into<Option<i32>>, status: &'static str) -> Line {
    line("P1.05", Q1, value).by(Who::Partner(partner)).status(status)
}

fn states() -> Case {
    Case::new(
        "g9_nil_is_not_the_same_as_not_returned",
        8,
        vec![
            says(1, IN_Q1, "NIL"),
            says(2, IN_Q1, "NOT_APPLICABLE"),
            says(3, IN_Q1, "RETURN"),
            met(4, "OSS"),
            says(5, IN_Q1, "NIL"),
            met(5, "ISVA"),
            says(6, IN_Q1, "EXTENSION"),
            says(7, IN_Q1, "NOT_APPLICABLE"),
            met(7, "OSS"),
        ],
        vec![
            isva(0, None, "not_returned")
                .missing(&[Q1])
                .coverage(0, 1)
                .parts(None, None),
            isva(1, 0, "nil").missing(&[]).coverage(1, 1).parts(0, None),
            isva(2, None, "not_applicable").missing(&[]).coverage(0, 1),
            isva(3, 0, "provisional").coverage(1, 1),
            isva(4, 0, "provisional").coverage(1, 1),
            isva(5, 1, "conflict").coverage(1, 1),
            isva(6, None, "not_returned"),
            isva(7, 0, "conflict"),
        ],
    )
}

fn scopes() -> Case {
    let two_codes = |partner| line("P4.06b", Q1, None).by(Who::Partner(partner));
    Case::new(
        "g9_a_notice_about_a_part_of_the_feed",
        8,
        vec![
            says_of(0, "NOT_APPLICABLE", &["ISVA"]),
            met(0, "OSS"),
            says_of(1, "NOT_APPLICABLE", &["ISVA"]),
            met(1, "ISVA"),
            says_of(2, "NIL", &["OSS"]),
            says_of(3, "NIL", &["EHPS"]),
            says_of(4, "NIL", &["EHPS", "YISP", "ISVA"]),
            says_of(5, "NIL", &["EHPS", "YISP"]),
            met(5, "ISVA"),
            says_of(6, "NOT_APPLICABLE", &["ISVA"]),
            says(6, IN_Q1, "RETURN").minutes_later(5),
            says_of(7, "RETURN", &["ISVA"]),
            says(7, IN_Q1, "NIL").minutes_later(5),
        ],
        vec![
            isva(0, None, "not_applicable"),
            line("P1.06", Q1, 1).status("provisional"),
            isva(1, 1, "conflict"),
            line("P1.06", Q1, 0).by(Who::Partner(1)).status("provisional"),
            isva(2, None, "not_returned"),
            two_codes(3).status("not_returned"),
            line("P4.06b", Q1, 0).by(Who::Partner(4)).status("nil"),
            line("P4.06b", Q1, 0).by(Who::Partner(5)).status("nil"),
            isva(5, 1, "provisional"),
            // What is said of the whole feed later leaves what is said of the part.
            isva(6, None, "not_applicable"),
            line("P1.06", Q1, 0).by(Who::Partner(6)).status("provisional"),
            isva(7, 0, "provisional"),
            line("P1.06", Q1, 0).by(Who::Partner(7)).status("nil"),
        ],
    )
}

fn newest_notice() -> Case {
    Case::new(
        "g9_the_newest_notice_counts",
        3,
        vec![
            says(0, IN_Q1, "RETURN").minutes_later(5),
            says(0, IN_Q1, "NIL"),
            says(1, IN_Q1, "NIL"),
            says(1, IN_Q1, "NOT_APPLICABLE"),
            says(2, IN_Q1, "NIL"),
            says(2, IN_Q1, "EXTENSION").minutes_later(5),
        ],
        vec![
            isva(0, 0, "provisional"),
            // Of one minute: by reference.
            isva(1, None, "not_applicable"),
            isva(2, 0, "nil"),
        ],
    )
}

fn over_quarters() -> Case {
    let half = |partner, value: Option<i32>, status| {
        line("P1.05", "2015-16/H1", value)
            .by(Who::Partner(partner))
            .status(status)
    };
    Case::new(
        "g9_quarters_that_differ",
        5,
        vec![
            met(0, "ISVA"),
            says(1, IN_Q1, "NIL"),
            says(2, IN_Q1, "NIL"),
            says(2, IN_Q2, "NOT_APPLICABLE"),
            says(3, IN_Q1, "NOT_APPLICABLE"),
            met(4, "ISVA"),
            says(4, IN_Q2, "NOT_APPLICABLE"),
        ],
        vec![
            half(0, Some(1), "provisional")
                .missing(&["2015-16/Q2"])
                .coverage(1, 1),
            half(1, Some(0), "provisional").missing(&["2015-16/Q2"]),
            half(2, Some(0), "nil").missing(&[]),
            half(3, None, "not_returned").missing(&["2015-16/Q2"]),
            half(4, Some(1), "provisional").missing(&[]),
        ],
    )
}

fn stock() -> Case {
    let no_return = |partner, what| submit("N", notice(Kind::Order, IN_Q1, what)).of(partner);
    Case::new(
        "g9_older_orders_and_a_notice",
        3,
        vec![
            submit("A", exclusion("2013-05-01", None)),
            no_return(0, "NOT_APPLICABLE"),
            submit("A", exclusion("2013-05-01", None)).of(1),
            no_return(1, "NIL"),
            submit("A", exclusion("2013-05-01", None)).of(2),
        ],
        vec![
            line("P3.01", Q1, 1).status("conflict"),
            line("P3.01", Q1, 1).by(Who::Partner(1)).status("provisional"),
            line("P3.01", Q1, None).by(Who::Partner(2)).status("not_returned"),
        ],
    )
}

fn several_partners() -> Case {
    Case::new(
        "g9_several_partners_must_return",
        3,
        vec![met(0, "ISVA"), says(1, IN_Q1, "NIL")],
        vec![
            line("P1.05", Q1, 1)
                .by(Who::All)
                .status("provisional")
                .coverage(2, 3)
                .missing(&[Q1]),
            line("P1.06", Q1, 0).by(Who::All).status("provisional"),
            line("P1.01a", Q1, None)
                .by(Who::All)
                .status("not_returned")
                .coverage(0, 3),
        ],
    )
}

/// A stock in total is that of the partners who have returned something of the last day's quarter.
fn stock_of_several() -> Case {
    let order = |partner| submit("A", exclusion("2015-05-01", None)).of(partner);
    let stock = |period, value: Option<i32>| line("P3.01", period, value).by(Who::All);
    Case::new(
        "g9_a_stock_of_several_partners",
        3,
        vec![
            order(0),
            order(1),
            submit("B", exclusion("2014-05-01", None)).of(2),
            submit("N", notice(Kind::Order, IN_Q2, "RETURN")),
        ],
        vec![
            stock(Q1, Some(2)).coverage(2, 3),
            stock("2015-16/Q2", Some(1)).coverage(1, 3),
            stock("2015-16/H1", Some(1)).coverage(1, 3),
            stock("2015-16/Q3", None).status("not_returned").coverage(0, 3),
            stock("2015-16", None).status("not_returned"),
            line("P3.01", "2015-16/H1", None)
                .by(Who::Partner(1))
                .status("not_returned"),
        ],
    )
}

#[test]
fn g9_nil_is_not_the_same_as_not_returned() {
    super::check("g9_nil_is_not_the_same_as_not_returned");
}

#[test]
fn g9_a_notice_about_a_part_of_the_feed() {
    super::check("g9_a_notice_about_a_part_of_the_feed");
}

#[test]
fn g9_the_newest_notice_counts() {
    super::check("g9_the_newest_notice_counts");
}

#[test]
fn g9_quarters_that_differ() {
    super::check("g9_quarters_that_differ");
}

#[test]
fn g9_older_orders_and_a_notice() {
    super::check("g9_older_orders_and_a_notice");
}

#[test]
fn g9_a_stock_of_several_partners() {
    super::check("g9_a_stock_of_several_partners");
}

#[test]
fn g9_several_partners_must_return() {
    super::check("g9_several_partners_must_return");
}
