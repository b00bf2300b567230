//! Exclusions and warning letters of the Safe Town Partnership, returned every month; some exclusions are years old.

use jiff::Span as Lapse;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::calendar::{NIGHTS, SHOPS, Times, add_days, other_quarter};
use super::draft::{Delivery, Draft, Feed, Stage, number, set, text};
use super::places::{Setting, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::random::Random;
use super::story::Produced;
use super::targets::{
    HALF, HALF_AFTER, HALF_BEFORE, PLAN_FIRST, PLAN_SECOND, R04_PEOPLE, R17_EXCLUSIONS, R18_WARNINGS, Span,
};
use super::troubles::{Trouble, lost, tell_all};

pub(super) const FEED: Feed = Feed {
    name: "pubwatch-exclusions",
    partner: "STP",
    delivery: Delivery::Monthly(6),
    date: "issued_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: &[
        (Trouble::WardMended, 6),
        (Trouble::MovedLater, 2),
        (Trouble::MovedEarlier, 2),
        (Trouble::Mended, 6),
        (Trouble::SentTwice, 12),
        (Trouble::Contradicted, 3),
        (Trouble::SubmitLate, 3),
        (Trouble::OutOfOrder, 2),
        (Trouble::Resubmitted, 3),
        (Trouble::WithdrawnWithoutReason, 1),
        (Trouble::Withdrawn, 5),
        (Trouble::WithdrawnFirst, 1),
        (Trouble::AmendedTooLate, 1),
        (Trouble::MovedAway, 1),
        (Trouble::Elsewhere, 4),
        (Trouble::OrphanAmend, 2),
        (Trouble::OrphanWithdraw, 1),
    ],
};

/// The scheme's exclusions before there were returns of them: its first return carried all.
const OLDER: Span = Span {
    first: date(2010, 4, 1),
    last: date(2013, 9, 30),
};
/// What was known before this day came with the first return.
const FIRST_KNOWN: Date = date(2013, 9, 30);

/// People excluded from shops in both quarters of a half-year: two rows, one person.
const EXCLUDED_TWICE: usize = 4;

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, FEED.name);
    let mut drafts = Vec::new();
    exclusions(random, OLDER, [150, 60], &mut drafts);
    exclusions(random, HALF_BEFORE, [38, 12], &mut drafts);
    exclusions(random, HALF, [R17_EXCLUSIONS, 14], &mut drafts);
    exclusions(random, HALF_AFTER, [40, 11], &mut drafts);
    exclusions(random, PLAN_FIRST, [41, 13], &mut drafts);
    exclusions(random, PLAN_SECOND, [36, 10], &mut drafts);
    shops(random, HALF_BEFORE, 41, &mut drafts);
    shops(random, HALF, R04_PEOPLE, &mut drafts);
    shops(random, HALF_AFTER, 44, &mut drafts);
    shops(random, PLAN_FIRST, 30, &mut drafts);
    warnings(random, &mut drafts);
    for _ in 0..lost(FEED.mix) {
        drafts.push(countable(random).lost());
    }
    let mut last = 0;
    number(&FEED, random, &mut drafts, |random, _| {
        last += random.between(1, 2);
        format!("STP-{last:04}")
    });
    tell_all(&FEED, random, drafts)
}

/// A row that would count in R17 or R04.
pub(super) fn countable(random: &mut Random) -> Draft {
    let what = random.pick(&[
        ["PUBWATCH_EXCLUSION", "VIOLENCE"],
        ["RETAIL_EXCLUSION", "SHOPLIFTING"],
    ]);
    let start = Times::new(HALF, &NIGHTS).day(random);
    let person = pseudonym(random);
    draft(random, what, person, [start, start])
}

/// Pubwatch exclusions that start in a span: for violence, and for something else.
fn exclusions(random: &mut Random, span: Span, [violence, other]: [usize; 2], drafts: &mut Vec<Draft>) {
    let times = Times::new(span, &NIGHTS);
    for row in 0..violence + other {
        let basis = match row.checked_sub(violence) {
            None => "VIOLENCE",
            Some(_) => random.percents(&[("DRUGS", 45), ("DAMAGE", 30)], "OTHER"),
        };
        let start = times.day_no(random, row);
        // Decided at the meeting before; so the first one of a span was issued in the span before.
        let issued = add_days(
            start,
            -random.percents(&[(0, 30), (4, 40)], 11).max(i64::from(row == 0)),
        );
        let person = pseudonym(random);
        drafts.push(draft(
            random,
            ["PUBWATCH_EXCLUSION", basis],
            person,
            [issued, start],
        ));
    }
}

/// Retail exclusions of a half-year: so many people after a conviction for shoplifting, and a few for something else.
fn shops(random: &mut Random, half: Span, people: usize, drafts: &mut Vec<Draft>) {
    let times = Times::new(half, &SHOPS);
    for row in 0..people {
        let person = pseudonym(random);
        let start = times.day_no(random, row);
        if row < EXCLUDED_TWICE {
            let again = Times::new(other_quarter(half, start), &SHOPS).day(random);
            drafts.push(draft(
                random,
                ["RETAIL_EXCLUSION", "SHOPLIFTING"],
                person.clone(),
                [again, again],
            ));
        }
        drafts.push(draft(
            random,
            ["RETAIL_EXCLUSION", "SHOPLIFTING"],
            person,
            [start, start],
        ));
    }
    for _ in 0..5 {
        let start = times.day(random);
        let basis = random.pick(&["OTHER", "DAMAGE"]);
        let person = pseudonym(random);
        drafts.push(draft(random, ["RETAIL_EXCLUSION", basis], person, [start, start]));
    }
}

/// Letters count by the day of issue: those at the edges take effect in another half-year.
fn warnings(random: &mut Random, drafts: &mut Vec<Draft>) {
    for (span, letters) in [(HALF_BEFORE, 3), (HALF, R18_WARNINGS), (HALF_AFTER, 5)] {
        let times = Times::new(span, &NIGHTS);
        for row in 0..letters {
            let issued = times.day_no(random, row);
            let person = pseudonym(random);
            let basis = random.pick(&["VIOLENCE", "OTHER"]);
            drafts.push(draft(
                random,
                ["PUBWATCH_WARNING", basis],
                person,
                [issued, add_days(issued, 1)],
            ));
        }
    }
}

fn draft(random: &mut Random, what: [&str; 2], person: String, [issued_on, start_on]: [Date; 2]) -> Draft {
    let [order_type, basis] = what;
    let is_warning = order_type == "PUBWATCH_WARNING";
    let months = random.percents(&[(3, 8), (6, 22), (12, 34), (24, 18), (36, 6)], 60);
    let is_open_ended = is_warning || random.percent(7);
    let end_on = (!is_open_ended).then(|| start_on.saturating_add(Lapse::new().months(months)));
    let body = json!({
        "order_type": order_type,
        "subject_pid": person,
        "issued_by": "STP",
        "issued_on": issued_on.to_string(),
        "start_on": start_on.to_string(),
        "end_on": end_on.map(|day| day.to_string()),
        "lifted_on": null,
        "interim": false,
        "basis": basis,
        "adult": !random.percent(7),
        "authorisation_ref": null,
        "in_acz": random.percent(45),
        "cctv_monitored": random.percent(55),
    });
    let setting = if order_type == "RETAIL_EXCLUSION" {
        Setting::Shops
    } else {
        Setting::Nights
    };
    let known_on = issued_on.max(FIRST_KNOWN);
    let mut draft = Draft::new(Stage {
        known_on,
        district: None,
        ward: ward_as_typed(random, setting),
        body,
    });
    if !is_warning && random.percent(9) {
        lift(random, &mut draft, start_on);
    }
    draft
}

/// Lifted on appeal or for good conduct, which is a later stage of the same record.
fn lift(random: &mut Random, draft: &mut Draft, start_on: Date) {
    let Some(mut lifted) = draft.stages.last().cloned() else {
        return;
    };
    let lifted_on = add_days(start_on, random.between(40, 80));
    set(&mut lifted.body, "lifted_on", lifted_on.to_string());
    lifted.known_on = lifted.known_on.max(lifted_on);
    draft.stages.push(lifted);
}

/// For something else, and against somebody else.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    let basis = if text(last, "basis") == "OTHER" {
        "VIOLENCE"
    } else {
        "OTHER"
    };
    set(&mut before, "basis", basis);
    set(&mut before, "subject_pid", pseudonym(random));
    before
}
