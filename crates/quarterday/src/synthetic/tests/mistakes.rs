//! Whoever gets a rule wrong gets wrong figures: the troubles are no decoration.

use std::sync::LazyLock;

use serde_json::Value;

use super::super::targets::{HALF, YEAR, YEAR_BEFORE};
use super::model::{Live, Mistake, distinct, sum};
use super::*;

/// The figures of each feed.
type Figures = [(&'static str, Vec<usize>); 7];

fn figures(live: &Live<'_>) -> Figures {
    let crimes = |span| {
        let of =
            |passes: fn(&Value) -> bool| live.bodies("recorded-crimes", "recorded_on", span, passes).len();
        [
            of(|body| body["status"] != "CANCELLED"),
            of(|body| body["status"] != "CANCELLED" && body["ho_group"] == "THSG"),
            of(|body| body["status"] != "CANCELLED" && body["ho_group"] == "VAP"),
        ]
    };
    let asb = |span| {
        live.bodies("police-incidents", "reported_at", span, |body| {
            body["kind"] == "ASB"
        })
        .len()
    };
    let cctv = |passes| live.bodies("cctv-incidents", "occurred_at", HALF, passes);
    let arrests = sum(&cctv(|body| body["instigated_by"] == "CCTV_OPERATOR"), "arrests");
    let watched = cctv(|body| body["instigated_by"] == "PUBWATCH_RADIO" && body["monitored"] == true);
    let orders = |passes| live.bodies("pubwatch-exclusions", "start_on", HALF, passes);
    let shops = orders(|body| body["order_type"] == "RETAIL_EXCLUSION" && body["basis"] == "SHOPLIFTING");
    let pubs = orders(|body| body["order_type"] == "PUBWATCH_EXCLUSION" && body["basis"] == "VIOLENCE");
    let dealt = |passes| live.bodies("davss-referrals", "dealt_on", HALF, passes).len();
    let done = |passes| live.bodies("warden-visits", "done_on", HALF, passes);
    let alarms = sum(&done(|body| body["type"] == "SHED_ALARM"), "quantity");
    let referred = live.bodies("warden-referrals", "referred_on", HALF, |_| true);
    let whole = |number: i64| usize::try_from(number).unwrap();
    [
        ("recorded-crimes", [crimes(YEAR), crimes(YEAR_BEFORE)].concat()),
        ("police-incidents", vec![asb(YEAR), asb(YEAR_BEFORE), asb(HALF)]),
        ("cctv-incidents", vec![whole(arrests), watched.len()]),
        (
            "pubwatch-exclusions",
            vec![distinct(&shops, "subject_pid"), pubs.len()],
        ),
        (
            "davss-referrals",
            vec![dealt(|_| true), dealt(|body| body["risk_at_dealt"] == "HIGH")],
        ),
        (
            "warden-visits",
            vec![done(|body| body["type"] == "VICTIM_VISIT").len(), whole(alarms)],
        ),
        ("warden-referrals", vec![distinct(&referred, "subject_pid")]),
    ]
}

/// The feeds that a mistake gives wrong figures of.
fn spoiled(mistake: Mistake) -> Vec<&'static str> {
    static RIGHT: LazyLock<Figures> = LazyLock::new(|| figures(&Live::of(demo())));
    let wrong = figures(&Live::misread(demo(), mistake));
    RIGHT
        .iter()
        .zip(wrong)
        .filter(|(right, wrong)| *right != wrong)
        .map(|((feed, _), _)| *feed)
        .collect()
}

#[test]
fn every_mistake_shows_in_most_feeds() {
    let mistakes = [
        Mistake::LastArrivalHolds,
        Mistake::LaterOfVersionHolds,
        Mistake::VersionsCounted,
        Mistake::RepetitionsCounted,
        Mistake::WithdrawalsIgnored,
        Mistake::OrphansCounted,
        Mistake::DistrictsIgnored,
        Mistake::ChecksIgnored,
    ];
    for mistake in mistakes {
        let spoiled = spoiled(mistake);
        assert!(spoiled.len() >= 4, "{mistake:?} shows in {spoiled:?}");
    }
}

#[test]
fn references_have_to_be_normalised() {
    let spoiled = spoiled(Mistake::ReferencesNotNormalised);
    assert!(
        spoiled.contains(&"recorded-crimes") && spoiled.contains(&"police-incidents"),
        "{spoiled:?}"
    );
}

#[test]
fn dates_in_utc_are_wrong_where_there_are_times() {
    assert_eq!(
        spoiled(Mistake::DatesInUtc),
        ["police-incidents", "cctv-incidents"]
    );
}

#[test]
fn no_mistake_is_no_difference() {
    assert!(spoiled(Mistake::None).is_empty());
}
