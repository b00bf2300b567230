//! Hospital admissions wholly due to alcohol or drugs, by the ward of residence; returned months later.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{ANY_TIME, Times, add_days};
use super::draft::{Delivery, Draft, Feed, Stage, counted, returned, set, text};
use super::mixes::SMALL;
use super::places::{SHERWOOD, Setting, sherwood_as_typed, ward_code};
use super::quarters::QUARTERS;
use super::random::Random;
use super::story::Produced;

const FEED: Feed = Feed {
    name: "hospital-admissions",
    partner: "KCC_PH",
    delivery: Delivery::Monthly(20),
    date: "admitted_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: SMALL,
};

/// Of residents of Sherwood in each quarter from April 2014: due to alcohol, to drugs, to both.
const IN_SHERWOOD: [[usize; 3]; 8] = [
    [5, 2, 0],
    [6, 1, 1],
    [4, 3, 0],
    [6, 2, 1],
    [4, 2, 1],
    [3, 3, 0],
    [5, 1, 0],
    [4, 2, 0],
];

/// Of residents of other wards, or of nobody knows which.
const ELSEWHERE: usize = 11;

const ALCOHOL: &[&str] = &["ALCOHOL_SPECIFIC"];
const DRUGS: &[&str] = &["DRUG_SPECIFIC"];
const BOTH: &[&str] = &["ALCOHOL_SPECIFIC", "DRUG_SPECIFIC"];

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    returned(&FEED, seed, drafts, countable, counted("SP", 7000))
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (span, admissions) in QUARTERS.into_iter().zip(IN_SHERWOOD) {
        let times = Times::new(span, &ANY_TIME);
        for (causes, rows) in [ALCOHOL, DRUGS, BOTH].into_iter().zip(admissions) {
            for row in 0..rows {
                let day = times.day_no(random, row);
                drafts.push(draft(random, causes, day, true));
            }
        }
        for row in 0..ELSEWHERE {
            let causes = random.pick(&[ALCOHOL, ALCOHOL, DRUGS]);
            let day = times.day_no(random, row);
            drafts.push(draft(random, causes, day, false));
        }
    }
    drafts
}

/// A row that would count in P5.06a and P5.06b.
fn countable(random: &mut Random) -> Draft {
    let span = random.pick(&QUARTERS);
    let day = Times::new(span, &ANY_TIME).day(random);
    draft(random, BOTH, day, true)
}

fn draft(random: &mut Random, causes: &[&str], day: Date, in_sherwood: bool) -> Draft {
    let by_alcohol = causes.contains(&"ALCOHOL_SPECIFIC");
    let by_drugs = causes.contains(&"DRUG_SPECIFIC");
    // Alcohol may stand in any position, drugs in the first.
    let main = match (by_alcohol, by_drugs) {
        (_, true) => random.pick(&["F11.2", "F19.2", "T40.1"]),
        _ if random.percent(60) => random.pick(&["F10.0", "F10.2", "K70.3"]),
        _ => random.pick(&["S06.0", "K29.7", "I10"]),
    };
    let is_main = ["F10", "K70"].iter().any(|code| main.starts_with(code));
    let more = (by_alcohol && !is_main).then(|| random.pick(&["F10.1", "F10.2", "K70.0"]));
    let ended_on = add_days(day, random.between(0, 12));
    let body = json!({
        "admitted_on": day.to_string(),
        "ended_on": ended_on.to_string(),
        "icd10_primary": main,
        "icd10_secondary": more.into_iter().collect::<Vec<_>>(),
        "causes": causes,
        "age_band": random.percents(&[("25+", 76), ("20-24", 12), ("18-19", 6)], "10-17"),
    });
    let elsewhere =
        ward_code(random, Setting::Everywhere).filter(|ward| *ward != SHERWOOD && *ward != PEMBURY);
    let ward = if in_sherwood {
        Some(sherwood_as_typed(random))
    } else {
        elsewhere
    };
    let known_on = add_days(ended_on, random.between(30, 120));
    Draft::new(Stage::new(known_on, body).in_ward(ward))
}

/// The hospital's own ward, which gets a remark.
const PEMBURY: &str = "E05005142";

/// Due to the other of the two.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    let by_drugs = text(last, "icd10_primary").starts_with(['T', 'F']) && last["causes"] == json!(DRUGS);
    set(
        &mut before,
        "causes",
        if by_drugs { json!(ALCOHOL) } else { json!(DRUGS) },
    );
    before
}
