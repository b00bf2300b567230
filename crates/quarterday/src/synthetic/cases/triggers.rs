//! Community triggers: applied for, decided, reviewed, resolved; each of the few stands here with its days.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::draft::{Delivery, Draft, Feed, Stage, counted, returned, set};
use super::super::pseudonyms::pseudonym;
use super::super::random::Random;
use super::super::story::Produced;
use super::super::troubles::{Mix, Trouble};

const MIX: Mix = &[
    (Trouble::WardMended, 1),
    (Trouble::Mended, 1),
    (Trouble::SentTwice, 2),
    (Trouble::Withdrawn, 1),
    (Trouble::Elsewhere, 1),
    (Trouble::OrphanAmend, 1),
];

pub(in super::super) const FEED: Feed = Feed {
    name: "community-triggers",
    partner: "TWBC",
    delivery: Delivery::Monthly(16),
    date: "applied_on",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: MIX,
};

/// An application, and what came of it.
struct Trigger {
    agency: &'static str,
    applied_on: Date,
    /// When the threshold was decided, and whether it was met.
    decided: Option<(Date, bool)>,
    reviewed_on: Option<Date>,
    /// When the case ended, and whether resolved.
    ended: Option<(Date, bool)>,
}

const fn trigger(agency: &'static str, applied_on: Date) -> Trigger {
    Trigger {
        agency,
        applied_on,
        decided: None,
        reviewed_on: None,
        ended: None,
    }
}

impl Trigger {
    const fn decided(self, on: Date, met: bool) -> Self {
        Trigger {
            decided: Some((on, met)),
            ..self
        }
    }

    const fn reviewed(self, on: Date) -> Self {
        Trigger {
            reviewed_on: Some(on),
            ..self
        }
    }

    const fn ended(self, on: Date, resolved: bool) -> Self {
        Trigger {
            ended: Some((on, resolved)),
            ..self
        }
    }
}

/// Activated in the quarters of 2015-16: 0, 2, 1, 1; resolved: 0, 0, 2, 1.
const TRIGGERS: [Trigger; 9] = [
    trigger("TWBC", date(2014, 11, 12)).decided(date(2014, 12, 1), false),
    trigger("TCHG", date(2015, 1, 20))
        .decided(date(2015, 2, 9), true)
        .reviewed(date(2015, 3, 2))
        .ended(date(2015, 3, 27), false),
    trigger("TWBC", date(2015, 5, 6)).decided(date(2015, 5, 28), false),
    // Applied for in June, decided in July.
    trigger("TWBC", date(2015, 6, 24))
        .decided(date(2015, 7, 1), true)
        .reviewed(date(2015, 7, 30))
        .ended(date(2015, 10, 1), true),
    trigger("TCHG", date(2015, 8, 17))
        .decided(date(2015, 9, 4), true)
        .reviewed(date(2015, 9, 29))
        .ended(date(2015, 12, 15), true),
    trigger("KPOL", date(2015, 10, 5))
        .decided(date(2015, 10, 26), true)
        .reviewed(date(2015, 11, 19))
        .ended(date(2016, 2, 11), true),
    trigger("TWBC", date(2015, 12, 2)).decided(date(2015, 12, 18), false),
    trigger("TWBC", date(2016, 1, 14))
        .decided(date(2016, 2, 3), true)
        .reviewed(date(2016, 3, 1)),
    trigger("TCHG", date(2016, 3, 21)),
];

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    returned(&FEED, seed, drafts, countable, counted("CT/", 0))
}

fn drafts(random: &mut Random) -> Vec<Draft> {
    TRIGGERS.iter().map(|trigger| draft(random, trigger)).collect()
}

pub(in super::super) fn countable(random: &mut Random) -> Draft {
    let day = date(2015, 8, 3);
    draft(random, &trigger("TWBC", day).decided(date(2015, 8, 20), true))
}

fn draft(random: &mut Random, trigger: &Trigger) -> Draft {
    let met = trigger.decided.is_some_and(|(_, met)| met);
    let complaints = if met {
        random.between(3, 6)
    } else {
        random.between(1, 2)
    };
    let body = json!({
        "lead_agency": trigger.agency,
        "applied_on": trigger.applied_on.to_string(),
        "applicant_pid": pseudonym(random),
        "qualifying_complaints": complaints,
        "threshold": "PENDING",
        "threshold_on": null,
        "review_on": null,
        "recommendations": 0,
        "outcome": "ONGOING",
        "resolved_on": null,
        "appealed": false,
    });
    let mut draft = Draft::new(Stage::new(trigger.applied_on, body));
    if let Some((on, met)) = trigger.decided {
        let threshold = if met { "MET" } else { "NOT_MET" };
        draft = draft.then(
            on,
            [
                ("threshold", json!(threshold)),
                ("threshold_on", json!(on.to_string())),
            ],
        );
    }
    if let Some(on) = trigger.reviewed_on {
        draft = draft.then(
            on,
            [
                ("review_on", json!(on.to_string())),
                ("recommendations", json!(3)),
            ],
        );
    }
    if let Some((on, resolved)) = trigger.ended {
        let outcome = if resolved { "RESOLVED" } else { "NOT_RESOLVED" };
        let resolved_on = resolved.then(|| on.to_string());
        draft = draft.then(
            on,
            [("outcome", json!(outcome)), ("resolved_on", json!(resolved_on))],
        );
    }
    draft
}

/// Of another agency, before anything was decided.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    for (field, value) in [
        ("lead_agency", json!("KPOL")),
        ("threshold", json!("PENDING")),
        ("threshold_on", Value::Null),
        ("review_on", Value::Null),
        ("recommendations", json!(0)),
        ("outcome", json!("ONGOING")),
        ("resolved_on", Value::Null),
    ] {
        set(&mut before, field, value);
    }
    before
}
