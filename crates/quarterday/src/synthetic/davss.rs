//! Referrals to the domestic abuse volunteers, returned every month as each case goes on: received, dealt with, closed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{OFFICE, Times, add_days};
use super::draft::{Delivery, Draft, Feed, Stage, number, set, text};
use super::places::{BOROUGH, Setting, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::random::Random;
use super::story::Produced;
use super::targets::{
    DAVSS_MEDIUM, DAVSS_STANDARD, DAVSS_UNASSESSED, HALF, HALF_AFTER, HALF_BEFORE, PLAN_FIRST, PLAN_SECOND,
    R29_HIGH, Span,
};
use super::troubles::{Trouble, lost, tell_all};

pub(super) const FEED: Feed = Feed {
    name: "davss-referrals",
    partner: "DAVSS",
    delivery: Delivery::Monthly(8),
    date: "referred_on",
    reasons: ["ERROR", "DUPLICATE", "CONSENT"],
    before,
    mix: &[
        (Trouble::WardMended, 8),
        (Trouble::MovedLater, 3),
        (Trouble::MovedEarlier, 3),
        (Trouble::Mended, 8),
        (Trouble::SentTwice, 9),
        (Trouble::Contradicted, 3),
        (Trouble::SubmitLate, 3),
        (Trouble::OutOfOrder, 3),
        (Trouble::Resubmitted, 3),
        (Trouble::Withdrawn, 5),
        (Trouble::WithdrawnFirst, 1),
        (Trouble::AmendedTooLate, 1),
        (Trouble::MovedAway, 2),
        (Trouble::Elsewhere, 34),
        (Trouble::OrphanAmend, 3),
        (Trouble::OrphanWithdraw, 2),
    ],
};

/// How many cases were dealt with in a half-year, by the risk of that day.
type Dealt = [(&'static str, usize); 4];

const DEALT_BEFORE: Dealt = [("HIGH", 27), ("MEDIUM", 26), ("STANDARD", 20), ("UNASSESSED", 4)];
const DEALT: Dealt = [
    ("HIGH", R29_HIGH),
    ("MEDIUM", DAVSS_MEDIUM),
    ("STANDARD", DAVSS_STANDARD),
    ("UNASSESSED", DAVSS_UNASSESSED),
];
const DEALT_AFTER: Dealt = [("HIGH", 33), ("MEDIUM", 31), ("STANDARD", 23), ("UNASSESSED", 6)];
const DEALT_PLAN_FIRST: Dealt = [("HIGH", 36), ("MEDIUM", 33), ("STANDARD", 27), ("UNASSESSED", 3)];
const DEALT_PLAN_SECOND: Dealt = [("HIGH", 31), ("MEDIUM", 35), ("STANDARD", 24), ("UNASSESSED", 5)];

/// Referrals of each half-year that were not taken on, and so never dealt with.
const DECLINED: usize = 4;

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, FEED.name);
    let mut drafts = Vec::new();
    for (half, dealt) in [
        (HALF_BEFORE, DEALT_BEFORE),
        (HALF, DEALT),
        (HALF_AFTER, DEALT_AFTER),
        (PLAN_FIRST, DEALT_PLAN_FIRST),
        (PLAN_SECOND, DEALT_PLAN_SECOND),
    ] {
        half_year(random, half, dealt, &mut drafts);
    }
    for _ in 0..lost(FEED.mix) {
        drafts.push(countable(random).lost());
    }
    let mut cases: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    number(&FEED, random, &mut drafts, |_, body| {
        let next = cases.len() + 388;
        let (case, referrals) = cases
            .entry(text(body, "subject_pid").to_owned())
            .or_insert((next, 0));
        *referrals += 1;
        format!("DV{case:04}/{referrals}")
    });
    tell_all(&FEED, random, drafts)
}

/// A row that would count in R28 and R29.
pub(super) fn countable(random: &mut Random) -> Draft {
    let dealt_on = Times::new(HALF, &OFFICE).day(random);
    let person = pseudonym(random);
    dealt_with(random, person, dealt_on, "HIGH")
}

fn half_year(random: &mut Random, half: Span, dealt: Dealt, drafts: &mut Vec<Draft>) {
    let times = Times::new(half, &OFFICE);
    let mut clients: Vec<String> = Vec::new();
    for (risk, cases) in dealt {
        for row in 0..cases {
            let known = clients
                .get(random.index(clients.len()))
                .filter(|_| random.percent(12))
                .cloned();
            let client = known.unwrap_or_else(|| pseudonym(random));
            let dealt_on = times.day_no(random, row);
            drafts.push(dealt_with(random, client.clone(), dealt_on, risk));
            clients.push(client);
        }
    }
    for _ in 0..DECLINED {
        let (person, referred_on) = (pseudonym(random), times.day(random));
        let mut body = received(random, person, referred_on, "UNASSESSED");
        set(&mut body, "status", "DECLINED");
        drafts.push(Draft::new(stage(random, referred_on, body)));
    }
}

/// A referral's life; the volunteers send it again whenever it went on.
fn dealt_with(random: &mut Random, person: String, dealt_on: Date, risk: &'static str) -> Draft {
    let waited = random.percents(&[((0, 3), 35), ((4, 14), 40)], (15, 60));
    let referred_on = add_days(dealt_on, -random.between(waited.0, waited.1));
    let first = received(random, person, referred_on, risk);
    let first = stage(random, referred_on, first);
    let mut dealt = Stage {
        known_on: dealt_on,
        ..first.clone()
    };
    set(&mut dealt.body, "risk_at_dealt", risk);
    set(&mut dealt.body, "status", "DEALT_WITH");
    set(&mut dealt.body, "dealt_on", dealt_on.to_string());
    let closed_on = add_days(dealt_on, random.between(14, 130));
    let mut closed = Stage {
        known_on: closed_on,
        ..dealt.clone()
    };
    set(&mut closed.body, "status", "CLOSED");
    set(&mut closed.body, "closed_on", closed_on.to_string());
    let mut draft = Draft::new(first);
    draft.stages.push(dealt);
    draft.stages.extend(Some(closed).filter(|_| random.percent(70)));
    draft
}

fn received(random: &mut Random, person: String, referred_on: Date, risk: &str) -> Value {
    let agencies = [
        ("KPOL", 54),
        ("SELF", 14),
        ("SOCIAL_CARE", 9),
        ("HEALTH", 8),
        ("KCC_WARDENS", 4),
        ("TWBC_HOUSING", 3),
        ("WK_REFUGE", 2),
    ];
    // Fourteen ticks and more are high; judgement may raise a case with fewer.
    let ticks = match risk {
        "HIGH" if random.percent(12) => Some(random.between(9, 13)),
        "HIGH" => Some(random.between(14, 22)),
        "MEDIUM" => Some(random.between(10, 13)),
        "STANDARD" => Some(random.between(1, 9)),
        _ => None,
    };
    json!({
        "to_service": "DAVSS",
        "from_agency": random.percents(&agencies, "OTHER"),
        "basis": "PERSON",
        "subject_pid": person,
        "headcount": 1,
        "approximate": false,
        "subject_kind": "PERSON",
        "sex": random.percents(&[("F", 91), ("M", 8)], "U"),
        "age_band": random.percents(&[("18-19", 6), ("20-24", 19), ("25+", 72)], "UNK"),
        "repeat": random.percent(18),
        "referred_on": referred_on.to_string(),
        "risk": ticks.map(|_| risk),
        "risk_at_dealt": null,
        "risk_tool": if ticks.is_some() { "DASH" } else { "NONE" },
        "ticks": ticks,
        "status": "RECEIVED",
        "dealt_on": null,
        "closed_on": null,
    })
}

fn stage(random: &mut Random, known_on: Date, body: Value) -> Stage {
    Stage {
        known_on,
        district: Some(BOROUGH),
        ward: ward_as_typed(random, Setting::Everywhere),
        body,
    }
}

/// Another risk when it was dealt with; of what was never dealt with, another sender.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    match text(last, "risk_at_dealt") {
        "" => set(&mut before, "from_agency", "PROBATION"),
        "HIGH" => set(&mut before, "risk_at_dealt", "STANDARD"),
        _ => set(&mut before, "risk_at_dealt", "HIGH"),
    }
    before
}
