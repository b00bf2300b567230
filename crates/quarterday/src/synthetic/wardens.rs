//! The community wardens: visits to victims and shed alarms, and people referred onward; two feeds, returned monthly.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{OFFICE, Times, add_days, other_quarter};
use super::draft::{Delivery, Draft, Feed, Stage, count, number, set, text};
use super::places::{Setting, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::random::Random;
use super::story::Produced;
use super::targets::{
    HALF, HALF_AFTER, HALF_BEFORE, PLAN_FIRST, PLAN_SECOND, R07_VISITS, R08_ALARMS, R09_PEOPLE, Span,
};
use super::troubles::{Mix, Trouble, lost, tell_all};

const MIX: Mix = &[
    (Trouble::WardMended, 4),
    (Trouble::MovedLater, 2),
    (Trouble::MovedEarlier, 2),
    (Trouble::Mended, 4),
    (Trouble::SentTwice, 9),
    (Trouble::Contradicted, 2),
    (Trouble::SubmitLate, 2),
    (Trouble::OutOfOrder, 2),
    (Trouble::Resubmitted, 2),
    (Trouble::Withdrawn, 4),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::AmendedTooLate, 1),
    (Trouble::MovedAway, 1),
    (Trouble::Elsewhere, 7),
    (Trouble::OrphanAmend, 2),
    (Trouble::OrphanWithdraw, 1),
];

pub(super) const VISITS: Feed = Feed {
    name: "warden-visits",
    partner: "KCC_WARDENS",
    delivery: Delivery::Monthly(9),
    date: "requested_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before: visit_before,
    mix: MIX,
};

pub(super) const REFERRALS: Feed = Feed {
    name: "warden-referrals",
    partner: "KCC_WARDENS",
    delivery: Delivery::Monthly(9),
    date: "referred_on",
    reasons: ["ERROR", "DUPLICATE", "CONSENT"],
    before: referral_before,
    mix: MIX,
};

/// Of each half-year: visits, alarms, and the jobs that provided the alarms.
const VISITS_AND_ALARMS: [(Span, usize, i64, usize); 5] = [
    (HALF_BEFORE, 38, 40, 26),
    (HALF, R07_VISITS, R08_ALARMS, 29),
    (HALF_AFTER, 45, 51, 31),
    (PLAN_FIRST, 19, 20, 12),
    (PLAN_SECOND, 17, 15, 9),
];

/// Visits and alarms asked for and not done yet.
const WAITING: usize = 5;

/// People referred in each half-year.
const PEOPLE: [(Span, usize); 5] = [
    (HALF_BEFORE, 39),
    (HALF, R09_PEOPLE),
    (HALF_AFTER, 41),
    (PLAN_FIRST, 16),
    (PLAN_SECOND, 18),
];

/// People referred in both quarters of a half-year: two rows, one person.
const REFERRED_TWICE: usize = 5;

pub(super) fn visits(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, VISITS.name);
    let mut drafts = Vec::new();
    for (half, visits, alarms, jobs) in VISITS_AND_ALARMS {
        let times = Times::new(half, &OFFICE);
        for row in 0..visits {
            let done_on = times.day_no(random, row);
            drafts.push(visit(random, "VICTIM_VISIT", done_on, 1));
        }
        for (row, quantity) in random.shares(alarms, jobs, (1, 4)).into_iter().enumerate() {
            let done_on = times.day_no(random, row);
            drafts.push(visit(random, "SHED_ALARM", done_on, quantity));
        }
    }
    for _ in 0..WAITING {
        drafts.push(waiting(random));
    }
    for _ in 0..lost(VISITS.mix) {
        drafts.push(countable_visit(random).lost());
    }
    let mut job = 210;
    number(&VISITS, random, &mut drafts, |random, body| {
        job += random.between(1, 3);
        let prefix = if text(body, "type") == "SHED_ALARM" {
            "SA"
        } else {
            "VV"
        };
        format!("{prefix}/{job:04}/1")
    });
    tell_all(&VISITS, random, drafts)
}

/// A row that would count in R07 or R08.
pub(super) fn countable_visit(random: &mut Random) -> Draft {
    let done_on = Times::new(HALF, &OFFICE).day(random);
    let (what, quantity) = random.pick(&[("VICTIM_VISIT", 1), ("SHED_ALARM", 2)]);
    visit(random, what, done_on, quantity)
}

pub(super) fn referrals(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, REFERRALS.name);
    let mut drafts = Vec::new();
    for (half, people) in PEOPLE {
        let times = Times::new(half, &OFFICE);
        for row in 0..people {
            let person = pseudonym(random);
            let referred_on = times.day_no(random, row);
            if row < REFERRED_TWICE {
                let again = Times::new(other_quarter(half, referred_on), &OFFICE).day(random);
                drafts.push(referral(random, person.clone(), again));
            }
            drafts.push(referral(random, person, referred_on));
        }
    }
    for _ in 0..lost(REFERRALS.mix) {
        drafts.push(countable_referral(random).lost());
    }
    drafts.push(talk(random));
    let mut last = 60;
    number(&REFERRALS, random, &mut drafts, |random, _| {
        last += random.between(1, 2);
        format!("CW-R{last:04}")
    });
    tell_all(&REFERRALS, random, drafts)
}

/// A row that would count in R09.
pub(super) fn countable_referral(random: &mut Random) -> Draft {
    let (person, referred_on) = (pseudonym(random), Times::new(HALF, &OFFICE).day(random));
    referral(random, person, referred_on)
}

fn visit(random: &mut Random, what: &str, done_on: Date, quantity: i64) -> Draft {
    let waited = random.percents(&[((0, 2), 45), ((3, 14), 40)], (15, 50));
    let requested_on = add_days(done_on, -random.between(waited.0, waited.1));
    let body = json!({
        "type": what,
        "premises_pid": pseudonym(random),
        "requested_on": requested_on.to_string(),
        "done_on": done_on.to_string(),
        "removed_on": null,
        "quantity": quantity,
        "renewal": false,
        "result": null,
    });
    let done = Stage {
        known_on: done_on,
        district: None,
        ward: ward_as_typed(random, Setting::Everywhere),
        body,
    };
    let mut requested = Stage {
        known_on: requested_on,
        ..done.clone()
    };
    set(&mut requested.body, "done_on", Value::Null);
    let mut draft = Draft::new(requested);
    draft.stages.push(done);
    draft
}

/// Asked for in the last weeks, and not done yet.
fn waiting(random: &mut Random) -> Draft {
    let done_on = add_days(PLAN_SECOND.last, random.between(5, 14));
    let mut draft = visit(random, "SHED_ALARM", done_on, 1);
    draft.stages.truncate(1);
    draft
}

fn referral(random: &mut Random, person: String, referred_on: Date) -> Draft {
    let service = random.percents(&[("DAVSS", 9), ("ASB_GROUP", 6), ("EHPS", 8)], "SIGNPOST");
    let mut body = json!({
        "to_service": service,
        "from_agency": "KCC_WARDENS",
        "basis": "PERSON",
        "subject_pid": person,
        "headcount": 1,
        "approximate": false,
        "subject_kind": "PERSON",
        "sex": random.percents(&[("F", 62), ("M", 36)], "U"),
        "age_band": random.percents(&[("25+", 88), ("20-24", 6)], "UNK"),
        "repeat": false,
        "referred_on": referred_on.to_string(),
        "risk": null,
        "risk_at_dealt": null,
        "risk_tool": "NONE",
        "ticks": null,
        "status": "RECEIVED",
        "dealt_on": null,
        "closed_on": null,
    });
    if service == "DAVSS" {
        // The wardens' own note of a case that DAVSS returns itself: DAVSS's figures must not take it up.
        set(&mut body, "status", "DEALT_WITH");
        set(&mut body, "risk_at_dealt", "HIGH");
        set(&mut body, "dealt_on", add_days(referred_on, 2).to_string());
    }
    let ward = ward_as_typed(random, Setting::Everywhere);
    Draft::new(Stage {
        known_on: add_days(referred_on, 2),
        district: None,
        ward,
        body,
    })
}

/// People sent on after a talk, of whom only the number was noted.
fn talk(random: &mut Random) -> Draft {
    let referred_on = Times::new(HALF_AFTER, &OFFICE).day(random);
    let mut draft = referral(random, String::new(), referred_on);
    for stage in &mut draft.stages {
        for (field, value) in [
            ("to_service", json!("SIGNPOST")),
            ("basis", json!("TALLY")),
            ("subject_pid", Value::Null),
            ("headcount", json!(6)),
            ("approximate", json!(true)),
        ] {
            set(&mut stage.body, field, value);
        }
    }
    draft
}

/// The other of the two jobs, with another number.
fn visit_before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    let other = if text(last, "type") == "SHED_ALARM" {
        "VICTIM_VISIT"
    } else {
        "SHED_ALARM"
    };
    set(&mut before, "type", other);
    set(&mut before, "quantity", count(last, "quantity") + 9);
    before
}

/// Somebody else.
fn referral_before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(&mut before, "subject_pid", pseudonym(random));
    before
}
