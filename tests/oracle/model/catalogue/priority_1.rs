//! Priority 1, domestic abuse.

use super::{counted, engagements, held, people_met, referrals_to};
use crate::oracle::model::calendar::within_a_year_after;
use crate::oracle::model::count::{Cell, Count, Definition, Rows, same_person};
use crate::oracle::records::{Activity, Code, Engagement, MaracCase, Message, PremisesAction, Referral};

pub fn measures() -> Vec<Definition> {
    vec![
        counted::<Referral>("P1.01a", &["DAVSS"], |cell| {
            referrals_to(cell, "DAVSS").on(|r| r.referred_on).heads()
        }),
        counted::<Referral>("P1.01b", &["DAVSS"], |cell| dealt_with(cell, "HIGH")),
        counted::<Referral>("P1.01c", &["DAVSS"], |cell| dealt_with(cell, "MEDIUM")),
        counted::<Referral>("P1.01d", &["DAVSS"], |cell| dealt_with(cell, "STANDARD")),
        counted::<MaracCase>("P1.02a", &[], |cell| {
            cell.rows::<MaracCase>().on(|r| r.referred_on).count()
        }),
        counted::<MaracCase>("P1.02b", &[], |cell| supported(cell).count()),
        counted::<MaracCase>("P1.02c", &[], |cell| {
            supported(cell)
                .having(|message, case| {
                    cell.everybodys::<MaracCase>()
                        .any(|(other, prior)| repeats((message, case), (other, prior)))
                })
                .count()
        }),
        counted::<Activity>("P1.03", &["FREEDOM_PROGRAMME"], |cell| {
            held(cell, "FREEDOM_PROGRAMME").count()
        }),
        counted::<Engagement>("P1.04", &["CDAP"], |cell| {
            let men = engagements(cell, &["CDAP"]).filter(|r| r.sex == "M");
            let supported = men.filter(|r| ["GROUP", "ONE_TO_ONE"].contains(&r.mode));
            people_met(supported, |r| r.contact_on)
        }),
        counted::<Engagement>("P1.05", &["ISVA"], |cell| {
            people_met(engagements(cell, &["ISVA"]), |r| r.contact_on)
        }),
        counted::<Engagement>("P1.06", &["OSS"], |cell| {
            people_met(engagements(cell, &["OSS"]), |r| r.contact_on)
        }),
        counted::<PremisesAction>("P1.07", &["SANCTUARY"], |cell| {
            cell.rows::<PremisesAction>()
                .filter(|r| r.action_type == "SANCTUARY")
                .on(|r| r.done_on)
                .distinct(|r| r.premises)
        }),
    ]
}

fn dealt_with(cell: &Cell<'_>, risk: Code) -> Count {
    referrals_to(cell, "DAVSS")
        .filter(|r| r.risk_at_dealt == Some(risk))
        .on(|r| r.dealt_on)
        .heads()
}

/// Discussed at a meeting, in the quarter of the latest.
fn supported<'w>(cell: &Cell<'w>) -> Rows<'w, MaracCase> {
    cell.rows::<MaracCase>()
        .filter(|r| r.outcome == "HEARD" || r.outcome == "ADJOURNED")
        .on(|r| r.meeting_on)
}

/// Whether a case repeats a prior one: same victim, a perpetrator in common, within twelve months of the prior
/// referral.
fn repeats((message, case): (&Message, &MaracCase), (other, prior): (&Message, &MaracCase)) -> bool {
    let again_on = case.incident_on.unwrap_or(case.referred_on);
    let in_common = case.perpetrators.iter().any(|a| {
        let same = |b: &_| same_person((message.partner, *a), (other.partner, *b));
        prior.perpetrators.iter().any(same)
    });
    same_person((message.partner, case.victim), (other.partner, prior.victim))
        && in_common
        && prior.referred_on < case.referred_on
        && within_a_year_after(prior.referred_on, again_on)
}
