//! Random contents of the record types about people.

use super::dice::Dice;
use super::setting::Setting;
use super::{events, events_of_police};
use crate::oracle::records::{
    AsbCase, Body, Code, CommunityTrigger, Engagement, FamilyCase, Kind, MaracCase, Order, Referral, Spell,
};

const RISKS: [Code; 3] = ["HIGH", "MEDIUM", "STANDARD"];
const SEXES: [Code; 3] = ["M", "F", "U"];

/// Some content of the setting's record type. Notices and figures of areas are drawn elsewhere.
pub fn draw(dice: &mut Dice, setting: &Setting) -> Body {
    match setting.kind {
        Kind::Referral => referral(dice, setting).into(),
        Kind::Engagement => engagement(dice, setting).into(),
        Kind::MaracCase => marac_case(dice, setting).into(),
        Kind::FamilyCase => family_case(dice, setting).into(),
        Kind::AsbCase => asb_case(dice, setting).into(),
        Kind::CommunityTrigger => community_trigger(dice, setting).into(),
        Kind::Order => order(dice, setting).into(),
        Kind::CctvIncident => events::cctv_incident(dice, setting).into(),
        Kind::RecordedCrime => events_of_police::recorded_crime(dice, setting).into(),
        Kind::PoliceIncident => events_of_police::police_incident(dice, setting).into(),
        Kind::Arrest => events_of_police::arrest(dice, setting).into(),
        Kind::RoadCasualty => events::road_casualty(dice, setting).into(),
        Kind::HospitalAdmission => events::hospital_admission(dice, setting).into(),
        Kind::Activity => events::activity(dice, setting).into(),
        Kind::PatrolShift => events::patrol_shift(dice, setting).into(),
        Kind::PremisesAction => events::premises_action(dice, setting).into(),
        Kind::Milestone => events::milestone(dice, setting).into(),
        Kind::ReturnNotice | Kind::AreaStatistic => unreachable!("drawn in groups"),
    }
}

fn referral(dice: &mut Dice, setting: &Setting) -> Referral {
    const RISKS_AT_DEALT: [Code; 4] = ["HIGH", "MEDIUM", "STANDARD", "UNASSESSED"];
    Referral {
        to_service: setting.code(dice),
        from_agency: dice.pick(&["CSU", "KPOL", "KCC_WARDENS", "SELF"]),
        heads: setting.heads(dice),
        sex: dice.pick(&SEXES),
        repeat: dice.chance(50),
        referred_on: setting.day(dice),
        risk_at_dealt: dice.maybe(85, |dice| dice.pick(&RISKS_AT_DEALT)),
        dealt_on: setting.maybe_day(dice, 70),
    }
}

/// How each service is given, so that filters on both are met often.
fn modes(service: Code) -> &'static [Code] {
    match service {
        "DRUG_HOME_VISIT" => &["HOME_VISIT", "HOME_VISIT", "DROP_IN"],
        "DRR_ATR" => &["ORDER_REQUIREMENT", "ORDER_REQUIREMENT", "GROUP"],
        "DAVSS_HELPLINE" | "HATE_LINE" => &["TELEPHONE", "TELEPHONE", "OUTREACH"],
        _ => &["ONE_TO_ONE", "GROUP", "EARLY_INTERVENTION", "ASSESSMENT"],
    }
}

fn engagement(dice: &mut Dice, setting: &Setting) -> Engagement {
    let service = setting.code(dice);
    Engagement {
        service,
        provider: dice.pick(&["KENWARD", "KENWARD", "CRI", "OTHER"]),
        heads: setting.heads(dice),
        sex: dice.pick(&SEXES),
        age_band: dice.pick(&["U10", "10-17", "10-17", "18-19", "20-24", "UNK"]),
        contact_on: setting.day(dice),
        mode: dice.pick(modes(service)),
        attrs: dice.some_of(&["OFFENDER", "SUBSTANCE_MISUSE", "NFA"], 45),
        outcome: dice.pick(&["NONE", "POSITIVE", "POSITIVE", "DISENGAGED"]),
        outcome_on: setting.maybe_day(dice, 60),
    }
}

fn marac_case(dice: &mut Dice, setting: &Setting) -> MaracCase {
    let perpetrators = dice.weighted(&[(10, 0), (50, 1), (40, 2)]);
    MaracCase {
        referred_on: setting.day(dice),
        incident_on: setting.maybe_day(dice, 40),
        meeting_on: setting.maybe_day(dice, 85),
        victim: setting.pid(dice),
        perpetrators: (0..perpetrators).map(|_| setting.pid(dice)).collect(),
        outcome: dice.pick(&["HEARD", "HEARD", "ADJOURNED", "LISTED", "TRANSFERRED"]),
    }
}

fn family_case(dice: &mut Dice, setting: &Setting) -> FamilyCase {
    let engaged_from = setting.day(dice);
    FamilyCase {
        programme: setting.code(dice),
        heads: setting.heads(dice),
        engaged_from,
        closed_on: dice.maybe(65, |dice| setting.day_from(dice, engaged_from)),
        outcome: dice.pick(&["NONE", "SSP", "EMPLOYMENT", "OTHER_SUCCESS"]),
        outcome_on: setting.maybe_day(dice, 60),
    }
}

/// Spells one after another, and grades from the first opening on, sometimes two on one day.
fn asb_case(dice: &mut Dice, setting: &Setting) -> AsbCase {
    let mut spells = Vec::new();
    let mut opened_on = setting.day(dice);
    let mut risks = vec![(opened_on, dice.pick(&RISKS))];
    loop {
        let closed_on = dice.maybe(75, |dice| setting.day_from(dice, opened_on));
        spells.push(Spell { opened_on, closed_on });
        match closed_on {
            Some(closed_on) if dice.chance(50) && spells.len() < 3 => {
                opened_on = setting.day_from(dice, closed_on);
            }
            _ => break,
        }
    }
    let grades = dice.below(4);
    for _ in 0..grades {
        let (newest, _) = risks[risks.len() - 1];
        let days = spells.iter().filter_map(|spell| spell.closed_on);
        let ends: Vec<_> = days.filter(|day| *day >= newest).collect();
        // On the day of a closing the new grade is the one that counts.
        let on = if ends.is_empty() || dice.chance(50) {
            setting.day_from(dice, newest)
        } else {
            dice.pick(&ends)
        };
        risks.push((on, dice.pick(&RISKS)));
    }
    AsbCase { spells, risks }
}

fn community_trigger(dice: &mut Dice, setting: &Setting) -> CommunityTrigger {
    CommunityTrigger {
        applied_on: setting.day(dice),
        threshold: dice.pick(&["MET", "MET", "NOT_MET", "PENDING"]),
        threshold_on: setting.maybe_day(dice, 80),
        outcome: dice.pick(&["ONGOING", "RESOLVED", "RESOLVED", "NOT_RESOLVED"]),
        resolved_on: setting.maybe_day(dice, 70),
    }
}

fn order(dice: &mut Dice, setting: &Setting) -> Order {
    let issued_on = setting.day(dice);
    let start_on = if dice.chance(60) {
        issued_on
    } else {
        setting.day_from(dice, issued_on)
    };
    Order {
        order_type: setting.code(dice),
        subject: setting.pid(dice),
        issued_on,
        start_on,
        end_on: dice.maybe(60, |dice| setting.day_from(dice, start_on)),
        lifted_on: dice.maybe(25, |dice| setting.day_from(dice, start_on)),
        basis: dice.pick(&["VIOLENCE", "SHOPLIFTING", "DRUGS"]),
        in_acz: dice.chance(70),
        cctv_monitored: dice.chance(70),
    }
}
