//! The set has the shape of real work, and rows on both sides of every edge.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde_json::Value;

use super::super::targets::{HALF, HALF_AFTER, HALF_BEFORE, YEAR, YEAR_BEFORE};
use super::model::{Live, london};
use super::*;

#[test]
fn the_set_is_of_lifelike_size() {
    let summary = Summary::of(demo());
    assert!(
        (40_000..46_000).contains(&summary.statements),
        "{}",
        summary.statements
    );
    assert_eq!(summary.feeds.len(), 53);
    assert_eq!(summary.feeds.values().sum::<usize>(), summary.statements);
}

#[test]
fn feeds_are_produced_in_the_order_of_their_deliveries() {
    let sent: Vec<String> = demo()
        .iter()
        .filter_map(|statement| match &statement.payload {
            Payload::Record(record) => Some(record["sent_at"].as_str().unwrap().to_owned()),
            _ => None,
        })
        .collect();
    let late = sent.windows(2).filter(|pair| pair[0] > pair[1]).count();
    assert!(late < 450, "{late}");
}

#[test]
fn nothing_is_sent_before_it_happened() {
    for statement in demo() {
        let Payload::Record(record) = &statement.payload else {
            continue;
        };
        let sent_on = record["sent_at"].as_str().unwrap().to_owned();
        for (field, value) in record["body"].as_object().into_iter().flatten() {
            let planned = ["end_on", "start_on", "due_on"].contains(&field.as_str());
            let (Some(at), false) = (value.as_str(), planned) else {
                continue;
            };
            if (field.ends_with("_on") || field.ends_with("_at")) && !at.starts_with("21") {
                assert!(
                    at < sent_on.as_str(),
                    "{} {field} {at} sent {sent_on}",
                    statement.reference
                );
            }
        }
    }
}

#[test]
fn every_half_year_has_rows_at_its_very_edges_in_london() {
    let live = Live::of(demo());
    for (feed, date) in [
        ("cctv-incidents", "occurred_at"),
        ("police-incidents", "reported_at"),
    ] {
        for span in [HALF_BEFORE, HALF, HALF_AFTER] {
            let rows = live.bodies(feed, date, span, |_| true);
            let on = |day: Date| {
                rows.iter()
                    .filter(|body| london(&body[date]) == Some(day))
                    .count()
            };
            assert!(on(span.first) > 1 && on(span.last) > 1, "{feed} {span:?}");
        }
        let utc_is_the_day_before = |body: &&Value| {
            let utc: Date = body[date].as_str().unwrap()[..10].parse().unwrap();
            london(&body[date]).is_some_and(|day| day.day() == 1 && day != utc)
        };
        let rows = live.bodies(feed, date, HALF, |_| true);
        assert!(
            rows.into_iter().filter(utc_is_the_day_before).count() >= 4,
            "{feed}"
        );
    }
}

#[test]
fn dates_stand_on_both_sides_of_every_edge() {
    let live = Live::of(demo());
    let dates = [
        ("davss-referrals", "dealt_on"),
        ("warden-visits", "done_on"),
        ("warden-referrals", "referred_on"),
    ];
    for (feed, date) in dates {
        for day in ["2014-03-31", "2014-04-01", "2014-09-30", "2014-10-01"] {
            let rows = live.of_feed(feed);
            assert!(rows.iter().any(|body| body[date] == day), "{feed} {day}");
        }
    }
}

#[test]
fn violence_is_of_weekend_nights_and_shoplifting_of_shopping_days() {
    let live = Live::of(demo());
    let sunday = |group: &str| {
        let crimes = live.of_feed("recorded-crimes");
        let of_group = crimes
            .iter()
            .filter(|body| body["ho_group"] == group || body["ho_subgroup"] == group);
        let days: Vec<Date> = of_group
            .map(|body| london(&body["recorded_on"]).unwrap())
            .collect();
        let share = |weekday| days.iter().filter(|day| day.weekday() == weekday).count() * 100 / days.len();
        [
            share(Weekday::Saturday) + share(Weekday::Sunday),
            share(Weekday::Tuesday),
        ]
    };
    let ([violence, _], [shops, tuesday]) = (sunday("VAP"), sunday("SHOPLIFTING"));
    assert!(
        violence > 40 && shops < violence && tuesday > 10,
        "{violence} {shops} {tuesday}"
    );
}

#[test]
fn anti_social_behaviour_is_of_summer_and_of_the_town_centre() {
    let live = Live::of(demo());
    let mut months: BTreeMap<i8, usize> = BTreeMap::new();
    for body in live.bodies("police-incidents", "reported_at", YEAR_BEFORE, |body| {
        body["kind"] == "ASB"
    }) {
        *months
            .entry(london(&body["reported_at"]).unwrap().month())
            .or_default() += 1;
    }
    assert!(months[&7] > months[&1] * 5 / 4, "{months:?}");
    let mut wards: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for ward in live.wards("police-incidents") {
        *wards.entry(ward).or_default() += 1;
    }
    assert_eq!(wards.len(), 21, "all wards, and none");
    assert!(wards[&Some("E05005141")] > wards[&Some("E05005142")] * 3);
}

#[test]
fn crimes_are_of_every_group() {
    let live = Live::of(demo());
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for body in live.bodies("recorded-crimes", "recorded_on", YEAR, |_| true) {
        *groups.entry(body["ho_group"].as_str().unwrap()).or_default() += 1;
    }
    assert_eq!(groups.len(), 9, "{groups:?}");
}
