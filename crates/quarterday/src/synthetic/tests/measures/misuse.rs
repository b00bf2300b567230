//! Priority 5: substance misuse.

use super::super::model::Record;
use super::{Measure, Rows, held, measure};

const SHELTER: &[&str] = &["winter-shelter-nights"];
const PASSING: &str = "";

pub(super) static MEASURES: [Measure; 14] = [
    measure(
        "P5.01",
        &["cri-contacts", "kenward-contacts"],
        &["HOTSPOT_OUTREACH"],
        "contact_on",
        |rows| rows.people("subject_pid", |row| row.is("service", &["HOTSPOT_OUTREACH"])),
    ),
    measure(
        "P5.02",
        &["cri-contacts"],
        &["CRI_STRUCTURED"],
        "contact_on",
        |rows| of_service(rows, "CRI_STRUCTURED", &["GROUP", "ONE_TO_ONE"]),
    ),
    measure("P5.03a", &["kca-contacts"], &["KCA_YP"], "contact_on", |rows| {
        let early = |row: &Record<'_>| row.is("mode", &["ONE_TO_ONE", "EARLY_INTERVENTION"]);
        rows.people("subject_pid", |row| row.is("age_band", &["10-17"]) && early(row))
    }),
    measure("P5.03b", &["kca-referrals"], &["KYDIS"], "referred_on", |rows| {
        rows.events(|row| row.is("to_service", &["KYDIS"]) && row.is("from_agency", &["KPOL"]))
    }),
    measure(
        "P5.04",
        &["kca-activities"],
        &["DUST_TRAINING"],
        "held_on",
        |rows| rows.sum("attended_professional", |row| held(row, "DUST_TRAINING")),
    ),
    measure("P5.05a", SHELTER, &["WINTER_SHELTER"], "contact_on", |rows| {
        rows.people("subject_pid", |row| row.has("attrs", "OFFENDER"))
    }),
    measure("P5.05b", SHELTER, &["WINTER_SHELTER"], "contact_on", |rows| {
        rows.people("subject_pid", |row| row.has("attrs", "SUBSTANCE_MISUSE"))
    }),
    measure("P5.05c", SHELTER, &["WINTER_SHELTER"], "outcome_on", |rows| {
        rows.people("subject_pid", |row| {
            guest(row) && row.is("outcome", &["POSITIVE"])
        })
    }),
    measure("P5.06a", &["hospital-admissions"], &[], "admitted_on", |rows| {
        rows.events(|row| row.has("causes", "ALCOHOL_SPECIFIC") && row.in_sherwood())
    }),
    measure("P5.06b", &["hospital-admissions"], &[], "admitted_on", |rows| {
        rows.events(|row| row.has("causes", "DRUG_SPECIFIC") && row.in_sherwood())
    }),
    measure("P5.06c", &["arrests"], &[], "arrested_on", |rows| {
        rows.events(|row| row.body["alcohol_offence_no"].is_i64() && row.in_sherwood())
    }),
    measure(
        "P5.07",
        &["test-purchases"],
        &["TEST_PURCHASE"],
        "done_on",
        |rows| rows.events(|row| row.is("type", &["TEST_PURCHASE"]) && !row.is("result", &["NOT_TESTED"])),
    ),
    measure("P5.08", &["milestones"], &[], PASSING, |rows| rows.done("P5.08")),
    measure(
        "P5.09",
        &["police-orders"],
        &["DIRECTION_S27", "DISPERSAL_S35"],
        "start_on",
        directions,
    ),
];

fn guest(row: &Record<'_>) -> bool {
    row.has("attrs", "OFFENDER") || row.has("attrs", "SUBSTANCE_MISUSE")
}

fn directions(rows: Rows<'_, '_>) -> i64 {
    let types = ["DIRECTION_S27", "DISPERSAL_S35"];
    rows.events(|row| row.is("order_type", &types) && row.flag("in_acz") && row.flag("cctv_monitored"))
}

fn of_service(rows: Rows<'_, '_>, service: &str, modes: &[&str]) -> i64 {
    rows.people("subject_pid", |row| {
        row.is("service", &[service]) && row.is("mode", modes)
    })
}
