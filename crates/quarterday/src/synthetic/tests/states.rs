//! What is known of a measure in a quarter, by plain loops: returned, nil, not applicable, in conflict, or missing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use quarterday_plan::feeds::Feeds;

use super::super::targets::Span;
use super::measures::Measure;
use super::model::{Live, Record, london, quarter_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Returned,
    Nil,
    NotApplicable,
    Conflict,
    Missing,
}

/// The record type of each feed.
static TYPES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let feeds = Feeds::parse(include_str!("../../../../../schemas/plans/feeds.toml")).unwrap();
    feeds
        .feeds
        .into_iter()
        .map(|feed| (feed.name, feed.record_type))
        .collect()
});

/// The dates by which some measure or figure places a record of that type, and the field of its scope.
fn dates_and_scope(record_type: &str) -> (&'static [&'static str], &'static str) {
    match record_type {
        "referral" => (&["referred_on", "dealt_on"], "to_service"),
        "engagement" => (&["contact_on", "outcome_on"], "service"),
        "marac_case" => (&["referred_on", "meeting_on"], ""),
        "family_case" => (&["outcome_on"], "programme"),
        "community_trigger" => (&["threshold_on", "resolved_on"], ""),
        "order" => (&["start_on", "issued_on"], "order_type"),
        "cctv_incident" => (&["occurred_at"], ""),
        "recorded_crime" => (&["recorded_on"], ""),
        "police_incident" => (&["reported_at"], ""),
        "arrest" => (&["arrested_on", "charged_on"], ""),
        "road_casualty" => (&["collision_on"], ""),
        "hospital_admission" => (&["admitted_on"], ""),
        "activity" => (&["ended_on", "held_on", "offered_on"], "type"),
        "patrol_shift" => (&["started_at"], ""),
        "premises_action" => (&["done_on"], "type"),
        "milestone" => (&["done_on"], ""),
        _ => (&[], ""),
    }
}

/// Whether a record has a date in the quarter, or a span that touches it.
fn is_present(row: &Record<'_>, quarter: Span) -> bool {
    let within = |day: Option<Date>| day.is_some_and(|day| quarter.contains(day));
    let record_type = TYPES[row.feed].as_str();
    let spans = match record_type {
        "family_case" => {
            let closed = london(&row.body["closed_on"]);
            london(&row.body["engaged_from"]).unwrap() <= quarter.last
                && closed.is_none_or(|closed| closed > quarter.first)
        }
        "area_statistic" => {
            let [from, until] = ["period_from", "period_to"].map(|field| london(&row.body[field]).unwrap());
            from <= quarter.last && until >= quarter.first
        }
        "asb_case" => row.body["spells"]
            .as_array()
            .unwrap()
            .iter()
            .any(|spell| within(london(&spell["opened_on"])) || within(london(&spell["closed_on"]))),
        _ => false,
    };
    let (dates, _) = dates_and_scope(record_type);
    spans || dates.iter().any(|date| within(london(&row.body[*date])))
}

/// What is known of a feed, so far as a measure is about it.
pub(super) fn state(live: &Live<'_>, feed: &str, scope: &[&str], quarter: Span) -> State {
    let about = |notice: &&Record<'_>| {
        let covered = notice.body["covered_feed"] == feed && quarter_of(notice.body) == quarter;
        let of = notice.body["scope"].as_array().unwrap();
        let applies =
            of.is_empty() || (!scope.is_empty() && scope.iter().all(|code| of.iter().any(|of| of == code)));
        covered && applies && notice.body["kind"] != "EXTENSION"
    };
    let notice = live
        .everywhere("return-notices")
        .filter(about)
        .max_by_key(|notice| (notice.sent_at, notice.reference.clone()));
    let present: Vec<&Record<'_>> = live
        .everywhere(feed)
        .filter(|row| is_present(row, quarter))
        .collect();
    let Some(notice) = notice else {
        return if present.is_empty() {
            State::Missing
        } else {
            State::Returned
        };
    };
    let (_, field) = dates_and_scope(&TYPES[feed]);
    let of = notice.body["scope"].as_array().unwrap();
    let in_scope = present
        .iter()
        .any(|row| of.is_empty() || of.iter().any(|code| *code == row.body[field]));
    match notice.body["kind"].as_str().unwrap() {
        "RETURN" => State::Returned,
        _ if in_scope => State::Conflict,
        "NIL" => State::Nil,
        _ => State::NotApplicable,
    }
}

/// The status of a measure in some quarters, and what is missing.
pub(super) fn status(
    live: &Live<'_>,
    measure: &Measure,
    quarters: &[Span],
    value: i64,
) -> (&'static str, usize) {
    let states: Vec<State> = measure
        .feeds
        .iter()
        .flat_map(|feed| {
            quarters
                .iter()
                .map(|quarter| state(live, feed, measure.scope, *quarter))
        })
        .collect();
    let missing = states.iter().filter(|state| **state == State::Missing).count();
    let any = |wanted| states.contains(&wanted);
    let status = if any(State::Conflict) {
        "conflict"
    } else if states.iter().all(|state| *state == State::NotApplicable) {
        if value > 0 { "conflict" } else { "not_applicable" }
    } else if !any(State::Returned) && !any(State::Nil) {
        "not_returned"
    } else if !any(State::Returned) && value == 0 && missing == 0 {
        "nil"
    } else {
        "provisional"
    };
    (status, missing)
}

#[test]
fn every_figure_has_its_returns_but_two() {
    let live = Live::of(super::demo());
    // Partner feeds of figures, with the first and the last quarter that their figures touch.
    let half = ["2014-04-01", "2014-09-30"];
    let years = ["2012-10-01", "2014-09-30"];
    let calendar = ["2012-01-01", "2013-12-31"];
    let feeds = [
        ("recorded-crimes", years),
        ("police-incidents", years),
        ("police-statistics", years),
        ("road-casualties", calendar),
        ("road-statistics", calendar),
        ("pubwatch-exclusions", half),
        ("cctv-incidents", half),
        ("warden-visits", half),
        ("warden-referrals", half),
        ("warden-activities", half),
        ("cri-contacts", half),
        ("police-orders", half),
        ("csu-orders", half),
        ("tchg-orders", half),
        ("hate-line-calls", half),
        ("davss-helpline-calls", half),
        ("davss-referrals", half),
        ("cdap-referrals", half),
        ("vawk-activities", half),
        ("asb-cases", half),
        ("csu-referrals", half),
        ("csu-activities", half),
        ("kenward-contacts", half),
        ("ehps-contacts", half),
        ("families-first-cases", half),
        ("milestones", half),
    ];
    for (feed, [first, last]) in feeds {
        let mut first: Date = first.parse().unwrap();
        while first <= last.parse().unwrap() {
            let next = first.saturating_add(jiff::Span::new().months(3));
            let quarter = Span::new(first, next.yesterday().unwrap());
            assert_eq!(
                state(&live, feed, &[], quarter),
                State::Returned,
                "{feed} {quarter:?}"
            );
            first = next;
        }
    }
    let [spring, summer] = [1, 2].map(|number| super::super::quarters::quarter(2014, number));
    for feed in ["sherwood-families", "noise-monitoring"] {
        assert_eq!(state(&live, feed, &[], spring), State::Missing, "{feed}");
        assert_eq!(state(&live, feed, &[], summer), State::Returned, "{feed}");
    }
}

#[test]
fn one_return_is_in_conflict_with_its_notice() {
    let live = Live::of(super::demo());
    let mut conflicts = Vec::new();
    for feed in TYPES.keys() {
        for (number, quarter) in super::super::quarters::QUARTERS.into_iter().enumerate() {
            if state(&live, feed, &[], quarter) == State::Conflict {
                conflicts.push((feed.as_str(), number));
            }
        }
    }
    assert_eq!(conflicts, [("isva-contacts", 6)]);
}

#[test]
fn every_feed_has_rows_and_notices() {
    let live = Live::of(super::demo());
    for feed in TYPES.keys().filter(|feed| *feed != "return-notices") {
        let notices = live.everywhere("return-notices");
        let covering = notices.filter(|notice| notice.body["covered_feed"] == feed.as_str());
        assert!(live.here(feed).count() > 0 && covering.count() > 0, "{feed}");
    }
}
