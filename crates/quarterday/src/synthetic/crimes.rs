//! Recorded crimes of Kent Police, returned every month; many are mended or cancelled months later.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{ANY_TIME, NIGHTS, Rhythm, SHOPS, Times, add_days};
use super::draft::{Delivery, Draft, Feed, Stage, number, set, text};
use super::places::{BOROUGH, Setting, ward_code};
use super::random::Random;
use super::story::Produced;
use super::targets::{
    CRIMES, CRIMES_AFTER, CRIMES_BEFORE, CRIMES_PLAN_FIRST, CRIMES_PLAN_SECOND, Crimes, Span,
};
use super::troubles::{Trouble, lost, tell_all};

pub(super) const FEED: Feed = Feed {
    name: "recorded-crimes",
    partner: "KPOL",
    delivery: Delivery::Monthly(4),
    date: "recorded_on",
    reasons: ["NO_CRIME", "DUPLICATE", "NOT_OURS"],
    before,
    mix: &[
        (Trouble::WardMended, 110),
        (Trouble::MovedLater, 28),
        (Trouble::MovedEarlier, 28),
        (Trouble::Mended, 90),
        (Trouble::MendedTwice, 10),
        (Trouble::SentTwice, 80),
        (Trouble::Contradicted, 14),
        (Trouble::SubmitLate, 14),
        (Trouble::OutOfOrder, 14),
        (Trouble::Resubmitted, 8),
        (Trouble::WithdrawnWithoutReason, 2),
        (Trouble::Withdrawn, 45),
        (Trouble::WithdrawnFirst, 6),
        (Trouble::AmendedTooLate, 5),
        (Trouble::Cancelled, 130),
        (Trouble::MovedAway, 14),
        (Trouble::Elsewhere, 60),
        (Trouble::OrphanAmend, 9),
        (Trouble::OrphanWithdraw, 5),
    ],
};

/// One kind of crime as it is drawn.
struct Kind {
    group: &'static str,
    subgroup: Option<&'static str>,
    /// Home Office codes and their percentages; the last takes the rest.
    codes: &'static [(&'static str, u64)],
    rhythm: &'static Rhythm,
    setting: Setting,
}

static SHOPLIFTING: Kind = Kind {
    group: "THSG",
    subgroup: Some("SHOPLIFTING"),
    codes: &[("46", 100)],
    rhythm: &SHOPS,
    setting: Setting::Shops,
};

static OTHER_THEFT: Kind = Kind {
    group: "THSG",
    subgroup: Some("OTHER"),
    // Theft in general, from vehicles, of vehicles, of cycles, from the person, in a dwelling, handling.
    codes: &[
        ("49", 42),
        ("45", 27),
        ("48", 8),
        ("44", 8),
        ("39", 7),
        ("40", 6),
        ("54", 2),
    ],
    rhythm: &ANY_TIME,
    setting: Setting::Everywhere,
};

static VIOLENCE: Kind = Kind {
    group: "VAP",
    subgroup: None,
    // Assault with and without injury, harassment, threats, grievous harm.
    codes: &[("8N", 44), ("105A", 33), ("8L", 14), ("3B", 5), ("5D", 4)],
    rhythm: &NIGHTS,
    setting: Setting::Nights,
};

/// Everything else, by percentages.
static OTHERS: [(Kind, usize); 6] = [
    (
        other(
            "CRIMINAL_DAMAGE",
            &[("58C", 45), ("58D", 20), ("58A", 22), ("58B", 10), ("56B", 3)],
            Setting::Streets,
        ),
        40,
    ),
    (
        other("BURGLARY", &[("30A", 58), ("28A", 42)], Setting::Everywhere),
        25,
    ),
    (
        other("DRUGS", &[("92E", 70), ("92D", 18), ("92A", 12)], Setting::Nights),
        12,
    ),
    (
        other("FRAUD_FORGERY", &[("53C", 70), ("61A", 30)], Setting::Everywhere),
        5,
    ),
    (
        other(
            "SEXUAL",
            &[("20A", 46), ("19C", 34), ("17A", 20)],
            Setting::Everywhere,
        ),
        6,
    ),
    (other("ROBBERY", &[("34B", 85), ("34A", 15)], Setting::Nights), 3),
];

/// What is in no other group.
static REST: Kind = other(
    "OTHER",
    &[("66", 58), ("81", 12), ("62A", 8), ("99", 22)],
    Setting::Nights,
);

const fn other(group: &'static str, codes: &'static [(&'static str, u64)], setting: Setting) -> Kind {
    Kind {
        group,
        subgroup: None,
        codes,
        rhythm: &ANY_TIME,
        setting,
    }
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, FEED.name);
    let mut drafts = Vec::new();
    let years = [
        CRIMES_BEFORE,
        CRIMES,
        CRIMES_AFTER,
        CRIMES_PLAN_FIRST,
        CRIMES_PLAN_SECOND,
    ];
    for crimes in years {
        recorded(random, &crimes, &mut drafts);
    }
    for _ in 0..lost(FEED.mix) {
        drafts.push(countable(random).lost());
    }
    let mut last = (String::new(), 0);
    number(&FEED, random, &mut drafts, |random, body| {
        let year = text(body, "recorded_on").get(2..4).unwrap_or_default().to_owned();
        // The county numbers all its crimes in one row, anew every year.
        let before = if last.0 == year { last.1 } else { 0 };
        last = (year, before + random.between(2, 34));
        format!("XY/{:06}/{}", last.1, last.0)
    });
    tell_all(&FEED, random, drafts)
}

/// A row that would count in R01 and R02, and in R13, R16 or R23.
pub(super) fn countable(random: &mut Random) -> Draft {
    let kind = random.pick(&[&SHOPLIFTING, &OTHER_THEFT, &VIOLENCE]);
    let span = random.pick(&[CRIMES.span, CRIMES_BEFORE.span]);
    let recorded_on = Times::new(span, kind.rhythm).day(random);
    draft(random, kind, recorded_on)
}

fn recorded(random: &mut Random, crimes: &Crimes, drafts: &mut Vec<Draft>) {
    let others = crimes.all - crimes.thsg - crimes.vap;
    let mut kinds: Vec<(&Kind, usize)> = vec![
        (&SHOPLIFTING, crimes.shoplifting),
        (&OTHER_THEFT, crimes.thsg - crimes.shoplifting),
        (&VIOLENCE, crimes.vap),
    ];
    let mut left = others;
    for (kind, percent) in &OTHERS {
        let rows = others * percent / 100;
        left -= rows;
        kinds.push((kind, rows));
    }
    kinds.push((&REST, left));
    for (kind, rows) in kinds {
        of_kind(random, kind, (crimes.span, rows), drafts);
    }
}

fn of_kind(random: &mut Random, kind: &Kind, (span, rows): (Span, usize), drafts: &mut Vec<Draft>) {
    let times = Times::new(span, kind.rhythm);
    for row in 0..rows {
        let recorded_on = times.day_no(random, row);
        drafts.push(draft(random, kind, recorded_on));
    }
}

fn draft(random: &mut Random, kind: &Kind, recorded_on: Date) -> Draft {
    let lag = random.percents(&[((0, 0), 58), ((1, 1), 20), ((2, 7), 14)], (8, 60));
    let occurred_on = add_days(recorded_on, -random.between(lag.0, lag.1));
    let is_violence = kind.group == "VAP";
    let code = random.percents(kind.codes, kind.codes.last().map_or("99", |(code, _)| code));
    let body = json!({
        "recorded_on": recorded_on.to_string(),
        "occurred_on": (!random.percent(2)).then(|| occurred_on.to_string()),
        "ho_code": code,
        "category": null,
        "ho_group": kind.group,
        "ho_subgroup": kind.subgroup,
        "hate_strands": hate_strands(random, kind),
        "da_flag": is_violence && random.percent(27),
        "alcohol_flag": is_violence && random.percent(31),
        "status": "RECORDED",
    });
    let ward = ward_code(random, kind.setting);
    Draft::new(Stage {
        known_on: recorded_on,
        district: Some(BOROUGH),
        ward,
        body,
    })
}

fn hate_strands(random: &mut Random, kind: &Kind) -> Vec<&'static str> {
    if !matches!(kind.group, "VAP" | "OTHER" | "CRIMINAL_DAMAGE") || !random.percent(2) {
        return Vec::new();
    }
    let first = random.percents(
        &[("RACE", 78), ("SEXUAL_ORIENTATION", 11), ("DISABILITY", 7)],
        "TRANSGENDER",
    );
    // Some crimes have two strands and are one crime all the same.
    if random.percent(20) {
        vec![first, "RELIGION"]
    } else {
        vec![first]
    }
}

/// Of another offence group, into or out of theft and violence; what it is now was reclassified.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(last, "status", "RECLASSIFIED");
    let (group, subgroup, code) = match text(last, "ho_group") {
        "THSG" => ("BURGLARY", None, "30A"),
        "VAP" => ("OTHER", None, "66"),
        _ if random.percent(50) => ("VAP", None, "105A"),
        _ => ("THSG", Some("SHOPLIFTING"), "46"),
    };
    set(&mut before, "ho_group", group);
    set(&mut before, "ho_subgroup", subgroup);
    set(&mut before, "ho_code", code);
    before
}
