//! Road casualties, from the county's copy of STATS19: provisional, validated once a year.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::calendar::{ANY_TIME, Times};
use super::draft::{Delivery, Draft, Feed, Stage, count, returned, set, text};
use super::mixes::SMALL;
use super::places::{Setting, ward_code};
use super::random::Random;
use super::story::Produced;
use super::targets::{CASUALTIES_12, CASUALTIES_13, Casualties, Span};

pub(super) const FEED: Feed = Feed {
    name: "road-casualties",
    partner: "KCC_RS",
    delivery: Delivery::Monthly(18),
    date: "collision_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: SMALL,
};

/// The months on both sides, in no figure.
const AROUND: [Casualties; 2] = [
    Casualties {
        span: Span::new(date(2011, 12, 1), date(2011, 12, 31)),
        all: 31,
        ksi: 3,
        children: 2,
        children_ksi: 0,
    },
    Casualties {
        span: Span::new(date(2014, 1, 1), date(2014, 2, 28)),
        all: 62,
        ksi: 8,
        children: 5,
        children_ksi: 1,
    },
];

/// Days and ages of somebody hurt, as they count.
#[derive(Clone, Copy)]
struct Hurt {
    ksi: bool,
    child: bool,
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let mut last = (String::new(), 0);
    returned(&FEED, seed, drafts, countable, |random, body| {
        let year = text(body, "collision_on").get(..4).unwrap_or_default().to_owned();
        let before = if last.0 == year { last.1 } else { 0 };
        // A collision's number begins anew every year; one collision may hurt several people.
        last = (year, before + random.between(1, 4));
        format!("{}/{:05}/1", last.0, last.1)
    })
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for year in [CASUALTIES_12, CASUALTIES_13].iter().chain(&AROUND) {
        let times = Times::new(year.span, &ANY_TIME);
        let both = year.children_ksi;
        let kinds = [
            (
                Hurt {
                    ksi: true,
                    child: true,
                },
                both,
            ),
            (
                Hurt {
                    ksi: true,
                    child: false,
                },
                year.ksi - both,
            ),
            (
                Hurt {
                    ksi: false,
                    child: true,
                },
                year.children - both,
            ),
            (
                Hurt {
                    ksi: false,
                    child: false,
                },
                year.all - year.ksi - year.children + both,
            ),
        ];
        for (hurt, rows) in kinds {
            for row in 0..rows {
                let day = times.day_no(random, row);
                drafts.push(draft(random, hurt, day));
            }
        }
    }
    drafts
}

/// A row that would count in R54, R57 and R59.
pub(super) fn countable(random: &mut Random) -> Draft {
    let day = Times::new(CASUALTIES_13.span, &ANY_TIME).day(random);
    draft(
        random,
        Hurt {
            ksi: true,
            child: true,
        },
        day,
    )
}

fn draft(random: &mut Random, hurt: Hurt, day: Date) -> Draft {
    let age = match hurt.child {
        // Fifteen is a child still, sixteen is none.
        true => random.percents(&[(15, 20), (0, 5)], 9),
        false if random.percent(3) => -1,
        false => random.percents(&[(16, 8), (19, 20), (27, 20), (44, 25), (58, 15)], 71),
    };
    let class = random.between(1, 3);
    let severity = if hurt.ksi {
        random.percents(&[(1, 7)], 2)
    } else {
        3
    };
    let body = json!({
        "collision_on": day.to_string(),
        "severity": severity,
        "casualty_class": class,
        "age": age,
        "age_band": age_band(age),
        "casualty_type": if class == 3 { 0 } else { random.pick(&[1, 3, 9, 9, 9]) },
        "lad": 543,
        "police_force": 46,
        "validated": true,
    });
    let ward = ward_code(random, Setting::Everywhere);
    let validated = Stage::new(date(day.year() + 1, 5, 20), body).in_ward(ward);
    if !random.percent(15) {
        return Draft::new(validated);
    }
    // Known before it was validated; what was slight may have been serious.
    let mut provisional = Stage {
        known_on: day,
        ..validated.clone()
    };
    set(&mut provisional.body, "validated", false);
    if hurt.ksi && random.percent(40) {
        set(&mut provisional.body, "severity", 3);
    }
    let mut draft = Draft::new(provisional);
    draft.stages.push(validated);
    draft
}

fn age_band(age: i64) -> i64 {
    match age {
        ..0 => -1,
        0..=5 => 1,
        6..=10 => 2,
        11..=15 => 3,
        16..=20 => 4,
        21..=25 => 5,
        26..=75 => (age - 26) / 10 + 6,
        _ => 11,
    }
}

/// Another severity, and of somebody whose age nobody knew.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(
        &mut before,
        "severity",
        if count(last, "severity") == 3 { 2 } else { 3 },
    );
    set(&mut before, "age", -1);
    set(&mut before, "age_band", -1);
    before
}
