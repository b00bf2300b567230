//! Priority 5, substance misuse.

use super::priority_2::milestones_done;
use super::priority_4::SHERWOOD;
use super::{change, counted, engagements, held, milestones, people_met};
use crate::oracle::model::count::{Cell, Count, Counting, Definition, Form};
use crate::oracle::records::{
    Activity, Arrest, Code, Engagement, HospitalAdmission, Order, PremisesAction, Referral,
};

pub fn measures() -> Vec<Definition> {
    let mut measures = services();
    measures.extend(shelter());
    measures.extend(the_rest());
    measures
}

fn services() -> Vec<Definition> {
    vec![
        counted::<Engagement>("P5.01", &["HOTSPOT_OUTREACH"], |cell| {
            people_met(engagements(cell, &["HOTSPOT_OUTREACH"]), |r| r.contact_on)
        }),
        counted::<Engagement>("P5.02", &["CRI_STRUCTURED"], |cell| {
            let rows = engagements(cell, &["CRI_STRUCTURED"]);
            let work = rows.filter(|r| r.mode == "GROUP" || r.mode == "ONE_TO_ONE");
            people_met(work, |r| r.contact_on)
        }),
        counted::<Engagement>("P5.03a", &["KCA_YP"], |cell| {
            let work = engagements(cell, &["KCA_YP"])
                .filter(|r| ["ONE_TO_ONE", "EARLY_INTERVENTION"].contains(&r.mode) && r.age_band == "10-17");
            people_met(work, |r| r.contact_on)
        }),
        counted::<Referral>("P5.03b", &["KYDIS"], |cell| {
            cell.rows::<Referral>()
                .filter(|r| r.to_service == "KYDIS" && r.from_agency == "KPOL")
                .on(|r| r.referred_on)
                .heads()
        }),
        counted::<Activity>("P5.04", &["DUST_TRAINING"], |cell| {
            held(cell, "DUST_TRAINING").sum(|r| r.attended_professional)
        }),
    ]
}

fn shelter() -> Vec<Definition> {
    vec![
        counted::<Engagement>("P5.05a", &["WINTER_SHELTER"], |cell| {
            let guests = engagements(cell, &["WINTER_SHELTER"]).filter(|r| r.attrs.contains(&"OFFENDER"));
            people_met(guests, |r| r.contact_on)
        }),
        counted::<Engagement>("P5.05b", &["WINTER_SHELTER"], |cell| {
            let guests =
                engagements(cell, &["WINTER_SHELTER"]).filter(|r| r.attrs.contains(&"SUBSTANCE_MISUSE"));
            people_met(guests, |r| r.contact_on)
        }),
        counted::<Engagement>("P5.05c", &["WINTER_SHELTER"], |cell| {
            engagements(cell, &["WINTER_SHELTER"])
                .filter(|r| r.attrs.contains(&"OFFENDER") || r.attrs.contains(&"SUBSTANCE_MISUSE"))
                .filter(|r| r.outcome == "POSITIVE")
                .on(|r| r.outcome_on)
                .people()
        }),
    ]
}

fn the_rest() -> Vec<Definition> {
    vec![
        admissions("P5.06a", |cell| sherwood_admissions(cell, "ALCOHOL_SPECIFIC")),
        admissions("P5.06b", |cell| sherwood_admissions(cell, "DRUG_SPECIFIC")),
        counted::<Arrest>("P5.06c", &[], |cell| {
            cell.rows::<Arrest>()
                .filter(|r| r.alcohol_offence_no.is_some_and(|no| (1..=11).contains(&no)))
                .ward(SHERWOOD)
                .on(|r| r.arrested_on)
                .count()
        }),
        counted::<PremisesAction>("P5.07", &["TEST_PURCHASE"], |cell| {
            cell.rows::<PremisesAction>()
                .filter(|r| r.action_type == "TEST_PURCHASE")
                .filter(|r| matches!(r.result, None | Some("REFUSED" | "SOLD")))
                .on(|r| r.done_on)
                .count()
        }),
        milestones("P5.08", 1, |cell| milestones_done(cell, "P5.08")),
        counted::<Order>("P5.09", &["DIRECTION_S27", "DISPERSAL_S35"], |cell| {
            cell.rows::<Order>()
                .filter(|r| r.order_type == "DIRECTION_S27" || r.order_type == "DISPERSAL_S35")
                .filter(|r| r.in_acz && r.cctv_monitored)
                .on(|r| r.start_on)
                .count()
        }),
    ]
}

fn admissions(id: &'static str, of: Counting) -> Definition {
    change::<HospitalAdmission>(id, Form::Delta, None, of)
}

fn sherwood_admissions(cell: &Cell<'_>, cause: Code) -> Count {
    cell.rows::<HospitalAdmission>()
        .filter(|r| r.causes.contains(&cause))
        .ward(SHERWOOD)
        .on(|r| r.admitted_on)
        .count()
}
