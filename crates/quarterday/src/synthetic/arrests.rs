//! Arrests of Kent Police, returned every month; a charge may follow two quarters later.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{NIGHTS, Times, add_days};
use super::draft::{Delivery, Draft, Feed, Stage, returned, set, text};
use super::mixes::SMALL;
use super::places::{SHERWOOD, Setting, ward_code};
use super::quarters::quarter;
use super::random::Random;
use super::story::Produced;
use super::targets::Span;

pub(super) const FEED: Feed = Feed {
    name: "arrests",
    partner: "KPOL",
    delivery: Delivery::Monthly(4),
    date: "arrested_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: SMALL,
};

/// Arrests of one quarter.
struct Arrests {
    span: Span,
    gangs: usize,
    /// For alcohol-related offences in Sherwood, and in the other wards.
    alcohol: [usize; 2],
    others: usize,
}

const fn arrests(span: Span, gangs: usize, alcohol: [usize; 2], others: usize) -> Arrests {
    Arrests {
        span,
        gangs,
        alcohol,
        others,
    }
}

/// No gang member was arrested in the second quarter of 2015-16.
const ARRESTS: [Arrests; 6] = [
    arrests(quarter(2014, 3), 2, [6, 14], 16),
    arrests(quarter(2014, 4), 3, [4, 12], 14),
    arrests(quarter(2015, 1), 3, [7, 15], 18),
    arrests(quarter(2015, 2), 0, [9, 17], 20),
    arrests(quarter(2015, 3), 4, [5, 13], 17),
    arrests(quarter(2015, 4), 2, [6, 11], 15),
];

#[derive(Clone, Copy, PartialEq)]
enum Why {
    Gang,
    Alcohol,
    Other,
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let mut last = (String::new(), 0);
    returned(&FEED, seed, drafts, countable, |random, body| {
        let year = text(body, "arrested_on").get(2..4).unwrap_or_default().to_owned();
        let before = if last.0 == year { last.1 } else { 0 };
        last = (year, before + random.between(3, 40));
        format!("TW/{:05}/{}", last.1, last.0)
    })
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for quarter in ARRESTS {
        let times = Times::new(quarter.span, &NIGHTS);
        let [in_sherwood, elsewhere] = quarter.alcohol;
        let kinds = [
            (Why::Gang, None, quarter.gangs),
            (Why::Alcohol, Some(SHERWOOD), in_sherwood),
            (Why::Alcohol, None, elsewhere),
            (Why::Other, None, quarter.others),
        ];
        for (why, ward, rows) in kinds {
            for row in 0..rows {
                let day = times.day_no(random, row);
                drafts.push(draft(random, why, ward, day));
            }
        }
    }
    drafts
}

/// A row that would count in P5.06c.
pub(super) fn countable(random: &mut Random) -> Draft {
    let span = random.pick(&[quarter(2015, 1), quarter(2015, 2), quarter(2015, 3)]);
    let day = Times::new(span, &NIGHTS).day(random);
    draft(random, Why::Alcohol, Some(SHERWOOD), day)
}

fn draft(random: &mut Random, why: Why, ward: Option<&'static str>, day: Date) -> Draft {
    let offence = match why {
        Why::Gang => random.pick(&["92D", "92A", "8N"]),
        Why::Alcohol => random.pick(&["141", "139", "105A", "8N"]),
        Why::Other => random.pick(&["46", "49", "30A", "58C", "105A"]),
    };
    let body = json!({
        "arrested_on": day.to_string(),
        "offence_code": offence,
        "alcohol_offence_no": (why == Why::Alcohol).then(|| random.between(1, 11)),
        "gang_nominal": why == Why::Gang,
        "charged_on": null,
        "result": null,
        "result_on": null,
        "cctv_prompted": random.percent(20),
    });
    let elsewhere = |random: &mut Random| {
        let drawn = ward_code(random, Setting::Nights);
        if drawn == Some(SHERWOOD) { None } else { drawn }
    };
    let ward = ward.or_else(|| elsewhere(random));
    let arrested = Draft::new(Stage::new(day, body).in_ward(ward));
    if !random.percent(if why == Why::Gang { 75 } else { 45 }) {
        return arrested;
    }
    // Some are charged at once, some bailed for half a year.
    let waited = random.percents(&[((0, 2), 45), ((10, 60), 35)], (90, 200));
    let charged_on = add_days(day, random.between(waited.0, waited.1));
    let charged = arrested.then(charged_on, [("charged_on", json!(charged_on.to_string()))]);
    if random.percent(40) {
        return charged;
    }
    let result_on = add_days(charged_on, random.between(20, 150));
    let result = random.percents(&[("CONVICTED", 72), ("ACQUITTED", 14)], "DISCONTINUED");
    charged.then(
        result_on,
        [
            ("result", json!(result)),
            ("result_on", json!(result_on.to_string())),
        ],
    )
}

/// A flag set wrongly.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    let gang = last.get("gang_nominal") == Some(&Value::Bool(true));
    set(&mut before, "gang_nominal", !gang);
    set(
        &mut before,
        "alcohol_offence_no",
        if gang { json!(3) } else { Value::Null },
    );
    before
}
