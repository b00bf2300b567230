//! Orders of the courts and directions of the police, as the council, the police and the housing association return
//! them; many are of earlier years. A housing injunction of 2014 is one of the Housing Act 1996.

use jiff::Span as Lapse;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::calendar::{NIGHTS, Times, add_days};
use super::draft::{Delivery, Draft, Feed, Stage, counted, returned, set, text};
use super::mixes::UNMOVED;
use super::places::{Setting, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::quarters::quarter;
use super::random::Random;
use super::story::Produced;
use super::targets::{HALF, R21_DIRECTIONS, Span};
use super::troubles::{Mix, Trouble};

/// An order, and how long it was in force.
#[derive(Clone, Copy)]
struct Order {
    of: &'static str,
    by: &'static str,
    issued_on: Date,
    /// The first day no longer in force.
    end_on: Option<Date>,
    lifted_on: Option<Date>,
    interim: bool,
}

const fn order(of: &'static str, by: &'static str, issued_on: Date) -> Order {
    Order {
        of,
        by,
        issued_on,
        end_on: None,
        lifted_on: None,
        interim: false,
    }
}

impl Order {
    const fn until(self, end_on: Date) -> Self {
        Order {
            end_on: Some(end_on),
            ..self
        }
    }

    const fn lifted(self, on: Date) -> Self {
        Order {
            lifted_on: Some(on),
            ..self
        }
    }

    const fn interim(self) -> Self {
        Order {
            interim: true,
            ..self
        }
    }
}

const HOUSING: &str = "HOUSING_INJUNCTION";
const CIVIL: &str = "CIVIL_INJUNCTION";

/// R40: of these four are issued in the half-year and in force on its last day, three here and one at the council.
const TCHG: [Order; 13] = [
    order(HOUSING, "TCHG", date(2014, 4, 1)).until(date(2014, 10, 1)),
    order(HOUSING, "TCHG", date(2014, 7, 16)).until(date(2015, 7, 16)),
    order(HOUSING, "TCHG", date(2014, 9, 30)),
    // The last day in force was the 29th; discharged; of the year before; of October.
    order(HOUSING, "TCHG", date(2014, 5, 12)).until(date(2014, 9, 30)),
    order(HOUSING, "TCHG", date(2014, 6, 3))
        .until(date(2015, 6, 3))
        .lifted(date(2014, 9, 9)),
    order(HOUSING, "TCHG", date(2013, 11, 20)).until(date(2015, 11, 20)),
    order(HOUSING, "TCHG", date(2014, 10, 1)).until(date(2015, 10, 1)),
    order(HOUSING, "TCHG", date(2015, 5, 18)).until(date(2016, 5, 18)),
    order(HOUSING, "TCHG", date(2015, 9, 7))
        .interim()
        .until(date(2015, 11, 2)),
    order(HOUSING, "TCHG", date(2015, 11, 2)).until(date(2016, 11, 2)),
    order(HOUSING, "TCHG", date(2016, 2, 22)),
    order(CIVIL, "TCHG", date(2015, 8, 3)).until(date(2016, 2, 3)),
    order(CIVIL, "TCHG", date(2015, 12, 14)).until(date(2016, 12, 14)),
];

const COUNCIL: [Order; 9] = [
    order(HOUSING, "TWBC", date(2014, 8, 21)).until(date(2015, 8, 21)),
    order(HOUSING, "TWBC", date(2013, 2, 5)).until(date(2014, 9, 30)),
    order("AREA_DPPO", "TWBC", date(2010, 6, 1)),
    order("ASBO", "TWBC", date(2013, 5, 14)).until(date(2015, 5, 14)),
    order(CIVIL, "TWBC", date(2015, 4, 20)).until(date(2016, 4, 20)),
    order(CIVIL, "TWBC", date(2015, 6, 30)).until(date(2015, 12, 31)),
    order(CIVIL, "TWBC", date(2015, 10, 12))
        .interim()
        .until(date(2016, 1, 11)),
    order(CIVIL, "TWBC", date(2016, 1, 11)),
    order("CPN", "TWBC", date(2015, 7, 9)),
];

const POLICE: [Order; 9] = [
    order("CBO", "CPS", date(2014, 11, 18)).until(date(2016, 11, 18)),
    order("CBO", "CPS", date(2015, 2, 10)).until(date(2017, 2, 10)),
    order("CBO", "CPS", date(2015, 5, 5)).until(date(2018, 5, 5)),
    order("CBO", "CPS", date(2015, 8, 27))
        .until(date(2017, 8, 27))
        .lifted(date(2016, 1, 20)),
    order("CBO", "CPS", date(2015, 9, 30)).until(date(2017, 9, 30)),
    order("CBO", "CPS", date(2016, 1, 7)).until(date(2019, 1, 7)),
    order("CRASBO", "CPS", date(2013, 3, 6)).until(date(2016, 3, 6)),
    order(CIVIL, "KPOL", date(2015, 7, 22)).until(date(2016, 7, 22)),
    order(CIVIL, "KPOL", date(2016, 3, 31)).until(date(2017, 3, 31)),
];

/// Directions by span: in the zone and seen on CCTV, and others.
const DIRECTIONS: [(Span, &str, usize, usize); 9] = [
    (quarter(2013, 4), "DIRECTION_S27", 11, 6),
    (HALF, "DIRECTION_S27", R21_DIRECTIONS, 9),
    (
        Span::new(date(2014, 10, 1), date(2014, 10, 19)),
        "DIRECTION_S27",
        3,
        2,
    ),
    (
        Span::new(date(2014, 10, 20), date(2014, 12, 31)),
        "DISPERSAL_S35",
        7,
        4,
    ),
    (quarter(2014, 4), "DISPERSAL_S35", 6, 3),
    (quarter(2015, 1), "DISPERSAL_S35", 9, 5),
    (quarter(2015, 2), "DISPERSAL_S35", 14, 6),
    (quarter(2015, 3), "DISPERSAL_S35", 11, 3),
    (quarter(2015, 4), "DISPERSAL_S35", 8, 4),
];

/// Few orders, each of which counts.
const FEW: Mix = &[
    (Trouble::Mended, 1),
    (Trouble::SentTwice, 2),
    (Trouble::Contradicted, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 2),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::Elsewhere, 1),
    (Trouble::OrphanAmend, 1),
];

const fn feed(name: &'static str, partner: &'static str, mix: Mix) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(10),
        date: "issued_on",
        reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
        before,
        mix,
    }
}

const OF_COUNCIL: Feed = feed("csu-orders", "CSU", FEW);
const OF_POLICE: Feed = feed("police-orders", "KPOL", UNMOVED);
const OF_TCHG: Feed = feed("tchg-orders", "TCHG", FEW);

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let council = returned(
        &OF_COUNCIL,
        seed,
        |random| all(random, &COUNCIL),
        |random| draft(random, &order(HOUSING, "TWBC", date(2014, 6, 17)), [false, false]),
        counted("CSU-O", 0),
    );
    let housing = returned(
        &OF_TCHG,
        seed,
        |random| all(random, &TCHG),
        |random| draft(random, &order(HOUSING, "TCHG", date(2014, 8, 5)), [false, false]),
        counted("TC/", 70),
    );
    let police = returned(&OF_POLICE, seed, police, seen_direction, counted("KP-D", 500));
    council.into_iter().chain(housing).chain(police).collect()
}

fn all(random: &mut Random, orders: &[Order]) -> Vec<Draft> {
    orders
        .iter()
        .map(|order| draft(random, order, [false, false]))
        .collect()
}

fn police(random: &mut Random) -> Vec<Draft> {
    let mut drafts = all(random, &POLICE);
    for (span, of, seen, others) in DIRECTIONS {
        let times = Times::new(span, &NIGHTS);
        for row in 0..seen + others {
            let day = times.day_no(random, row);
            let flags = match row.checked_sub(seen) {
                None => [true, true],
                Some(_) => random.pick(&[[true, false], [false, true], [false, false]]),
            };
            drafts.push(direction(random, of, day, flags));
        }
    }
    // Typed under the old law a year after it ended: counted, and remarked on.
    drafts.push(direction(
        random,
        "DIRECTION_S27",
        date(2015, 8, 15),
        [true, true],
    ));
    drafts
}

fn seen_direction(random: &mut Random) -> Draft {
    let day = Times::new(HALF, &NIGHTS).day(random);
    direction(random, "DIRECTION_S27", day, [true, true])
}

fn direction(random: &mut Random, of: &'static str, day: Date, flags: [bool; 2]) -> Draft {
    let until = add_days(day, random.between(1, 2));
    let mut draft = draft(random, &order(of, "KPOL", day).until(until), flags);
    if of == "DISPERSAL_S35" {
        let authorisation = format!("S34/{}", day.strftime("%y%m%d"));
        for stage in &mut draft.stages {
            set(&mut stage.body, "authorisation_ref", authorisation.as_str());
        }
    }
    draft
}

fn draft(random: &mut Random, order: &Order, [in_acz, cctv_monitored]: [bool; 2]) -> Draft {
    let basis = match order.of {
        HOUSING => "HOUSING",
        _ => random.percents(&[("VIOLENCE", 50), ("DRUGS", 20)], "OTHER"),
    };
    let body = json!({
        "order_type": order.of,
        "subject_pid": pseudonym(random),
        "issued_by": order.by,
        "issued_on": order.issued_on.to_string(),
        "start_on": order.issued_on.to_string(),
        "end_on": order.end_on.map(|day| day.to_string()),
        "lifted_on": null,
        "interim": order.interim,
        "basis": basis,
        "adult": true,
        "authorisation_ref": null,
        "in_acz": in_acz,
        "cctv_monitored": cctv_monitored,
    });
    let setting = if in_acz { Setting::Nights } else { Setting::Streets };
    let ward = ward_as_typed(random, setting);
    // What is of earlier years came with the first return.
    let known_on = order.issued_on.max(date(2013, 12, 1));
    let issued = Draft::new(Stage::new(known_on, body).in_ward(ward));
    match order.lifted_on {
        Some(on) => issued.then(on, [("lifted_on", json!(on.to_string()))]),
        None => issued,
    }
}

/// A direction that was seen by nobody, an order of one month.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    if text(last, "order_type").starts_with("DI") {
        set(&mut before, "cctv_monitored", false);
        set(&mut before, "in_acz", false);
    } else {
        let start: Date = text(last, "start_on").parse().unwrap_or_default();
        let end = start.saturating_add(Lapse::new().months(1));
        set(&mut before, "end_on", end.to_string());
        set(&mut before, "lifted_on", Value::Null);
    }
    before
}
