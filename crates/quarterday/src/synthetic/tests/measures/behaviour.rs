//! Priority 4: anti-social behaviour.

use std::collections::BTreeSet;

use super::super::model::Record;
use super::{Measure, Rows, held, measure, number, young};

const ORDERS: &[&str] = &["csu-orders", "police-orders", "tchg-orders"];
const ASB: &[&str] = &["asb-cases"];
const EHPS: &[&str] = &["ehps-contacts"];
const PASSING: &str = "";

pub(super) static MEASURES: [Measure; 24] = [
    measure("P4.01a", ASB, &[], PASSING, |rows| {
        rows.spells("opened_on", "HIGH")
    }),
    measure("P4.01b", ASB, &[], PASSING, |rows| {
        rows.spells("closed_on", "HIGH")
    }),
    measure("P4.01c", ASB, &[], PASSING, |rows| {
        rows.spells("opened_on", "MEDIUM")
    }),
    measure("P4.01d", ASB, &[], PASSING, |rows| {
        rows.spells("closed_on", "MEDIUM")
    }),
    measure(
        "P4.02",
        &["csu-referrals"],
        &["ASB_GROUP"],
        "referred_on",
        |rows| rows.people("subject_pid", |row| row.is("to_service", &["ASB_GROUP"])),
    ),
    measure("P4.03a", ORDERS, &["CIVIL_INJUNCTION"], PASSING, |rows| {
        rows.in_force(|row| row.is("order_type", &["CIVIL_INJUNCTION"]))
    }),
    measure("P4.03b", ORDERS, &["HOUSING_INJUNCTION"], PASSING, |rows| {
        rows.in_force(|row| row.is("order_type", &["HOUSING_INJUNCTION"]))
    }),
    measure("P4.03c", ORDERS, &["CBO"], PASSING, |rows| {
        rows.in_force(|row| row.is("order_type", &["CBO"]))
    }),
    measure(
        "P4.04a",
        &["kenward-contacts"],
        &["HOTSPOT_OUTREACH"],
        "contact_on",
        |rows| {
            let by_kenward = |row: &Record<'_>| row.is("provider", &["KENWARD"]) && young(row);
            rows.people("subject_pid", |row| {
                row.is("service", &["HOTSPOT_OUTREACH"]) && by_kenward(row)
            })
        },
    ),
    measure("P4.04b", EHPS, &["KCC_YOUTH_OUTREACH"], "contact_on", |rows| {
        rows.people("subject_pid", |row| {
            row.is("service", &["KCC_YOUTH_OUTREACH"]) && young(row)
        })
    }),
    measure("P4.05", EHPS, &["COMM_PROJECT"], "contact_on", |rows| {
        rows.people("subject_pid", |row| {
            row.is("service", &["COMM_PROJECT"]) && young(row)
        })
    }),
    measure(
        "P4.06a",
        &["ehps-referrals"],
        &["EHPS", "YISP"],
        "referred_on",
        |rows| rows.people("subject_pid", |row| row.is("to_service", &["EHPS", "YISP"])),
    ),
    measure("P4.06b", EHPS, &["EHPS", "YISP"], "contact_on", |rows| {
        rows.people("subject_pid", |row| row.is("service", &["EHPS", "YISP"]))
    }),
    measure(
        "P4.07a",
        &["families-first-cases"],
        &["FAMILIES_FIRST"],
        PASSING,
        |rows| rows.families(|row| row.is("programme", &["FAMILIES_FIRST"])),
    ),
    measure(
        "P4.07b",
        &["families-first-cases"],
        &["FAMILIES_FIRST"],
        "outcome_on",
        |rows| rows.people("family_pid", |row| row.is("outcome", &["SSP", "EMPLOYMENT"])),
    ),
    measure("P4.08a", &["sherwood-families"], &["SHERWOOD"], PASSING, |rows| {
        rows.families(|row| row.in_sherwood())
    }),
    measure(
        "P4.08b",
        &["sherwood-contacts"],
        &["SHERWOOD"],
        "contact_on",
        |rows| {
            rows.people("subject_pid", |row| {
                row.is("service", &["SHERWOOD"]) && row.in_sherwood()
            })
        },
    ),
    measure(
        "P4.09",
        &["noise-monitoring"],
        &["NOISE_MONITOR"],
        "done_on",
        |rows| rows.events(|row| row.is("type", &["NOISE_MONITOR"])),
    ),
    measure("P4.10", &["csu-referrals"], &["EP"], "referred_on", |rows| {
        rows.events(|row| row.is("from_agency", &["CSU"]) && row.is("to_service", &["EP"]))
    }),
    measure("P4.11", &["milestones"], &[], PASSING, |rows| rows.done("P4.11")),
    measure(
        "P4.12a",
        &["salus-activities"],
        &["SAFETY_IN_ACTION"],
        "held_on",
        |rows| rows.sum("attended_young", |row| held(row, "SAFETY_IN_ACTION")),
    ),
    measure(
        "P4.12b",
        &["salus-activities"],
        &["SAFETY_IN_ACTION"],
        "held_on",
        organisations,
    ),
    measure("P4.13a", &["community-triggers"], &[], "threshold_on", |rows| {
        rows.events(|row| row.is("threshold", &["MET"]))
    }),
    measure("P4.13b", &["community-triggers"], &[], "resolved_on", |rows| {
        rows.events(|row| row.is("outcome", &["RESOLVED"]))
    }),
];

fn organisations(rows: Rows<'_, '_>) -> i64 {
    let days = rows.that(|row| held(row, "SAFETY_IN_ACTION"));
    let came = days.flat_map(|row| row.body["partner_orgs"].as_array().unwrap());
    number(came.map(|code| code.as_str()).collect::<BTreeSet<_>>().len())
}
