//! Milestones of the plan's actions and of the year before; each change is a version.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::draft::{Delivery, Draft, Feed, Stage, returned, set, text};
use super::random::Random;
use super::story::Produced;
use super::troubles::{Mix, Trouble};

const MIX: Mix = &[
    (Trouble::Mended, 3),
    (Trouble::SentTwice, 3),
    (Trouble::Contradicted, 1),
    (Trouble::Resubmitted, 1),
];

pub(super) const FEED: Feed = Feed {
    name: "milestones",
    partner: "CSU",
    delivery: Delivery::Monthly(10),
    date: "due_on",
    reasons: ["ERROR", "DUPLICATE", "ERROR"],
    before,
    mix: MIX,
};

/// A milestone and its changes, oldest first.
struct Milestone {
    action: &'static str,
    number: i64,
    title: &'static str,
    due_on: Date,
    changes: &'static [(Date, &'static str)],
}

const fn milestone(
    action: &'static str,
    number: i64,
    title: &'static str,
    due_on: Date,
    changes: &'static [(Date, &'static str)],
) -> Milestone {
    Milestone {
        action,
        number,
        title,
        due_on,
        changes,
    }
}

const DONE: &str = "DONE";

const MILESTONES: [Milestone; 15] = [
    milestone(
        "2014.M1",
        1,
        "social-media",
        date(2014, 9, 30),
        &[(date(2014, 6, 30), DONE)],
    ),
    milestone(
        "2014.M2",
        1,
        "shelter-funding",
        date(2014, 9, 30),
        &[(date(2014, 9, 12), DONE)],
    ),
    milestone(
        "2014.M3",
        1,
        "taxi-marshals",
        date(2014, 9, 30),
        &[(date(2014, 8, 5), DONE)],
    ),
    // Planned in the half-year that the Review tells of, held in November.
    milestone(
        "2014.M4",
        1,
        "road-safety-week",
        date(2014, 11, 30),
        &[(date(2014, 9, 15), "ON_TRACK"), (date(2014, 11, 23), DONE)],
    ),
    milestone(
        "2014.M5",
        1,
        "daily-briefing",
        date(2014, 9, 30),
        &[(date(2014, 5, 1), DONE)],
    ),
    milestone(
        "P2.04",
        1,
        "first-meeting",
        date(2015, 9, 30),
        &[(date(2015, 9, 17), DONE)],
    ),
    milestone(
        "P2.04",
        2,
        "second-meeting",
        date(2016, 3, 31),
        &[(date(2015, 12, 1), "ON_TRACK"), (date(2016, 3, 9), DONE)],
    ),
    milestone(
        "P4.11",
        1,
        "injunction",
        date(2015, 9, 30),
        &[(date(2015, 6, 30), DONE)],
    ),
    milestone("P4.11", 2, "cbo", date(2015, 9, 30), &[(date(2015, 9, 8), DONE)]),
    milestone(
        "P4.11",
        3,
        "cpn",
        date(2015, 12, 31),
        &[(date(2015, 9, 8), "AT_RISK"), (date(2015, 12, 16), DONE)],
    ),
    // Signed off, and opened again: it is not done.
    milestone(
        "P4.11",
        4,
        "pspo",
        date(2015, 12, 31),
        &[(date(2015, 11, 4), DONE), (date(2016, 1, 20), "AT_RISK")],
    ),
    milestone(
        "P4.11",
        5,
        "closure",
        date(2016, 3, 31),
        &[(date(2016, 2, 25), DONE)],
    ),
    milestone(
        "P4.11",
        6,
        "dispersal",
        date(2016, 3, 31),
        &[(date(2016, 1, 12), "ON_TRACK")],
    ),
    milestone(
        "P4.11",
        7,
        "trigger",
        date(2016, 3, 31),
        &[(date(2015, 7, 1), DONE)],
    ),
    milestone(
        "P5.08",
        1,
        "recovery-zone-report",
        date(2015, 12, 31),
        &[(date(2015, 12, 10), "AT_RISK"), (date(2016, 2, 15), DONE)],
    ),
];

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    returned(
        &FEED,
        seed,
        |random| {
            MILESTONES
                .iter()
                .map(|milestone| draft(random, milestone))
                .collect()
        },
        countable,
        |_, body| format!("{}/{}", text(body, "action_id"), body["milestone_no"]),
    )
}

/// A milestone that is done in the half-year.
pub(super) fn countable(random: &mut Random) -> Draft {
    draft(random, &MILESTONES[0])
}

fn draft(random: &mut Random, milestone: &Milestone) -> Draft {
    let known_on = milestone
        .due_on
        .saturating_sub(jiff::Span::new().months(10).days(random.between(0, 20)));
    let body = json!({
        "action_id": milestone.action,
        "milestone_no": milestone.number,
        "title": milestone.title,
        "due_on": milestone.due_on.to_string(),
        "done_on": null,
        "status": "NOT_STARTED",
        "evidence_ref": null,
    });
    let mut draft = Draft::new(Stage::new(known_on, body));
    for (on, status) in milestone.changes {
        let done_on = (*status == DONE).then(|| on.to_string());
        let evidence = (*status == DONE).then(|| format!("CSP/{}", on.strftime("%y%m%d")));
        draft = draft.then(
            *on,
            [
                ("status", json!(status)),
                ("done_on", json!(done_on)),
                ("evidence_ref", json!(evidence)),
            ],
        );
    }
    draft
}

/// At risk, and not done.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(&mut before, "status", "AT_RISK");
    set(&mut before, "done_on", Value::Null);
    set(&mut before, "evidence_ref", Value::Null);
    before
}
