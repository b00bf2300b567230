//! Priority 3: violent crime.

use super::super::model::Record;
use super::{Measure, Rows, measure};

const CCTV: &[&str] = &["cctv-incidents"];
const SHIFTS: &[&str] = &["street-pastor-shifts"];
const PASSING: &str = "";

pub(super) static MEASURES: [Measure; 13] = [
    measure(
        "P3.01",
        &["pubwatch-exclusions"],
        &["PUBWATCH_EXCLUSION"],
        PASSING,
        |rows| rows.in_force(|row| row.is("order_type", &["PUBWATCH_EXCLUSION"])),
    ),
    measure("P3.02", CCTV, &[], "occurred_at", |rows| {
        rows.events(|row| row.is("instigated_by", &["PUBWATCH_RADIO"]) && row.flag("monitored"))
    }),
    measure("P3.03", &["recorded-crimes"], &[], "recorded_on", |rows| {
        let hate = |row: &Record<'_>| !row.body["hate_strands"].as_array().unwrap().is_empty();
        rows.events(|row| !row.is("status", &["CANCELLED"]) && hate(row))
    }),
    measure("P3.04", CCTV, &[], "occurred_at", |rows| {
        rows.events(|row| row.is("incident_type", &["VIOLENCE"]) && row.flag("monitored"))
    }),
    measure("P3.05a", SHIFTS, &[], "started_at", |rows| {
        rows.sum("people_engaged", |_| true)
    }),
    measure("P3.05b", SHIFTS, &[], "started_at", |rows| {
        rows.sum("ambulances_called", |_| true)
    }),
    measure("P3.05c", SHIFTS, &[], "started_at", |rows| {
        rows.sum("police_callouts", |_| true)
    }),
    measure("P3.05d", SHIFTS, &[], "started_at", |rows| {
        rows.sum("statements_given", |_| true)
    }),
    measure("P3.06a", &["arrests"], &[], "arrested_on", |rows| {
        rows.events(|row| row.flag("gang_nominal"))
    }),
    measure("P3.06b", &["arrests"], &[], "charged_on", |rows| {
        rows.events(|row| row.flag("gang_nominal"))
    }),
    measure("P3.06c", &["police-incidents"], &[], "reported_at", |rows| {
        rows.events(|row| row.is("kind", &["ASB"]) && row.flag("gang_linked"))
    }),
    measure(
        "P3.07",
        &["safer-socialising-awards"],
        &["SSA_AWARD"],
        "done_on",
        |rows| rows.events(|row| row.is("type", &["SSA_AWARD"])),
    ),
    measure(
        "P3.08",
        &["police-activities"],
        &["LICENSING_TRAINING"],
        "offered_on",
        licensing,
    ),
];

fn licensing(rows: Rows<'_, '_>) -> i64 {
    let by_police = |row: &Record<'_>| {
        row.is("type", &["LICENSING_TRAINING"]) && row.flag("lead") && row.has("delivered_by", "KPOL")
    };
    let held_only = Rows {
        date: "held_on",
        ..rows
    };
    rows.events(by_police) + held_only.events(|row| by_police(row) && row.body["offered_on"].is_null())
}
