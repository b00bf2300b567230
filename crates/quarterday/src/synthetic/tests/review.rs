//! The figures of the Review that the plan's other feeds carry, from the statements by the model: with those of
//! `figures` all 58 that can be derived, and the five milestones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::quarters::quarter;
use super::super::targets::{CASUALTIES_12, CASUALTIES_13, HALF, Span, YEAR, YEAR_BEFORE};
use super::figures::{change, for_each_seed};
use super::measures::{Rows, held, twelve_months_after, young};
use super::model::{Live, Record, london};

fn rows<'l, 's>(live: &'l Live<'s>, feeds: &'l [&'l str], date: &'l str) -> Rows<'l, 's> {
    Rows {
        live,
        feeds,
        date,
        span: HALF,
    }
}

#[test]
fn contacts() {
    for_each_seed(|live| {
        let contacts = |feeds, service: &str, mode: &str| {
            let of = |row: &Record<'_>| row.is("service", &[service]) && row.is("mode", &[mode]);
            let rows = rows(live, feeds, "contact_on");
            (rows.people("subject_pid", of), rows.events(of))
        };
        let (people, visits) = contacts(&["cri-contacts"], "DRUG_HOME_VISIT", "HOME_VISIT");
        assert!(people == 24 && visits > people, "R11: {people}, {visits}");
        let (people, requirements) = contacts(&["cri-contacts"], "DRR_ATR", "ORDER_REQUIREMENT");
        assert!(requirements == 12 && people < 12, "R12: {people}, {requirements}");
        let (_, calls) = contacts(&["hate-line-calls"], "HATE_LINE", "TELEPHONE");
        assert_eq!(calls, 2, "R22");
        let calls = |row: &&Record<'_>| {
            let day = london(&row.body["contact_on"]).unwrap();
            row.is("service", &["DAVSS_HELPLINE"]) && row.is("mode", &["TELEPHONE"]) && HALF.contains(day)
        };
        let of_all_districts = live
            .everywhere("davss-helpline-calls")
            .filter(calls)
            .map(Record::heads);
        assert_eq!(of_all_districts.sum::<i64>(), 213, "R27");
        assert!(
            live.here("davss-helpline-calls").filter(calls).count() < 160,
            "R27 is of all districts"
        );
    });
}

#[test]
fn young_people() {
    for_each_seed(|live| {
        let both = ["kenward-contacts", "ehps-contacts"];
        let outreach =
            |row: &Record<'_>| row.is("service", &["HOTSPOT_OUTREACH", "KCC_YOUTH_OUTREACH"]) && young(row);
        let all = rows(live, &both, "contact_on");
        assert_eq!(all.people("subject_pid", outreach), 250, "R41");
        assert!(all.that(outreach).all(|row| row.body["approximate"] == true));
        let ehps = rows(live, &["ehps-contacts"], "contact_on");
        let project = |row: &Record<'_>| row.is("service", &["COMM_PROJECT"]) && young(row);
        assert_eq!(ehps.people("subject_pid", project), 185, "R42");
        assert!(ehps.that(project).any(|row| row.body["approximate"] == true));
        assert_eq!(
            ehps.people("subject_pid", |row| row.is("service", &["YISP"])),
            13,
            "R43"
        );
    });
}

#[test]
fn referrals_and_orders() {
    for_each_seed(|live| {
        let men = rows(live, &["cdap-referrals"], "referred_on");
        let men = men.people("subject_pid", |row| {
            row.is("to_service", &["CDAP"]) && row.is("sex", &["M"])
        });
        assert!(men >= 4, "R30: {men}");
        let group = rows(live, &["csu-referrals"], "referred_on");
        let repeat = |row: &Record<'_>| row.is("to_service", &["ASB_GROUP"]) && row.flag("repeat");
        assert_eq!(group.people("subject_pid", repeat), 11, "R39");
        let directions = rows(live, &["police-orders"], "start_on");
        let seen = |row: &Record<'_>| {
            row.is("order_type", &["DIRECTION_S27"]) && row.flag("in_acz") && row.flag("cctv_monitored")
        };
        assert_eq!(directions.events(seen), 25, "R21");
        let orders = rows(live, &["csu-orders", "police-orders", "tchg-orders"], "issued_on");
        let housing = |row: &Record<'_>| row.is("order_type", &["HOUSING_INJUNCTION"]);
        let issued = |row: &Record<'_>| HALF.contains(london(&row.body["issued_on"]).unwrap());
        assert_eq!(orders.in_force(|row| housing(row) && issued(row)), 4, "R40");
        assert!(
            orders.in_force(housing) > 4 && orders.events(housing) > 4,
            "R40 is of both"
        );
        assert_eq!(
            orders.in_force(|row| row.is("order_type", &["CIVIL_INJUNCTION"])),
            0,
            "N8"
        );
    });
}

#[test]
fn activities() {
    for_each_seed(|live| {
        let of = |feeds, kind: &str| {
            let rows = rows(live, feeds, "held_on");
            (
                rows.events(|row| held(row, kind)),
                rows.sum("sessions", |row| held(row, kind)),
            )
        };
        assert_eq!(of(&["warden-activities"], "DOORSTEP_CRIME_TALK").0, 37, "R10");
        assert_eq!(of(&["vawk-activities"], "SAFE_PROJECT_SESSION").1, 44, "R31");
        assert_eq!(of(&["csu-activities"], "ACT2014_TRAINING").0, 3, "R47");
        assert_eq!(of(&["warden-activities"], "GREEN_CROSS_TALK").0, 5, "R51");
        assert_eq!(of(&["warden-activities"], "PED_CYCLE_PROGRAMME").0, 2, "R52");
    });
}

#[test]
fn cases() {
    for_each_seed(|live| {
        let families = rows(live, &["families-first-cases"], "");
        assert_eq!(
            families.families(|row| row.is("programme", &["FAMILIES_FIRST"])),
            112,
            "R44"
        );
        let sherwood = rows(live, &["sherwood-families"], "");
        assert_eq!(
            sherwood.families(|row| row.is("programme", &["SHERWOOD"])),
            16,
            "R45"
        );
        assert_eq!(rows(live, &["asb-cases"], "").open("HIGH"), 21, "R38");
        let today = live.here("asb-cases").filter(|row| {
            let spells = row.body["spells"].as_array().unwrap();
            let changes = row.body["risk_changes"].as_array().unwrap();
            let open = |spell: &Value| {
                let closed = london(&spell["closed_on"]).is_some_and(|closed| closed <= HALF.last);
                london(&spell["opened_on"]).unwrap() <= HALF.last && !closed
            };
            spells.iter().any(open) && changes.last().unwrap()["risk"] == "HIGH"
        });
        assert_ne!(today.count(), 21, "the grade of today is another");
        let noise = rows(live, &["noise-monitoring"], "done_on");
        assert_eq!(noise.events(|row| row.is("type", &["NOISE_MONITOR"])), 12, "R46");
    });
}

#[test]
fn nothing_of_the_spring_of_2014_for_two_feeds() {
    let spring = quarter(2014, 1);
    for_each_seed(|live| {
        for row in live.everywhere("sherwood-families") {
            assert!(london(&row.body["engaged_from"]).unwrap() > quarter(2014, 1).last);
        }
        for row in live.everywhere("noise-monitoring") {
            assert!(london(&row.body["done_on"]).is_none_or(|day| day > quarter(2014, 1).last));
        }
        for notice in live.everywhere("return-notices") {
            let gap = notice.is("covered_feed", &["SHERWOOD-FAMILIES", "NOISE-MONITORING"]);
            assert!(!gap || super::model::quarter_of(notice.body) != quarter(2014, 1));
        }
    });
    assert_eq!(spring.first.to_string(), "2014-04-01");
}

fn abuse<'l>(live: &'l Live<'_>, span: Span) -> Vec<&'l Value> {
    live.bodies("police-incidents", "reported_at", span, |body| {
        body["kind"] == "DA"
    })
}

#[test]
fn domestic_abuse() {
    for_each_seed(|live| {
        let (now, before) = (abuse(live, YEAR), abuse(live, YEAR_BEFORE));
        assert_eq!(
            (now.len(), before.len(), change(now.len(), before.len())),
            (1551, 1410, 10),
            "R32"
        );
        let mut incidents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in live
            .everywhere("police-incidents")
            .filter(|row| row.is("kind", &["DA"]))
        {
            let victim = row.body["victim_pid"].as_str().unwrap();
            incidents
                .entry(victim)
                .or_default()
                .push(row.body["reported_at"].as_str().unwrap());
        }
        let is_repeat = |body: &&&Value| {
            let at = body["reported_at"].as_str().unwrap();
            let day = london(&body["reported_at"]).unwrap();
            incidents[body["victim_pid"].as_str().unwrap()]
                .iter()
                .any(|earlier| {
                    let of = london(&Value::from(*earlier)).unwrap();
                    *earlier < at && day <= twelve_months_after(of)
                })
        };
        let victims = |bodies: &[&Value]| -> BTreeSet<String> {
            bodies.iter().map(|body| body["victim_pid"].to_string()).collect()
        };
        let repeats: Vec<&Value> = now.iter().filter(is_repeat).copied().collect();
        let (repeat, all) = (victims(&repeats).len(), victims(&now).len());
        assert_eq!((repeat, all), (309, 975), "R35");
        assert_eq!((repeat * 2000 + all) / (all * 2), 317, "R36");
    });
}

#[test]
fn casualties() {
    for_each_seed(|live| {
        let of = |span, passes| live.bodies("road-casualties", "collision_on", span, passes).len();
        let both =
            |passes: fn(&Value) -> bool| (of(CASUALTIES_13.span, passes), of(CASUALTIES_12.span, passes));
        let (now, before) = both(|_| true);
        assert_eq!((now, before, change(now, before)), (441, 387, 14), "R53, R54");
        let ksi = |body: &Value| body["severity"].as_i64().unwrap() <= 2;
        let child = |body: &Value| (0..=15).contains(&body["age"].as_i64().unwrap());
        assert_eq!(both(|body| body["severity"] != 3), (58, 39), "R57, R56");
        assert_eq!(
            both(|body| (0..=15).contains(&body["age"].as_i64().unwrap())),
            (37, 29),
            "R59, R58"
        );
        let rows = live.of_feed("road-casualties");
        assert!(
            rows.iter().any(|body| ksi(body) && child(body)) && rows.iter().any(|body| body["age"] == -1)
        );
    });
}

/// Value and population of an area, by measure and span.
fn statistic(live: &Live<'_>, feed: &str, area: &str, measure: &str, span: Span) -> Option<(f64, f64)> {
    let row = live.everywhere(feed).find(|row| {
        row.is("area", &[area])
            && row.is("measure", &[measure])
            && london(&row.body["period_from"]) == Some(span.first)
            && london(&row.body["period_to"]) == Some(span.last)
    })?;
    Some((row.body["value"].as_f64()?, row.body["population"].as_f64()?))
}

const DISTRICTS: [&str; 12] = [
    "E07000105",
    "E07000106",
    "E07000107",
    "E07000108",
    "E07000109",
    "E07000110",
    "E07000111",
    "E07000112",
    "E07000113",
    "E07000114",
    "E07000115",
    "E07000116",
];

/// One more than the districts that are better.
fn rank(scores: impl Fn(&str) -> f64) -> usize {
    let own = scores("E07000116");
    1 + DISTRICTS.iter().filter(|area| scores(area) < own).count()
}

#[test]
fn ranks_and_the_county() {
    for_each_seed(|live| {
        let police = |area: &str, measure: &str, span| {
            statistic(live, "police-statistics", area, measure, span).unwrap()
        };
        let ranks = [
            ("ALL_CRIME", 1),
            ("THSG", 3),
            ("VAP", 3),
            ("DA_INCIDENTS", 2),
            ("ASB", 3),
        ];
        for (measure, expected) in ranks {
            let rate = |area: &str| {
                let (value, people) = police(area, measure, YEAR);
                value / people
            };
            assert_eq!(rank(rate), expected, "{measure}: R03, R15, R24, R34, R49");
            assert!(
                rate("E06000035") < rate("E07000116"),
                "Medway would spoil {measure}"
            );
        }
        let own = |measure| police("E07000116", measure, YEAR).0;
        let own = [
            own("ALL_CRIME"),
            own("THSG"),
            own("VAP"),
            own("DA_INCIDENTS"),
            own("ASB"),
        ];
        assert_eq!(own, [4998.0, 1760.0, 1081.0, 1551.0, 2300.0]);
        for (measure, now, before) in [
            ("THSG", 30900.0, 30000.0),
            ("VAP", 25400.0, 20000.0),
            ("DA_INCIDENTS", 22200.0, 20000.0),
        ] {
            let county = [YEAR, YEAR_BEFORE].map(|span| police("E10000016", measure, span).0);
            assert_eq!(county, [now, before], "R14, R25, R33");
            let sum: f64 = DISTRICTS.iter().map(|area| police(area, measure, YEAR).0).sum();
            assert!(
                (sum - now).abs() < 0.5,
                "the county is its districts: {measure} {sum}"
            );
        }
        let victims = ["DA_REPEAT_VICTIMS", "DA_VICTIMS"].map(|measure| police("E10000016", measure, YEAR).0);
        assert_eq!(victims, [2810.0, 10000.0], "R37");
        let rise = |area: &str| {
            let [now, before] = [CASUALTIES_13, CASUALTIES_12].map(|year| {
                statistic(live, "road-statistics", area, "ROAD_CASUALTIES", year.span)
                    .unwrap()
                    .0
            });
            before / now
        };
        assert_eq!(rank(rise), 1, "R55");
    });
}

#[test]
fn milestones_of_the_year_before() {
    for_each_seed(|live| {
        for (action, at_half, at_year) in [
            ("2014.M1", 1, 1),
            ("2014.M2", 1, 1),
            ("2014.M3", 1, 1),
            ("2014.M4", 0, 1),
            ("2014.M5", 1, 1),
        ] {
            let milestones = rows(live, &["milestones"], "");
            let year = Rows {
                span: quarter(2014, 4),
                ..milestones
            };
            assert_eq!(
                (milestones.done(action), year.done(action)),
                (at_half, at_year),
                "{action}"
            );
        }
    });
}
