//! Cases of anti-social behaviour, from Themis: opened, graded again, closed, opened again.
//!
//! R38: 21 cases are open and high on 30 September 2014, by the risk of that day. Who takes the grade of today, or the
//! closing day for a day of work, gets another number.

mod case;
mod course;

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use case::Case;
use course::Course;

use super::super::calendar::{OFFICE, Times, add_days};
use super::super::draft::{Delivery, Draft, Feed, returned, set};
use super::super::mixes::UNMOVED;
use super::super::quarters::quarter;
use super::super::random::Random;
use super::super::story::Produced;
use super::super::targets::{HALF, Span};

pub(in super::super) const FEED: Feed = Feed {
    name: "asb-cases",
    partner: "CSU",
    delivery: Delivery::Monthly(11),
    // The place of a case in time is in its spells: for the numbering they are in no order.
    date: "nsir",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: UNMOVED,
};

const HIGH: &str = "HIGH";
const MEDIUM: &str = "MEDIUM";
const STANDARD: &str = "STANDARD";

/// What happens to cases around 30 September 2014, and to how many.
const AROUND: [(Course, usize); 12] = [
    // These are the 21:
    (Course::new(HIGH).closed(10, 150), 8),
    (Course::new(HIGH).closed(1, 1), 1),
    (Course::new(HIGH).graded(MEDIUM, 10, 60).closed(90, 150), 3),
    (Course::new(MEDIUM).graded(HIGH, -60, 0).closed(40, 120), 4),
    (Course::new(HIGH).again(-25).closed(60, 160), 3),
    (Course::new(HIGH).cleared(-12).closed(30, 90), 2),
    // These are not:
    (Course::new(MEDIUM).graded(HIGH, 8, 50).closed(80, 150), 5),
    (Course::new(HIGH).closed(0, 0), 3),
    (Course::new(HIGH).graded(MEDIUM, 0, 0).closed(50, 150), 2),
    (Course::new(MEDIUM).closed(5, 200), 12),
    (Course::new(STANDARD).closed(5, 120), 8),
    (Course::new(HIGH).closed(-40, -1), 6),
];

/// New cases of later quarters: high, medium, standard.
const LATER: [(Span, [usize; 3]); 6] = [
    (quarter(2014, 3), [7, 11, 5]),
    (quarter(2014, 4), [6, 9, 4]),
    (quarter(2015, 1), [8, 12, 6]),
    (quarter(2015, 2), [10, 14, 5]),
    (quarter(2015, 3), [6, 10, 4]),
    (quarter(2015, 4), [7, 9, 5]),
];

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let mut last = 410;
    returned(&FEED, seed, drafts, countable, |random, _| {
        last += random.between(1, 3);
        format!("TH-{last:05}")
    })
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (course, cases) in AROUND {
        for row in 0..cases {
            // The first of each is as late as it can be.
            let latest = row == 0;
            drafts.push(around(random, course, latest));
        }
    }
    for (span, cases) in LATER {
        let times = Times::new(span, &OFFICE);
        for (risk, cases) in [HIGH, MEDIUM, STANDARD].into_iter().zip(cases) {
            for row in 0..cases {
                let opened_on = times.day_no(random, row);
                drafts.push(later(random, opened_on, risk));
            }
        }
    }
    drafts
}

/// Open and high on 30 September 2014.
pub(in super::super) fn countable(random: &mut Random) -> Draft {
    around(random, Course::new(HIGH).closed(20, 60), false)
}

fn around(random: &mut Random, course: Course, latest: bool) -> Draft {
    let opened_on = add_days(HALF.last, -random.between(110, 300));
    let mut case = Case::opened(random, opened_on, course.risk);
    let on = |random: &mut Random, (least, most): (i64, i64)| {
        let days = if latest { most } else { random.between(least, most) };
        add_days(HALF.last, days)
    };
    if let Some(day) = course.again {
        case.close(add_days(HALF.last, day - 45));
        case.open_again(on(random, (day, day)));
    }
    if let Some(day) = course.cleared {
        case.close(add_days(HALF.last, day - 14));
        case.clear(on(random, (day, day)));
    }
    if let Some((risk, least, most)) = course.graded {
        case.grade(on(random, (least, most)), risk);
    }
    if let Some(span) = course.closed {
        case.close(on(random, span));
    }
    case.draft
}

/// A case of the later quarters goes on by chance.
fn later(random: &mut Random, opened_on: Date, risk: &'static str) -> Draft {
    let mut case = Case::opened(random, opened_on, risk);
    let mut day = opened_on;
    if random.percent(30) {
        day = add_days(day, random.between(5, 50));
        let other = if risk == MEDIUM { HIGH } else { MEDIUM };
        case.grade(day, other);
    }
    if random.percent(85) {
        day = add_days(day, random.between(10, 120));
        case.close(day);
        match random.below(10) {
            0 => {
                day = add_days(day, random.between(30, 90));
                case.open_again(day);
                case.grade(day, risk);
                case.close(add_days(day, random.between(15, 80)));
            }
            1 => {
                day = add_days(day, random.between(3, 27));
                case.clear(day);
                case.close(add_days(day, random.between(15, 80)));
            }
            _ => {}
        }
    }
    case.draft
}

/// Thought to be medium from the start, on another day.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    let opened_on = date(2014, 1, 15).to_string();
    set(
        &mut before,
        "spells",
        json!([{"opened_on": opened_on, "closed_on": null}]),
    );
    set(
        &mut before,
        "risk_changes",
        json!([{"on": opened_on, "risk": MEDIUM}]),
    );
    set(&mut before, "close_reason", Value::Null);
    before
}
