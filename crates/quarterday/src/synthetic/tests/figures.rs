//! The published figures, computed from the statements by the model.

use std::sync::LazyLock;

use serde_json::Value;

use super::super::targets::{HALF, Span, YEAR, YEAR_BEFORE};
use super::model::{Live, distinct, london, sum};
use super::*;

/// What counts, for the demo's seed and some others.
static LIVE: LazyLock<Vec<Live<'static>>> = LazyLock::new(|| {
    [SEED, 0, u64::MAX]
        .into_iter()
        .map(|seed| Live::of(review(seed).leak()))
        .collect()
});

pub(super) fn for_each_seed(check: fn(&Live<'_>)) {
    LIVE.iter().for_each(check);
}

fn crimes(live: &Live<'_>, span: Span, passes: fn(&Value) -> bool) -> usize {
    let of_span = live.bodies("recorded-crimes", "recorded_on", span, passes);
    of_span
        .into_iter()
        .filter(|body| body["status"] != "CANCELLED")
        .count()
}

/// A change in per cent, rounded once, half away from zero.
pub(super) fn change(now: usize, before: usize) -> i64 {
    let (now, before) = (i64::try_from(now).unwrap(), i64::try_from(before).unwrap());
    let twice = (now - before) * 200;
    (twice.abs() + before) / (before * 2) * twice.signum()
}

fn is(body: &Value, field: &str, code: &str) -> bool {
    body[field]
        .as_str()
        .is_some_and(|text| text.eq_ignore_ascii_case(code))
}

#[test]
fn changes_are_rounded_half_away_from_zero() {
    assert_eq!(
        [
            change(195, 200),
            change(205, 200),
            change(199, 200),
            change(4998, 5150)
        ],
        [-3, 3, -1, -3]
    );
}

#[test]
fn recorded_crime() {
    for_each_seed(|live| {
        let both = |passes| (crimes(live, YEAR, passes), crimes(live, YEAR_BEFORE, passes));
        let (now, before) = both(|_| true);
        assert_eq!((now, before, change(now, before)), (4998, 5150, -3), "R01, R02");
        let (now, before) = both(|body| body["ho_group"] == "THSG");
        assert_eq!((now, before, change(now, before)), (1760, 2000, -12), "R13");
        let (now, before) = both(|body| body["ho_subgroup"] == "SHOPLIFTING");
        assert_eq!((now, before, change(now, before)), (445, 500, -11), "R16");
        let inside = both(|body| body["ho_subgroup"] == "SHOPLIFTING" && body["ho_group"] == "THSG");
        assert_eq!((now, before), inside, "R16 inside R13");
        let (now, before) = both(|body| body["ho_group"] == "VAP");
        assert_eq!((now, before, change(now, before)), (1081, 940, 15), "R23");
    });
}

#[test]
fn anti_social_behaviour() {
    for_each_seed(|live| {
        let asb = |span| {
            live.bodies("police-incidents", "reported_at", span, |body| {
                body["kind"] == "ASB"
            })
            .len()
        };
        let (now, before) = (asb(YEAR), asb(YEAR_BEFORE));
        assert_eq!((now, before, change(now, before)), (2300, 2527, -9), "R48");
        assert_eq!(asb(HALF), 1306, "R50");
    });
}

#[test]
fn cctv() {
    for_each_seed(|live| {
        let seen = |passes| live.bodies("cctv-incidents", "occurred_at", HALF, passes);
        let monitored = |passes| {
            let all: Vec<&Value> = seen(passes);
            all.into_iter().filter(|body| body["monitored"] == true).count()
        };
        assert_eq!(
            sum(&seen(|body| body["instigated_by"] == "CCTV_OPERATOR"), "arrests"),
            210,
            "R05"
        );
        assert_eq!(
            monitored(|body| is(body, "incident_type", "SHOPLIFTING")),
            175,
            "R06"
        );
        assert_eq!(monitored(|body| is(body, "incident_type", "VIOLENCE")), 90, "R19");
        assert_eq!(
            monitored(|body| body["instigated_by"] == "PUBWATCH_RADIO"),
            91,
            "R20"
        );
        let overlap = monitored(|body| {
            is(body, "incident_type", "VIOLENCE") && body["instigated_by"] == "PUBWATCH_RADIO"
        });
        assert!(overlap > 0, "R19 and R20 overlap");
    });
}

#[test]
fn exclusions() {
    for_each_seed(|live| {
        let orders = |date, passes| live.bodies("pubwatch-exclusions", date, HALF, passes);
        let shops = |body: &Value| body["order_type"] == "RETAIL_EXCLUSION" && body["basis"] == "SHOPLIFTING";
        assert_eq!(distinct(&orders("start_on", shops), "subject_pid"), 50, "R04");
        assert!(orders("start_on", shops).len() > 50, "R04 is of people");
        let violence =
            |body: &Value| body["order_type"] == "PUBWATCH_EXCLUSION" && body["basis"] == "VIOLENCE";
        assert_eq!(orders("start_on", violence).len(), 43, "R17");
        assert_eq!(
            orders("issued_on", |body| body["order_type"] == "PUBWATCH_WARNING").len(),
            4,
            "R18"
        );
    });
}

#[test]
fn wardens() {
    for_each_seed(|live| {
        let done = |passes| live.bodies("warden-visits", "done_on", HALF, passes);
        assert_eq!(done(|body| body["type"] == "VICTIM_VISIT").len(), 43, "R07");
        assert_eq!(
            sum(&done(|body| body["type"] == "SHED_ALARM"), "quantity"),
            47,
            "R08"
        );
        let referred = live.bodies("warden-referrals", "referred_on", HALF, |body| {
            body["from_agency"] == "KCC_WARDENS"
        });
        assert_eq!(distinct(&referred, "subject_pid"), 43, "R09");
        assert!(
            referred
                .iter()
                .all(|body| body["basis"] == "PERSON" && body["approximate"] == false)
        );
    });
}

#[test]
fn domestic_abuse_support() {
    for_each_seed(|live| {
        let dealt = |passes| live.bodies("davss-referrals", "dealt_on", HALF, passes);
        assert_eq!(
            sum(&dealt(|body| body["to_service"] == "DAVSS"), "headcount"),
            87,
            "R28"
        );
        let of_risk = |body: &Value| body["risk_at_dealt"] == "HIGH" && body["to_service"] == "DAVSS";
        assert_eq!(sum(&dealt(of_risk), "headcount"), 32, "R29");
    });
}

#[test]
fn people_of_two_quarters_are_counted_once() {
    for_each_seed(|live| {
        for (feed, date) in [
            ("pubwatch-exclusions", "start_on"),
            ("warden-referrals", "referred_on"),
        ] {
            let days = live.bodies(feed, date, HALF, |_| true);
            let second = |body: &&&Value| london(&body[date]).unwrap().month() >= 7;
            let (late, early): (Vec<&Value>, Vec<&Value>) = days.iter().partition(|body| second(body));
            let both = distinct(&days, "subject_pid");
            assert!(
                distinct(&late, "subject_pid") + distinct(&early, "subject_pid") > both,
                "{feed}"
            );
        }
    });
}

#[test]
fn what_other_partners_return_lies_in_the_way() {
    let live = &LIVE[0];
    let by_wardens = live.bodies("davss-referrals", "referred_on", HALF, |body| {
        body["from_agency"] == "KCC_WARDENS"
    });
    assert!(!by_wardens.is_empty(), "R09 is of what the wardens returned");
    let of_davss = live.bodies("warden-referrals", "dealt_on", HALF, |body| {
        body["to_service"] == "DAVSS"
    });
    assert!(!of_davss.is_empty(), "R28 is of what DAVSS returned");
}

#[test]
fn exclusions_of_earlier_years_are_in_force() {
    let live = &LIVE[0];
    let last_day = "2014-06-30";
    let in_force = |body: &&&Value| {
        let after = |field: &str| body[field].as_str().is_none_or(|day| day > last_day);
        body["start_on"].as_str().unwrap() <= last_day && after("end_on") && after("lifted_on")
    };
    let all = live.of_feed("pubwatch-exclusions");
    let all: Vec<&&Value> = all
        .iter()
        .filter(|body| body["order_type"] == "PUBWATCH_EXCLUSION")
        .collect();
    let stock: Vec<_> = all.iter().copied().filter(in_force).collect();
    let old = stock
        .iter()
        .filter(|body| body["start_on"].as_str().unwrap() < "2013-10-01")
        .count();
    let ended = all
        .iter()
        .filter(|body| body["end_on"].as_str().is_some_and(|day| day <= last_day))
        .count();
    assert!(
        old > 20 && ended > 50 && stock.len() > 80,
        "{old} old, {ended} ended, {} in force",
        stock.len()
    );
}
