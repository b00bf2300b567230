//! Anti-social behaviour and domestic abuse reported to Kent Police, returned every month. Who is linked to gangs has been
//! flagged since April 2015.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::calendar::{ANY_TIME, STREETS, Times, add_days, edges, instant};
use super::domestic_abuse::{Incidents, incident, incidents};
use super::draft::{Delivery, Draft, Feed, Stage, number, set, text};
use super::places::{BOROUGH, Setting, ward_code};
use super::pseudonyms::pseudonym;
use super::quarters::PLAN;
use super::random::Random;
use super::story::Produced;
use super::targets::{
    ASB_AFTER, ASB_PLAN, HALF, HALF_AFTER, HALF_BEFORE, R48_ASB_BEFORE, R48_ASB_HALF_BEFORE, R50_ASB,
    YEAR_BEFORE,
};
use super::troubles::{Trouble, lost, tell_all};

pub(super) const FEED: Feed = Feed {
    name: "police-incidents",
    partner: "KPOL",
    delivery: Delivery::Monthly(4),
    date: "reported_at",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: &[
        (Trouble::WardMended, 45),
        (Trouble::MovedLater, 10),
        (Trouble::MovedEarlier, 10),
        (Trouble::Mended, 30),
        (Trouble::MendedTwice, 4),
        (Trouble::SentTwice, 40),
        (Trouble::Contradicted, 8),
        (Trouble::SubmitLate, 8),
        (Trouble::OutOfOrder, 8),
        (Trouble::Resubmitted, 5),
        (Trouble::Withdrawn, 30),
        (Trouble::WithdrawnFirst, 4),
        (Trouble::AmendedTooLate, 3),
        (Trouble::MovedAway, 6),
        (Trouble::Elsewhere, 30),
        (Trouble::OrphanAmend, 6),
        (Trouble::OrphanWithdraw, 3),
    ],
};

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, FEED.name);
    let mut drafts = Vec::new();
    let spans = [
        (YEAR_BEFORE, R48_ASB_BEFORE),
        (HALF_BEFORE, R48_ASB_HALF_BEFORE),
        (HALF, R50_ASB),
        (HALF_AFTER, ASB_AFTER),
    ];
    for (span, rows) in spans {
        let times = Times::new(span, &STREETS);
        let mut edges = edges(span).into_iter();
        for _ in 0..rows {
            let at = edges.next().unwrap_or_else(|| times.draw(random));
            drafts.push(asb(random, at, false));
        }
    }
    for (span, (rows, linked)) in PLAN.into_iter().zip(ASB_PLAN) {
        let times = Times::new(span, &STREETS);
        // The edges are among those that are linked.
        let mut edges = edges(span).into_iter();
        for row in 0..rows {
            let at = edges.next().unwrap_or_else(|| times.draw(random));
            drafts.push(asb(random, at, row < linked));
        }
    }
    let abuse = incidents(random);
    for _ in 0..lost(FEED.mix) {
        drafts.push(to_be_lost(random, &abuse).lost());
    }
    drafts.extend(abuse.drafts);
    let mut last = (String::new(), 0);
    number(&FEED, random, &mut drafts, |random, body| {
        let day = text(body, "reported_at")
            .get(..10)
            .unwrap_or_default()
            .replace('-', "");
        let before = if last.0 == day { last.1 } else { 0 };
        last = (day, before + random.between(3, 90));
        format!("{}-{:04}", last.0, last.1)
    });
    tell_all(&FEED, random, drafts)
}

/// A row that would count in R48 and R50.
pub(super) fn countable(random: &mut Random) -> Draft {
    let at = Times::new(HALF, &STREETS).draw(random);
    asb(random, at, false)
}

/// A row that would count in R48 and R50, or in P3.06c, or make a repeat victim of somebody.
fn to_be_lost(random: &mut Random, abuse: &Incidents) -> Draft {
    match random.below(5) {
        0 => {
            let at = Times::new(random.pick(&PLAN), &STREETS).draw(random);
            asb(random, at, true)
        }
        1 => match abuse.once.get(random.index(abuse.once.len())) {
            Some((victim, day)) => {
                let later = add_days(*day, random.between(9, 150));
                let time = Times::new(HALF, &ANY_TIME).draw(random).time();
                incident(random, victim, later.to_datetime(time))
            }
            None => countable(random),
        },
        _ => countable(random),
    }
}

fn asb(random: &mut Random, at: DateTime, gang_linked: bool) -> Draft {
    let nuisance = [
        ("ROWDY_BEHAVIOUR", 62),
        ("VEHICLE_NUISANCE", 14),
        ("NOISE", 9),
        ("STREET_DRINKING", 5),
    ];
    let (nsir, category) = match random.below(100) {
        0..20 => (
            "PERSONAL",
            random.percents(&[("ROWDY_NEIGHBOURS", 60)], "NUISANCE_CALLS"),
        ),
        20..32 => (
            "ENVIRONMENTAL",
            random.percents(&[("ABANDONED_VEHICLE", 55), ("LITTERING", 25)], "FIREWORKS"),
        ),
        _ => ("NUISANCE", random.percents(&nuisance, "BEGGING")),
    };
    let body = json!({
        "reported_at": instant(at).to_string(),
        "kind": "ASB",
        "nsir": nsir,
        "category": category,
        "gang_linked": gang_linked,
        "victim_pid": null,
        "crime_ref": null,
    });
    let ward = ward_code(random, Setting::Streets);
    Draft::new(Stage {
        known_on: at.date(),
        district: Some(BOROUGH),
        ward,
        body,
    })
}

/// Of the other kind, whose victim was not known.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    let was_asb = text(last, "kind") == "DA";
    let nuisance = |code: &'static str| was_asb.then_some(code);
    set(&mut before, "kind", if was_asb { "ASB" } else { "DA" });
    set(&mut before, "nsir", nuisance("PERSONAL"));
    set(&mut before, "category", nuisance("ROWDY_NEIGHBOURS"));
    set(&mut before, "gang_linked", false);
    set(
        &mut before,
        "victim_pid",
        (!was_asb && random.percent(50)).then(|| pseudonym(random)),
    );
    before
}
