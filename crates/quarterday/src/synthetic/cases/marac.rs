//! Cases of the West Kent MARAC, returned every month: referred, listed, heard; from January 2013, so that repeats of
//! 2014-15 can be seen.

use jiff::Span as Lapse;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::calendar::{OFFICE, Times, add_days};
use super::super::draft::{Delivery, Draft, Feed, Stage, counted, returned, set, text};
use super::super::mixes::NO_WARD;
use super::super::places::NEIGHBOURS;
use super::super::pseudonyms::pseudonym;
use super::super::quarters::quarter;
use super::super::random::Random;
use super::super::story::Produced;
use super::super::targets::Span;

pub(in super::super) const FEED: Feed = Feed {
    name: "marac-cases",
    partner: "MARAC_WK",
    delivery: Delivery::Monthly(6),
    date: "referred_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: NO_WARD,
};

/// First cases by the span of their referral.
const CASES: [(Span, usize); 8] = [
    (Span::new(date(2013, 1, 1), date(2013, 12, 31)), 40),
    (Span::new(date(2014, 1, 1), date(2014, 9, 30)), 31),
    (quarter(2014, 3), 11),
    (quarter(2014, 4), 12),
    (quarter(2015, 1), 12),
    (quarter(2015, 2), 10),
    (quarter(2015, 3), 13),
    (quarter(2015, 4), 11),
];

/// What makes a later case no repeat, or one all the same.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Again {
    /// Within twelve months, by the same perpetrator.
    Repeat,
    /// The same, and the earlier case was another district's.
    RepeatFromElsewhere,
    /// The incident was twelve months after the earlier referral to the day.
    ToTheDay,
    /// A day more.
    ADayTooLate,
    /// The incident was in time, the referral was not.
    ReferredTooLate,
    OtherPerpetrator,
    /// Nobody knows by whom.
    NoPerpetrator,
}

/// Later cases of victims of earlier ones, by the span of their referral.
const LATER: [(Span, &[Again]); 7] = [
    (quarter(2014, 2), &[Again::Repeat, Again::OtherPerpetrator]),
    (
        quarter(2014, 3),
        &[Again::Repeat, Again::ADayTooLate, Again::NoPerpetrator],
    ),
    (quarter(2014, 4), &[Again::Repeat, Again::RepeatFromElsewhere]),
    (
        quarter(2015, 1),
        &[
            Again::Repeat,
            Again::Repeat,
            Again::ToTheDay,
            Again::OtherPerpetrator,
        ],
    ),
    (
        quarter(2015, 2),
        &[Again::Repeat, Again::RepeatFromElsewhere, Again::ADayTooLate],
    ),
    (
        quarter(2015, 3),
        &[
            Again::Repeat,
            Again::Repeat,
            Again::ReferredTooLate,
            Again::NoPerpetrator,
        ],
    ),
    (
        quarter(2015, 4),
        &[
            Again::Repeat,
            Again::ToTheDay,
            Again::ADayTooLate,
            Again::OtherPerpetrator,
        ],
    ),
];

/// A case as it was referred.
struct Case {
    referred_on: Date,
    incident_on: Option<Date>,
    victim: String,
    perpetrators: Vec<String>,
    flagged: Option<bool>,
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    returned(&FEED, seed, drafts, countable, counted("WK", 1200))
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (span, cases) in CASES {
        let times = Times::new(span, &OFFICE);
        for row in 0..cases {
            let day = times.day_no(random, row);
            let case = first_case(random, day);
            drafts.push(draft(random, &case));
        }
    }
    for (span, later) in LATER {
        // Early enough to be heard in the same quarter.
        let times = Times::new(Span::new(span.first, add_days(span.last, -45)), &OFFICE);
        for again in later {
            let day = times.day(random);
            drafts.extend(pair(random, *again, day));
        }
    }
    drafts
}

pub(in super::super) fn countable(random: &mut Random) -> Draft {
    let day = Times::new(quarter(2015, 2), &OFFICE).day(random);
    let case = first_case(random, day);
    draft(random, &case)
}

fn first_case(random: &mut Random, referred_on: Date) -> Case {
    let perpetrators = random.percents(&[(1, 90), (2, 6)], 0);
    let incident_on = add_days(referred_on, -random.between(0, 20));
    Case {
        referred_on,
        incident_on: random.percent(85).then_some(incident_on),
        victim: pseudonym(random),
        perpetrators: (0..perpetrators).map(|_| pseudonym(random)).collect(),
        flagged: random.percent(70).then_some(false),
    }
}

/// A case and the earlier one of the same victim.
fn pair(random: &mut Random, again: Again, referred_on: Date) -> [Draft; 2] {
    let mut later = first_case(random, referred_on);
    later.perpetrators = vec![pseudonym(random)];
    let x = add_days(referred_on, -random.between(1, 9));
    later.incident_on = Some(x);
    let year_before = x.saturating_sub(Lapse::new().years(1));
    let mut earlier = first_case(random, referred_on);
    earlier.victim.clone_from(&later.victim);
    earlier.perpetrators.clone_from(&later.perpetrators);
    earlier.referred_on = match again {
        Again::ToTheDay => year_before,
        Again::ADayTooLate => add_days(year_before, -1),
        Again::ReferredTooLate => add_days(year_before, 3),
        _ => add_days(x, -random.between(50, 330)),
    };
    if again == Again::ReferredTooLate {
        later.referred_on = add_days(referred_on, 9).min(quarter(2015, 3).last);
    }
    earlier.incident_on = Some(add_days(earlier.referred_on, -random.between(0, 9)));
    match again {
        Again::OtherPerpetrator => later.perpetrators = vec![pseudonym(random)],
        Again::NoPerpetrator => later.perpetrators.clear(),
        Again::Repeat => later.perpetrators.push(pseudonym(random)),
        _ => {}
    }
    // The co-ordinator flags by hand, and misses what another district had, and what is over by a day.
    later.flagged = Some(!matches!(
        again,
        Again::RepeatFromElsewhere | Again::NoPerpetrator
    ));
    let mut earlier = heard(
        listed(random, &earlier),
        meeting_after(earlier.referred_on),
        "HEARD",
    );
    if again == Again::RepeatFromElsewhere {
        let district = random.pick(&NEIGHBOURS);
        for stage in &mut earlier.stages {
            stage.district = Some(district);
        }
    }
    let later_meeting = meeting_after(later.referred_on);
    [earlier, heard(listed(random, &later), later_meeting, "HEARD")]
}

fn draft(random: &mut Random, case: &Case) -> Draft {
    let listed = listed(random, case);
    let meeting = meeting_after(case.referred_on);
    match random.below(20) {
        0 => listed.then(meeting, [("outcome", json!("NOT_HEARD"))]),
        1 => listed.then(meeting, [("outcome", json!("TRANSFERRED"))]),
        // Adjourned and heard a month later is one case, of the later meeting.
        2..4 => heard(
            heard(listed, meeting, "ADJOURNED"),
            meeting_after(meeting),
            "HEARD",
        ),
        _ => heard(listed, meeting, "HEARD"),
    }
}

fn listed(random: &mut Random, case: &Case) -> Draft {
    let agencies = [
        ("KPOL", 62),
        ("DAVSS", 14),
        ("HEALTH", 8),
        ("SOCIAL_CARE", 8),
        ("TWBC_HOUSING", 4),
    ];
    let criterion = random.percents(&[("VISIBLE_HIGH", 66), ("JUDGEMENT", 22)], "ESCALATION");
    let body = json!({
        "referred_on": case.referred_on.to_string(),
        "incident_on": case.incident_on.map(|day| day.to_string()),
        "meeting_on": null,
        "victim_pid": case.victim,
        "perpetrator_pids": case.perpetrators,
        "referring_agency": random.percents(&agencies, "PROBATION"),
        "criterion": criterion,
        "partner_says_repeat": case.flagged,
        "outcome": "LISTED",
        "children": random.between(0, 4),
    });
    Draft::new(Stage::new(case.referred_on, body))
}

fn heard(draft: Draft, meeting: Date, outcome: &str) -> Draft {
    draft.then(
        meeting,
        [
            ("meeting_on", json!(meeting.to_string())),
            ("outcome", json!(outcome)),
        ],
    )
}

/// The MARAC meets on the second Thursday of the month.
fn meeting_after(day: Date) -> Date {
    let meeting = |month: Date| {
        month
            .nth_weekday_of_month(2, jiff::civil::Weekday::Thursday)
            .unwrap_or(month)
    };
    let this_month = meeting(day);
    if this_month > add_days(day, 5) {
        return this_month;
    }
    meeting(day.first_of_month().saturating_add(Lapse::new().months(1)))
}

/// Another victim, or by another agency.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    if text(last, "outcome") == "HEARD" {
        set(&mut before, "outcome", "NOT_HEARD");
    }
    set(&mut before, "victim_pid", pseudonym(random));
    before
}
