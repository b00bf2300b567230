//! Messages that no worker may take: bytes that are no record, and records that break a rule. Each would change a figure
//! if it were taken. (The withdrawals without a reason are among the troubles: they aim at real records.)

use serde_json::{Value, json};

use super::draft::{Draft, Feed, count, set, text};
use super::random::Random;
use super::statement::{Payload, Statement};
use super::story::{Produced, tell};
use super::{
    arrests, cases, casualties, cctv, crimes, davss, incidents, milestones, pubwatch, shifts, wardens,
};

const UNKNOWN_TYPE: &str = "FIGHTING";
const UNKNOWN_RISK: &str = "Very high";
const NO_PSEUDONYM: &str = "not-a-pseudonym";

/// A record that would count, and what spoils it.
struct Spoiled {
    feed: &'static Feed,
    countable: fn(&mut Random) -> Draft,
    spoil: fn(&mut Value),
}

static SPOILED: [Spoiled; 22] = [
    Spoiled {
        feed: &cctv::FEED,
        countable: cctv::countable,
        spoil: |r| in_body(r, "incident_type", UNKNOWN_TYPE),
    },
    Spoiled {
        feed: &cctv::FEED,
        countable: cctv::countable,
        spoil: |r| set(r, "district", Value::Null),
    },
    Spoiled {
        feed: &cctv::FEED,
        countable: cctv::countable,
        spoil: |r| set(r, "version", 0),
    },
    Spoiled {
        feed: &cctv::FEED,
        countable: cctv::countable,
        spoil: |r| century_later(r, "occurred_at"),
    },
    Spoiled {
        feed: &cctv::FEED,
        countable: cctv::countable,
        spoil: |r| set(r, "partner", "TWBC"),
    },
    Spoiled {
        feed: &crimes::FEED,
        countable: crimes::countable,
        spoil: |r| century_later(r, "recorded_on"),
    },
    Spoiled {
        feed: &crimes::FEED,
        countable: crimes::countable,
        spoil: |r| set(r, "version", 0),
    },
    Spoiled {
        feed: &incidents::FEED,
        countable: incidents::countable,
        spoil: |r| in_body(r, "kind", "RTC"),
    },
    Spoiled {
        feed: &davss::FEED,
        countable: davss::countable,
        spoil: |r| set(r, "partner", "KCC_WARDENS"),
    },
    Spoiled {
        feed: &davss::FEED,
        countable: davss::countable,
        spoil: |r| in_body(r, "dealt_on", "2014-02-03"),
    },
    Spoiled {
        feed: &davss::FEED,
        countable: davss::countable,
        spoil: |r| in_body(r, "risk_at_dealt", UNKNOWN_RISK),
    },
    Spoiled {
        feed: &pubwatch::FEED,
        countable: pubwatch::countable,
        spoil: |r| in_body(r, "subject_pid", NO_PSEUDONYM),
    },
    Spoiled {
        feed: &wardens::VISITS,
        countable: wardens::countable_visit,
        spoil: |r| set(r, "feed", "warden-referrals"),
    },
    Spoiled {
        feed: &wardens::VISITS,
        countable: wardens::countable_visit,
        spoil: |r| in_body(r, "quantity", 0),
    },
    Spoiled {
        feed: &wardens::REFERRALS,
        countable: wardens::countable_referral,
        spoil: |r| in_body(r, "subject_pid", NO_PSEUDONYM),
    },
    Spoiled {
        feed: &cases::ASB,
        countable: cases::countable_asb,
        spoil: |r| {
            in_body(
                r,
                "spells",
                json!([{"opened_on": "2014-06-30", "closed_on": "2014-04-03"}]),
            )
        },
    },
    Spoiled {
        feed: &cases::MARAC,
        countable: cases::countable_marac,
        spoil: |r| set(r, "ward", "E05005146"),
    },
    Spoiled {
        feed: &cases::TRIGGERS,
        countable: cases::countable_trigger,
        spoil: |r| in_body(r, "applied_on", "2014-04-20"),
    },
    Spoiled {
        feed: &milestones::FEED,
        countable: milestones::countable,
        spoil: |r| in_body(r, "done_on", Value::Null),
    },
    Spoiled {
        feed: &arrests::FEED,
        countable: arrests::countable,
        spoil: |r| in_body(r, "alcohol_offence_no", 12),
    },
    Spoiled {
        feed: &casualties::FEED,
        countable: casualties::countable,
        spoil: |r| in_body(r, "severity", 4),
    },
    Spoiled {
        feed: &shifts::FEED,
        countable: shifts::countable,
        spoil: |r| in_body(r, "people_engaged", -20),
    },
];

/// What is no record: a spreadsheet, a line of text, half a frame, nothing; schemas that nobody registered.
static UNREADABLE: [(&Feed, Option<&[u8]>); 7] = [
    (
        &cctv::FEED,
        Some(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00cctv log june.xlsx"),
    ),
    (
        &crimes::FEED,
        Some(b"Crime reference,Date recorded,Offence group\r\nXY/000001/14,04/06/2014,THSG\r\n"),
    ),
    (&incidents::FEED, Some(b"\x00\x00\x00")),
    (&wardens::VISITS, Some(b"")),
    (
        &pubwatch::FEED,
        Some(b"\xff\xfe\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09"),
    ),
    (&crimes::FEED, None),
    (&davss::FEED, None),
];

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, "bad");
    let mut all: Vec<Produced> = SPOILED
        .iter()
        .enumerate()
        .filter_map(|(number, spoiled)| record(random, number, spoiled))
        .collect();
    for (number, (feed, bytes)) in UNREADABLE.iter().enumerate() {
        // Sent along with a real delivery, whose time a record of that feed gives.
        let like = SPOILED.iter().find(|spoiled| spoiled.feed.name == feed.name);
        if let Some(mut produced) = like.and_then(|like| record(random, SPOILED.len() + number, like)) {
            produced.statement.payload = match bytes {
                Some(bytes) => Payload::Raw(bytes.to_vec()),
                None => Payload::UnknownSchema,
            };
            all.push(produced);
        }
    }
    all
}

fn record(random: &mut Random, number: usize, spoiled: &Spoiled) -> Option<Produced> {
    let mut draft = (spoiled.countable)(random);
    // Told at once as it is in the end, so that it would count by itself.
    draft.stages = draft.stages.pop().into_iter().collect();
    let version = tell(spoiled.feed, random, &draft).pop()?;
    let mut produced = version.produced(spoiled.feed, &format!("ERR-{number:03}"));
    if let Payload::Record(record) = &mut produced.statement.payload {
        (spoiled.spoil)(record);
    }
    Some(produced)
}

fn in_body(record: &mut Value, field: &str, value: impl Into<Value>) {
    if let Some(body) = record.get_mut("body") {
        set(body, field, value);
    }
}

/// A slip of the year: 2114 for 2014.
fn century_later(record: &mut Value, field: &str) {
    let date = record
        .get("body")
        .map(|body| text(body, field))
        .unwrap_or_default();
    let later = date.replacen("20", "21", 1);
    in_body(record, field, later);
}

/// Whether a record is one of the bad ones, by what was done to it.
pub(super) fn is_bad(statement: &Statement, record: &Value) -> bool {
    let is_withdrawal = text(record, "op") == "WITHDRAW";
    let lacks = |field| record.get(field).is_none_or(Value::is_null);
    text(record, "feed") != statement.feed
        || text(record, "partner") != statement.partner
        || count(record, "version") < 1
        || (is_withdrawal && lacks("reason"))
        || (statement.feed == cctv::FEED.name && !is_withdrawal && lacks("district"))
        || (statement.feed == cases::MARAC.name && !lacks("ward"))
        || record.get("body").is_some_and(has_bad_body)
}

fn has_bad_body(body: &Value) -> bool {
    let is = |field: &str, value: &str| text(body, field) == value;
    is("incident_type", UNKNOWN_TYPE)
        || is("kind", "RTC")
        || is("risk_at_dealt", UNKNOWN_RISK)
        || is("subject_pid", NO_PSEUDONYM)
        || body.get("quantity") == Some(&json!(0))
        || body.get("severity") == Some(&json!(4))
        || body.get("alcohol_offence_no") == Some(&json!(12))
        || count(body, "people_engaged") < 0
        || (!is("applied_on", "") && text(body, "applied_on") < "2014-10-20")
        || (is("status", "DONE") && is("done_on", ""))
        || body.pointer("/spells/0").is_some_and(ends_before_it_begins)
        || ["occurred_at", "recorded_on"]
            .iter()
            .any(|field| text(body, field).starts_with("21"))
        || (!is("dealt_on", "") && text(body, "dealt_on") < text(body, "referred_on"))
}

fn ends_before_it_begins(spell: &Value) -> bool {
    let closed = text(spell, "closed_on");
    !closed.is_empty() && closed < text(spell, "opened_on")
}
