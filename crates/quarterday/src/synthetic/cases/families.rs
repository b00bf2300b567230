//! Families of Families First and of the Sherwood Partnership: on the books from a day until a day.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::calendar::{OFFICE, Times, add_days};
use super::super::draft::{Delivery, Draft, Feed, Stage, counted, returned, set, text};
use super::super::mixes::UNMOVED;
use super::super::places::{Setting, sherwood_as_typed, ward_as_typed};
use super::super::pseudonyms::pseudonym;
use super::super::quarters::quarter;
use super::super::random::Random;
use super::super::story::Produced;
use super::super::targets::{HALF, R44_FAMILIES, R45_FAMILIES, Span};
use super::super::troubles::{Mix, Trouble};

const FIRST: Feed = feed("families-first-cases", "FAMILIES_FIRST", UNMOVED);
const SHERWOOD: Feed = feed("sherwood-families", "SHERWOOD", SHERWOOD_MIX);

/// No family may touch the spring of 2014, so none is another date's or another district's by chance.
const SHERWOOD_MIX: Mix = &[
    (Trouble::WardMended, 2),
    (Trouble::Mended, 2),
    (Trouble::SentTwice, 3),
    (Trouble::Contradicted, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 2),
    (Trouble::Elsewhere, 1),
];

/// Families on the books when the half-year begins.
const ON_THE_BOOKS: usize = 60;
/// Families that closed and began again within the half-year: two cases, one family.
const CAME_BACK: usize = 3;
/// Closed before: the last of them on the first day of the half-year, which it is no part of any more.
const CLOSED_BEFORE: usize = 12;

/// New families of later quarters.
const FIRST_LATER: [(Span, usize); 6] = [
    (quarter(2014, 3), 18),
    (quarter(2014, 4), 15),
    (quarter(2015, 1), 20),
    (quarter(2015, 2), 14),
    (quarter(2015, 3), 17),
    (quarter(2015, 4), 12),
];

const SHERWOOD_LATER: [(Span, usize); 6] = [
    (quarter(2014, 3), 5),
    (quarter(2014, 4), 4),
    (quarter(2015, 1), 6),
    (quarter(2015, 2), 4),
    (quarter(2015, 3), 7),
    (quarter(2015, 4), 3),
];

/// A case: whose, from when and until when.
struct Case {
    programme: &'static str,
    family: String,
    engaged_from: Date,
    closed_on: Option<Date>,
}

const fn feed(name: &'static str, partner: &'static str, mix: Mix) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(13),
        date: "engaged_from",
        reasons: ["ERROR", "DUPLICATE", "CONSENT"],
        before,
        mix,
    }
}

pub(super) fn families_first(seed: u64) -> Vec<Produced> {
    returned(&FIRST, seed, first_drafts, countable_first, counted("FF", 300))
}

pub(super) fn sherwood(seed: u64) -> Vec<Produced> {
    returned(
        &SHERWOOD,
        seed,
        sherwood_drafts,
        countable_sherwood,
        counted("SF", 10),
    )
}

fn first_drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let earlier = Times::new(Span::new(date(2012, 6, 1), date(2014, 3, 31)), &OFFICE);
    for row in 0..ON_THE_BOOKS {
        let engaged_from = earlier.day_no(random, row);
        // The first closes on the second day of the half-year: it was there on the first.
        let closed_on = match row {
            0 => add_days(HALF.first, 1),
            _ => add_days(HALF.first, random.between(2, 400)),
        };
        let case = of("FAMILIES_FIRST", pseudonym(random), engaged_from, Some(closed_on));
        if row < CAME_BACK {
            let closed_on = add_days(HALF.first, random.between(5, 50));
            let again = add_days(closed_on, random.between(10, 80));
            let back = of(
                "FAMILIES_FIRST",
                case.family.clone(),
                again,
                Some(add_days(again, 200)),
            );
            let case = Case {
                closed_on: Some(closed_on),
                ..case
            };
            drafts.extend([draft(random, &case), draft(random, &back)]);
        } else {
            drafts.push(draft(random, &case));
        }
    }
    let before = Times::new(Span::new(date(2012, 6, 1), date(2013, 6, 30)), &OFFICE);
    for row in 0..CLOSED_BEFORE {
        let closed_on = if row == 0 {
            HALF.first
        } else {
            add_days(HALF.first, -random.between(1, 200))
        };
        let case = of(
            "FAMILIES_FIRST",
            pseudonym(random),
            before.day(random),
            Some(closed_on),
        );
        drafts.push(draft(random, &case));
    }
    let within = (HALF, R44_FAMILIES - ON_THE_BOOKS);
    for (span, families) in std::iter::once(within).chain(FIRST_LATER) {
        later(random, "FAMILIES_FIRST", (span, families), &mut drafts);
    }
    drafts.push(tally(random));
    drafts
}

fn sherwood_drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let within = (quarter(2014, 2), R45_FAMILIES);
    for (span, families) in std::iter::once(within).chain(SHERWOOD_LATER) {
        later(random, "SHERWOOD", (span, families), &mut drafts);
    }
    // Next door: not a resident of Sherwood, whom the Review's R45 would have counted.
    for span in [quarter(2014, 4), quarter(2015, 2)] {
        let engaged_from = Times::new(span, &OFFICE).day(random);
        let case = of("SHERWOOD", pseudonym(random), engaged_from, None);
        let mut next_door = draft(random, &case);
        next_door
            .stages
            .iter_mut()
            .for_each(|stage| stage.ward = Some("St James's"));
        drafts.push(next_door);
    }
    drafts
}

fn countable_first(random: &mut Random) -> Draft {
    let engaged_from = Times::new(HALF, &OFFICE).day(random);
    let case = of("FAMILIES_FIRST", pseudonym(random), engaged_from, None);
    draft(random, &case)
}

fn countable_sherwood(random: &mut Random) -> Draft {
    let engaged_from = Times::new(quarter(2014, 2), &OFFICE).day(random);
    let case = of("SHERWOOD", pseudonym(random), engaged_from, None);
    draft(random, &case)
}

fn later(
    random: &mut Random,
    programme: &'static str,
    (span, families): (Span, usize),
    drafts: &mut Vec<Draft>,
) {
    let times = Times::new(span, &OFFICE);
    for row in 0..families {
        let engaged_from = times.day_no(random, row);
        let closed_on = random
            .percent(80)
            .then(|| add_days(engaged_from, random.between(60, 420)));
        let case = of(programme, pseudonym(random), engaged_from, closed_on);
        drafts.push(draft(random, &case));
    }
}

fn of(programme: &'static str, family: String, engaged_from: Date, closed_on: Option<Date>) -> Case {
    Case {
        programme,
        family,
        engaged_from,
        closed_on: closed_on.filter(|day| *day <= date(2016, 7, 31)),
    }
}

fn draft(random: &mut Random, case: &Case) -> Draft {
    let criteria = random.percents(
        &[
            (&["CRIME_ASB", "EDUCATION"][..], 40),
            (&["WORKLESSNESS", "HEALTH"][..], 30),
        ],
        &["DOMESTIC_ABUSE", "CHILDREN_IN_NEED", "EDUCATION"][..],
    );
    let body = json!({
        "programme": case.programme,
        "basis": "PERSON",
        "family_pid": case.family,
        "headcount": 1,
        "approximate": false,
        "engaged_from": case.engaged_from.to_string(),
        "closed_on": null,
        "members": random.between(2, 7),
        "criteria": criteria,
        "outcome": "NONE",
        "outcome_on": null,
    });
    let ward = if case.programme == "SHERWOOD" {
        Some(sherwood_as_typed(random))
    } else {
        ward_as_typed(random, Setting::Everywhere)
    };
    let engaged = Draft::new(Stage::new(case.engaged_from, body).in_ward(ward));
    let Some(closed_on) = case.closed_on else {
        return engaged;
    };
    let closed = engaged.then(closed_on, [("closed_on", json!(closed_on.to_string()))]);
    let outcomes = [
        ("SSP", 40),
        ("EMPLOYMENT", 14),
        ("OTHER_SUCCESS", 10),
        ("UNSUCCESSFUL", 20),
    ];
    let outcome = random.percents(&outcomes, "NONE");
    if outcome == "NONE" {
        return closed;
    }
    // Claimed when the case is closed, and dated then; the claim itself comes later.
    let claimed_on = add_days(closed_on, random.between(20, 100));
    let claimed = closed.then(
        claimed_on,
        [
            ("outcome", json!(outcome)),
            ("outcome_on", json!(closed_on.to_string())),
        ],
    );
    if random.percent(6) {
        // Not upheld when it was looked into.
        return claimed.then(
            add_days(claimed_on, 60),
            [
                ("outcome", json!("UNSUCCESSFUL")),
                ("outcome_on", json!(closed_on.to_string())),
            ],
        );
    }
    claimed
}

/// The families of a new area, before they had numbers.
fn tally(random: &mut Random) -> Draft {
    let day = quarter(2015, 3).first;
    let mut draft = draft(
        random,
        &of(
            "FAMILIES_FIRST",
            String::new(),
            add_days(day, 40),
            Some(add_days(day, 85)),
        ),
    );
    for stage in &mut draft.stages {
        let told = [
            ("basis", json!("TALLY")),
            ("family_pid", Value::Null),
            ("headcount", json!(6)),
            ("approximate", json!(true)),
            ("members", Value::Null),
            ("outcome", json!("NONE")),
            ("outcome_on", Value::Null),
        ];
        for (field, value) in told {
            set(&mut stage.body, field, value);
        }
    }
    draft
}

/// A family counted under another number.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    if text(last, "basis") == "PERSON" {
        set(&mut before, "family_pid", pseudonym(random));
    } else {
        set(&mut before, "headcount", 60);
    }
    before
}
