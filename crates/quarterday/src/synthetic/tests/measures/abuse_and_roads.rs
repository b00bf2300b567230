//! Priorities 1 and 2: domestic abuse and road safety.

use std::collections::BTreeSet;

use super::super::model::{Record, london};
use super::{Measure, Rows, held, measure, number, twelve_months_after};

const DAVSS: &[&str] = &["davss-referrals"];
const MARAC: &[&str] = &["marac-cases"];
const PROJECTS: &[&str] = &["SCHOOL_ED_PROJECT", "PED_CYCLE_PROGRAMME"];
const HELPERS: &[&str] = &["kfrs-activities", "warden-activities"];
const WEEK: &[&str] = &["csu-activities", "kfrs-activities"];
const PASSING: &str = "";

pub(super) static MEASURES: [Measure; 21] = [
    measure("P1.01a", DAVSS, &["DAVSS"], "referred_on", |rows| {
        rows.events(|row| row.is("to_service", &["DAVSS"]))
    }),
    measure("P1.01b", DAVSS, &["DAVSS"], "dealt_on", |rows| {
        dealt(rows, "HIGH")
    }),
    measure("P1.01c", DAVSS, &["DAVSS"], "dealt_on", |rows| {
        dealt(rows, "MEDIUM")
    }),
    measure("P1.01d", DAVSS, &["DAVSS"], "dealt_on", |rows| {
        dealt(rows, "STANDARD")
    }),
    measure("P1.02a", MARAC, &[], "referred_on", |rows| rows.events(|_| true)),
    measure("P1.02b", MARAC, &[], "meeting_on", |rows| rows.events(heard)),
    measure("P1.02c", MARAC, &[], "meeting_on", |rows| {
        rows.events(|row| heard(row) && is_repeat(rows, row))
    }),
    measure(
        "P1.03",
        &["davss-activities"],
        &["FREEDOM_PROGRAMME"],
        "held_on",
        |rows| rows.events(|row| held(row, "FREEDOM_PROGRAMME")),
    ),
    measure("P1.04", &["cdap-contacts"], &["CDAP"], "contact_on", |rows| {
        let by_men = |row: &Record<'_>| row.is("sex", &["M"]) && row.is("mode", &["GROUP", "ONE_TO_ONE"]);
        rows.people("subject_pid", |row| row.is("service", &["CDAP"]) && by_men(row))
    }),
    measure("P1.05", &["isva-contacts"], &["ISVA"], "contact_on", |rows| {
        rows.people("subject_pid", |row| row.is("service", &["ISVA"]))
    }),
    measure(
        "P1.06",
        &["one-stop-shop-contacts"],
        &["OSS"],
        "contact_on",
        |rows| rows.people("subject_pid", |row| row.is("service", &["OSS"])),
    ),
    measure(
        "P1.07",
        &["sanctuary-properties"],
        &["SANCTUARY"],
        "done_on",
        properties,
    ),
    measure("P2.01a", HELPERS, PROJECTS, "ended_on", |rows| {
        rows.events(completed)
    }),
    measure("P2.01b", HELPERS, PROJECTS, "ended_on", |rows| {
        rows.events(|row| completed(row) && row.is("feedback", &["PROVIDED"]))
    }),
    measure(
        "P2.02",
        &["csu-activities"],
        &["RS_CAMPAIGN"],
        "held_on",
        |rows| rows.events(|row| held(row, "RS_CAMPAIGN")),
    ),
    measure(
        "P2.03a",
        &["kfrs-activities"],
        &["RS_SESSION_YP"],
        "held_on",
        |rows| rows.sum("sessions", |row| held(row, "RS_SESSION_YP")),
    ),
    measure(
        "P2.03b",
        &["kfrs-activities"],
        &["RS_CENTRE_SESSION"],
        "held_on",
        |rows| rows.sum("sessions", |row| held(row, "RS_CENTRE_SESSION")),
    ),
    measure(
        "P2.03c",
        &["kfrs-activities"],
        &["RS_CENTRE_SESSION"],
        "held_on",
        |rows| {
            rows.sum("sessions", |row| {
                held(row, "RS_CENTRE_SESSION") && row.is("feedback", &["RECEIVED"])
            })
        },
    ),
    measure("P2.04", &["milestones"], &[], PASSING, |rows| rows.done("P2.04")),
    measure("P2.05a", WEEK, &["RSW_PRESENTATION"], "held_on", |rows| {
        rows.events(|row| held(row, "RSW_PRESENTATION"))
    }),
    measure("P2.05b", WEEK, &["RSW_ACTIVITY"], "held_on", |rows| {
        rows.events(|row| held(row, "RSW_ACTIVITY"))
    }),
];

fn dealt(rows: Rows<'_, '_>, risk: &str) -> i64 {
    rows.events(|row| row.is("to_service", &["DAVSS"]) && row.is("risk_at_dealt", &[risk]))
}

fn completed(row: &Record<'_>) -> bool {
    row.is("type", PROJECTS) && row.is("status", &["COMPLETED"]) && row.flag("lead")
}

fn heard(row: &Record<'_>) -> bool {
    row.is("outcome", &["HEARD", "ADJOURNED"])
}

/// Another case of the same victim and perpetrator, of any district, within the twelve months before.
fn is_repeat(rows: Rows<'_, '_>, row: &Record<'_>) -> bool {
    let day = |row: &Record<'_>, field: &str| london(&row.body[field]);
    let referred = day(row, "referred_on").unwrap();
    let x = day(row, "incident_on").unwrap_or(referred);
    rows.live.everywhere("marac-cases").any(|prior| {
        let before = day(prior, "referred_on").unwrap();
        let shared = prior.body["perpetrator_pids"].as_array().unwrap();
        prior.reference != row.reference
            && prior.body["victim_pid"] == row.body["victim_pid"]
            && shared
                .iter()
                .any(|pid| row.has("perpetrator_pids", pid.as_str().unwrap()))
            && before < referred
            && before < x
            && x <= twelve_months_after(before)
    })
}

fn properties(rows: Rows<'_, '_>) -> i64 {
    let pids = rows.that(|row| row.is("type", &["SANCTUARY"]));
    let pids: BTreeSet<_> = pids.map(|row| row.body["premises_pid"].as_str()).collect();
    number(pids.len())
}
