//! Priority 4, anti-social behaviour.

use super::priority_2::milestones_done;
use super::{
    counted, engagements, held, in_force, milestones, on_the_books, orders, people_met, referrals_to,
    risk_on, young,
};
use crate::oracle::model::count::{Cell, Count, Definition};
use crate::oracle::records::{
    Activity, AsbCase, Code, CommunityTrigger, Engagement, FamilyCase, Order, PremisesAction, Referral,
};

/// Sherwood ward.
pub const SHERWOOD: Code = "E05005146";

pub fn measures() -> Vec<Definition> {
    let mut measures = cases_and_orders();
    measures.extend(young_people_and_families());
    measures.extend(the_rest());
    measures
}

fn cases_and_orders() -> Vec<Definition> {
    vec![
        counted::<AsbCase>("P4.01a", &[], |cell| opened(cell, "HIGH")),
        counted::<AsbCase>("P4.01b", &[], |cell| closed(cell, "HIGH")),
        counted::<AsbCase>("P4.01c", &[], |cell| opened(cell, "MEDIUM")),
        counted::<AsbCase>("P4.01d", &[], |cell| closed(cell, "MEDIUM")),
        counted::<Referral>("P4.02", &["ASB_GROUP"], |cell| {
            people_met(referrals_to(cell, "ASB_GROUP"), |r| r.referred_on)
        }),
        counted::<Order>("P4.03a", &["CIVIL_INJUNCTION"], |cell| {
            orders(cell, "CIVIL_INJUNCTION").on_last_day(in_force).count()
        })
        .at_end(),
        counted::<Order>("P4.03b", &["HOUSING_INJUNCTION"], |cell| {
            orders(cell, "HOUSING_INJUNCTION").on_last_day(in_force).count()
        })
        .at_end(),
        counted::<Order>("P4.03c", &["CBO"], |cell| {
            orders(cell, "CBO").on_last_day(in_force).count()
        })
        .at_end(),
    ]
}

/// Spells that opened at this risk.
fn opened(cell: &Cell<'_>, risk: Code) -> Count {
    let span = cell.span;
    cell.rows::<AsbCase>().entries(|case| {
        let opened = case.spells.iter().map(|spell| spell.opened_on);
        opened
            .filter(|day| span.has(*day) && risk_on(case, *day) == Some(risk))
            .count()
    })
}

/// Spells that closed at this risk.
fn closed(cell: &Cell<'_>, risk: Code) -> Count {
    let span = cell.span;
    cell.rows::<AsbCase>().entries(|case| {
        let closed = case.spells.iter().filter_map(|spell| spell.closed_on);
        closed
            .filter(|day| span.has(*day) && risk_on(case, *day) == Some(risk))
            .count()
    })
}

fn young_people_and_families() -> Vec<Definition> {
    vec![
        counted::<Engagement>("P4.04a", &["HOTSPOT_OUTREACH"], |cell| {
            let kenward = engagements(cell, &["HOTSPOT_OUTREACH"]).filter(|r| r.provider == "KENWARD");
            people_met(kenward.filter(young), |r| r.contact_on)
        }),
        counted::<Engagement>("P4.04b", &["KCC_YOUTH_OUTREACH"], |cell| {
            people_met(engagements(cell, &["KCC_YOUTH_OUTREACH"]).filter(young), |r| {
                r.contact_on
            })
        }),
        counted::<Engagement>("P4.05", &["COMM_PROJECT"], |cell| {
            people_met(engagements(cell, &["COMM_PROJECT"]).filter(young), |r| {
                r.contact_on
            })
        }),
        counted::<Referral>("P4.06a", &["EHPS", "YISP"], |cell| {
            cell.rows::<Referral>()
                .filter(|r| r.to_service == "EHPS" || r.to_service == "YISP")
                .on(|r| r.referred_on)
                .people()
        }),
        counted::<Engagement>("P4.06b", &["EHPS", "YISP"], |cell| {
            people_met(engagements(cell, &["EHPS", "YISP"]), |r| r.contact_on)
        }),
        counted::<FamilyCase>("P4.07a", &["FAMILIES_FIRST"], |cell| {
            on_the_books(cell, "FAMILIES_FIRST").people()
        }),
        counted::<FamilyCase>("P4.07b", &["FAMILIES_FIRST"], |cell| {
            cell.rows::<FamilyCase>()
                .filter(|r| r.programme == "FAMILIES_FIRST" && ["SSP", "EMPLOYMENT"].contains(&r.outcome))
                .on(|r| r.outcome_on)
                .people()
        }),
        counted::<FamilyCase>("P4.08a", &["SHERWOOD"], |cell| {
            on_the_books(cell, "SHERWOOD").ward(SHERWOOD).people()
        }),
        counted::<Engagement>("P4.08b", &["SHERWOOD"], |cell| {
            people_met(engagements(cell, &["SHERWOOD"]).ward(SHERWOOD), |r| r.contact_on)
        }),
    ]
}

fn the_rest() -> Vec<Definition> {
    vec![
        counted::<PremisesAction>("P4.09", &["NOISE_MONITOR"], noise_monitors),
        counted::<Referral>("P4.10", &["EP"], |cell| {
            referrals_to(cell, "EP")
                .filter(|r| r.from_agency == "CSU")
                .on(|r| r.referred_on)
                .heads()
        }),
        milestones("P4.11", 7, |cell| milestones_done(cell, "P4.11")),
        counted::<Activity>("P4.12a", &["SAFETY_IN_ACTION"], |cell| {
            held(cell, "SAFETY_IN_ACTION").sum(|r| r.attended_young)
        }),
        counted::<Activity>("P4.12b", &["SAFETY_IN_ACTION"], |cell| {
            held(cell, "SAFETY_IN_ACTION").distinct_codes(|r| &r.partner_orgs)
        }),
        counted::<CommunityTrigger>("P4.13a", &[], |cell| {
            cell.rows::<CommunityTrigger>()
                .filter(|r| r.threshold == "MET")
                .on(|r| r.threshold_on)
                .count()
        }),
        counted::<CommunityTrigger>("P4.13b", &[], |cell| {
            cell.rows::<CommunityTrigger>()
                .filter(|r| r.outcome == "RESOLVED")
                .on(|r| r.resolved_on)
                .count()
        }),
    ]
}

pub fn noise_monitors(cell: &Cell<'_>) -> Count {
    cell.rows::<PremisesAction>()
        .filter(|r| r.action_type == "NOISE_MONITOR")
        .on(|r| r.done_on)
        .count()
}
