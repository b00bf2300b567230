//! Shifts of the Street Pastors, on Friday and Saturday nights; one that begins before midnight belongs to that day.

use jiff::civil::{Date, DateTime, Weekday, date};
use serde_json::{Value, json};

use super::calendar::{add_days, instant};
use super::draft::{Delivery, Draft, Feed, Stage, count, returned, set, text};
use super::places::BOROUGH;
use super::quarters::QUARTERS;
use super::random::Random;
use super::story::Produced;
use super::troubles::{Mix, Trouble};

const MIX: Mix = &[
    (Trouble::Mended, 8),
    (Trouble::MovedLater, 1),
    (Trouble::MovedEarlier, 1),
    (Trouble::SentTwice, 6),
    (Trouble::Contradicted, 2),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 3),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::AmendedTooLate, 1),
    (Trouble::Elsewhere, 2),
    (Trouble::OrphanAmend, 1),
];

pub(super) const FEED: Feed = Feed {
    name: "street-pastor-shifts",
    partner: "STREET_PASTORS",
    delivery: Delivery::Monthly(3),
    date: "started_at",
    reasons: ["DUPLICATE", "ERROR", "DUPLICATE"],
    before,
    mix: MIX,
};

/// The first night out.
const FIRST: Date = date(2014, 10, 3);

/// New Year's Eve, and the evenings on both sides of a quarter's end: the last begins half an hour into July.
const SPECIAL: [DateTime; 4] = [
    date(2014, 12, 31).at(21, 30, 0, 0),
    date(2015, 6, 30).at(23, 30, 0, 0),
    date(2015, 7, 1).at(0, 30, 0, 0),
    date(2015, 12, 31).at(21, 30, 0, 0),
];

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let mut last = (String::new(), 0);
    returned(&FEED, seed, drafts, countable, |_, body| {
        let day = text(body, "started_at").get(..10).unwrap_or_default().to_owned();
        let team = if last.0 == day { last.1 + 1 } else { 1 };
        last = (day, team);
        format!("T{team}/{}", last.0)
    })
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut day = FIRST;
    while day <= QUARTERS.last().map_or(FIRST, |last| last.last) {
        if matches!(day.weekday(), Weekday::Friday | Weekday::Saturday) {
            drafts.push(draft(random, day.at(22, 0, 0, 0)));
        }
        day = add_days(day, 1);
    }
    for night in SPECIAL {
        drafts.push(draft(random, night));
    }
    drafts
}

pub(super) fn countable(random: &mut Random) -> Draft {
    let night = add_days(date(2015, 5, 2), random.between(0, 40) * 7);
    draft(random, night.at(22, 15, 0, 0))
}

fn draft(random: &mut Random, began: DateTime) -> Draft {
    let ended = add_days(began.date(), i64::from(began.hour() > 12)).at(4, 0, 0, 0);
    let people = random.between(12, 70);
    let body = json!({
        "started_at": instant(began).to_string(),
        "ended_at": instant(ended).to_string(),
        "volunteers": random.between(3, 9),
        "people_engaged": people,
        "ambulances_called": random.percents(&[(0, 72), (1, 22)], 2),
        "police_callouts": random.percents(&[(0, 60), (1, 26), (2, 10)], 3),
        "statements_given": random.percents(&[(0, 85)], 1),
    });
    Draft::new(Stage {
        known_on: ended.date(),
        district: Some(BOROUGH),
        ward: None,
        body,
    })
}

/// A slip of the pen: a nought too many.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(&mut before, "people_engaged", count(last, "people_engaged") + 100);
    set(&mut before, "police_callouts", count(last, "police_callouts") + 3);
    set(
        &mut before,
        "statements_given",
        count(last, "statements_given") + 2,
    );
    before
}
