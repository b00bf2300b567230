//! The Review of 2014/15: what came from the partners' own records.

use jiff::civil::date;

use super::priority_2::milestones_done;
use super::priority_3::{crimes, monitored};
use super::priority_4::noise_monitors;
use super::{
    counted, engagements, held, in_force, milestones, on_the_books, orders, people_met, percent,
    referrals_to, risk_on, young,
};
use crate::oracle::model::calendar::{Span, london, within_a_year_after};
use crate::oracle::model::count::{Cell, Count, Definition, Rows, Rule, same_person};
use crate::oracle::records::{
    Activity, AsbCase, CctvIncident, Code, Engagement, FamilyCase, Kind, Message, Order, PoliceIncident,
    PremisesAction, RecordedCrime, Referral, RoadCasualty,
};

pub fn figures() -> Vec<Definition> {
    let mut figures = crime();
    figures.extend(town());
    figures.extend(services());
    figures.extend(activities());
    figures.extend(incidents());
    figures.extend(families());
    figures.extend(roads());
    figures.extend(statements());
    figures
}

fn crime() -> Vec<Definition> {
    vec![
        percent::<RecordedCrime>("R01", |cell| crimes(cell).count()),
        counted::<RecordedCrime>("R02", &[], |cell| crimes(cell).count()),
        percent::<RecordedCrime>("R13", |cell| of_group(cell, "THSG")),
        percent::<RecordedCrime>("R16", |cell| {
            crimes(cell)
                .filter(|r| r.ho_subgroup == Some("SHOPLIFTING"))
                .count()
        }),
        percent::<RecordedCrime>("R23", |cell| of_group(cell, "VAP")),
    ]
}

fn of_group(cell: &Cell<'_>, group: Code) -> Count {
    crimes(cell).filter(|r| r.ho_group == Some(group)).count()
}

fn town() -> Vec<Definition> {
    vec![
        counted::<Order>("R04", &["RETAIL_EXCLUSION"], |cell| {
            orders(cell, "RETAIL_EXCLUSION")
                .filter(|r| r.basis == "SHOPLIFTING")
                .on(|r| r.start_on)
                .distinct(|r| r.subject)
        }),
        counted::<CctvIncident>("R05", &[], |cell| {
            cell.rows::<CctvIncident>()
                .filter(|r| r.instigated_by == "CCTV_OPERATOR")
                .at(|r| r.occurred_at)
                .sum(|r| r.arrests)
        }),
        counted::<CctvIncident>("R06", &[], |cell| {
            monitored(cell)
                .filter(|r| r.incident_type == "SHOPLIFTING")
                .count()
        }),
        counted::<PremisesAction>("R07", &["VICTIM_VISIT"], |cell| {
            done(cell, "VICTIM_VISIT").count()
        }),
        counted::<PremisesAction>("R08", &["SHED_ALARM"], |cell| {
            done(cell, "SHED_ALARM").sum(|r| r.quantity)
        }),
        counted::<Order>("R17", &["PUBWATCH_EXCLUSION"], |cell| {
            orders(cell, "PUBWATCH_EXCLUSION")
                .filter(|r| r.basis == "VIOLENCE")
                .on(|r| r.start_on)
                .count()
        }),
        counted::<Order>("R18", &["PUBWATCH_WARNING"], |cell| {
            orders(cell, "PUBWATCH_WARNING").on(|r| r.issued_on).count()
        }),
        counted::<CctvIncident>("R19", &[], |cell| {
            monitored(cell).filter(|r| r.incident_type == "VIOLENCE").count()
        }),
        counted::<CctvIncident>("R20", &[], |cell| {
            monitored(cell)
                .filter(|r| r.instigated_by == "PUBWATCH_RADIO")
                .count()
        }),
        counted::<Order>("R21", &["DIRECTION_S27"], |cell| {
            orders(cell, "DIRECTION_S27")
                .filter(|r| r.in_acz && r.cctv_monitored)
                .on(|r| r.start_on)
                .count()
        }),
        counted::<Order>("R40", &["HOUSING_INJUNCTION"], |cell| {
            let first_half = Span {
                first: date(2014, 4, 1),
                last: date(2014, 9, 30),
            };
            orders(cell, "HOUSING_INJUNCTION")
                .filter(|r| first_half.has(r.issued_on))
                .on_last_day(in_force)
                .count()
        })
        .at_end(),
    ]
}

fn done<'w>(cell: &Cell<'w>, action_type: Code) -> Rows<'w, PremisesAction> {
    cell.rows::<PremisesAction>()
        .filter(|r| r.action_type == action_type)
        .on(|r| r.done_on)
}

fn services() -> Vec<Definition> {
    vec![
        counted::<Referral>("R09", &[], |cell| {
            let wardens = cell.rows::<Referral>().filter(|r| r.from_agency == "KCC_WARDENS");
            people_met(wardens, |r| r.referred_on)
        }),
        counted::<Engagement>("R11", &["DRUG_HOME_VISIT"], |cell| {
            let visits = engagements(cell, &["DRUG_HOME_VISIT"]).filter(|r| r.mode == "HOME_VISIT");
            people_met(visits, |r| r.contact_on)
        }),
        counted::<Engagement>("R12", &["DRR_ATR"], |cell| {
            engagements(cell, &["DRR_ATR"])
                .filter(|r| r.mode == "ORDER_REQUIREMENT")
                .on(|r| r.contact_on)
                .heads()
        }),
        counted::<Engagement>("R22", &["HATE_LINE"], |cell| {
            engagements(cell, &["HATE_LINE"])
                .filter(|r| r.mode == "TELEPHONE")
                .on(|r| r.contact_on)
                .heads()
        }),
        counted::<Engagement>("R27", &["DAVSS_HELPLINE"], |cell| {
            cell.rows_anywhere::<Engagement>()
                .filter(|r| r.service == "DAVSS_HELPLINE" && r.mode == "TELEPHONE")
                .on(|r| r.contact_on)
                .heads()
        }),
        counted::<Referral>("R28", &["DAVSS"], |cell| {
            referrals_to(cell, "DAVSS").on(|r| r.dealt_on).heads()
        }),
        counted::<Referral>("R29", &["DAVSS"], |cell| {
            referrals_to(cell, "DAVSS")
                .filter(|r| r.risk_at_dealt == Some("HIGH"))
                .on(|r| r.dealt_on)
                .heads()
        }),
        counted::<Referral>("R30", &["CDAP"], |cell| {
            people_met(referrals_to(cell, "CDAP").filter(|r| r.sex == "M"), |r| {
                r.referred_on
            })
        }),
        counted::<Referral>("R39", &["ASB_GROUP"], |cell| {
            people_met(referrals_to(cell, "ASB_GROUP").filter(|r| r.repeat), |r| {
                r.referred_on
            })
        }),
        counted::<Engagement>("R41", &["HOTSPOT_OUTREACH", "KCC_YOUTH_OUTREACH"], |cell| {
            let outreach = engagements(cell, &["HOTSPOT_OUTREACH", "KCC_YOUTH_OUTREACH"]);
            people_met(outreach.filter(young), |r| r.contact_on)
        }),
        counted::<Engagement>("R42", &["COMM_PROJECT"], |cell| {
            people_met(engagements(cell, &["COMM_PROJECT"]).filter(young), |r| {
                r.contact_on
            })
        }),
        counted::<Engagement>("R43", &["YISP"], |cell| {
            people_met(engagements(cell, &["YISP"]), |r| r.contact_on)
        }),
    ]
}

fn activities() -> Vec<Definition> {
    vec![
        counted::<Activity>("R10", &["DOORSTEP_CRIME_TALK"], |cell| {
            held(cell, "DOORSTEP_CRIME_TALK").count()
        }),
        counted::<Activity>("R31", &["SAFE_PROJECT_SESSION"], |cell| {
            held(cell, "SAFE_PROJECT_SESSION").sum(|r| r.sessions)
        }),
        counted::<PremisesAction>("R46", &["NOISE_MONITOR"], noise_monitors),
        counted::<Activity>("R47", &["ACT2014_TRAINING"], |cell| {
            held(cell, "ACT2014_TRAINING").count()
        }),
        counted::<Activity>("R51", &["GREEN_CROSS_TALK"], |cell| {
            held(cell, "GREEN_CROSS_TALK").count()
        }),
        counted::<Activity>("R52", &["PED_CYCLE_PROGRAMME"], |cell| {
            held(cell, "PED_CYCLE_PROGRAMME").count()
        }),
    ]
}

fn incidents() -> Vec<Definition> {
    vec![
        percent::<PoliceIncident>("R32", |cell| of_kind(cell, "DA").count()),
        counted::<PoliceIncident>("R35", &[], repeat_victims),
        Definition::new(
            "R36",
            Kind::PoliceIncident,
            &[],
            Rule::Share {
                top: repeat_victims,
                bottom: |cell| of_kind(cell, "DA").distinct(|r| r.victim),
            },
        ),
        percent::<PoliceIncident>("R48", |cell| of_kind(cell, "ASB").count()),
        counted::<PoliceIncident>("R50", &[], |cell| of_kind(cell, "ASB").count()),
    ]
}

fn of_kind<'w>(cell: &Cell<'w>, kind: Code) -> Rows<'w, PoliceIncident> {
    cell.rows::<PoliceIncident>()
        .filter(|r| r.incident_kind == kind)
        .at(|r| r.reported_at)
}

/// Victims of domestic abuse of whom an earlier incident, anywhere, is not more than twelve months older.
fn repeat_victims(cell: &Cell<'_>) -> Count {
    let again = |message: &Message, incident: &PoliceIncident| {
        cell.everybodys::<PoliceIncident>().any(|(other, prior)| {
            let same = match (incident.victim, prior.victim) {
                (Some(a), Some(b)) => same_person((message.partner, a), (other.partner, b)),
                _ => false,
            };
            let (earlier, later) = (london(prior.reported_at), london(incident.reported_at));
            same && prior.incident_kind == "DA"
                && prior.reported_at < incident.reported_at
                && (earlier == later || within_a_year_after(earlier, later))
        })
    };
    of_kind(cell, "DA").having(again).distinct(|r| r.victim)
}

fn families() -> Vec<Definition> {
    vec![
        counted::<AsbCase>("R38", &[], |cell| {
            let day = cell.span.last;
            cell.rows::<AsbCase>().of_last_quarter().entries(|case| {
                let open = case
                    .spells
                    .iter()
                    .filter(|s| s.opened_on <= day && s.closed_on.is_none_or(|closed| closed > day));
                open.filter(|_| risk_on(case, day) == Some("HIGH")).count()
            })
        })
        .at_end(),
        counted::<FamilyCase>("R44", &["FAMILIES_FIRST"], |cell| {
            on_the_books(cell, "FAMILIES_FIRST").people()
        }),
        counted::<FamilyCase>("R45", &["SHERWOOD"], |cell| {
            on_the_books(cell, "SHERWOOD").people()
        }),
    ]
}

fn roads() -> Vec<Definition> {
    vec![
        percent::<RoadCasualty>("R53", |cell| casualties(cell).count()),
        counted::<RoadCasualty>("R54", &[], |cell| casualties(cell).count()),
        counted::<RoadCasualty>("R56", &[], killed_or_seriously_injured),
        counted::<RoadCasualty>("R57", &[], killed_or_seriously_injured),
        counted::<RoadCasualty>("R58", &[], children),
        counted::<RoadCasualty>("R59", &[], children),
    ]
}

fn casualties<'w>(cell: &Cell<'w>) -> Rows<'w, RoadCasualty> {
    cell.rows::<RoadCasualty>().on(|r| r.collision_on)
}

fn killed_or_seriously_injured(cell: &Cell<'_>) -> Count {
    casualties(cell)
        .filter(|r| r.severity == 1 || r.severity == 2)
        .count()
}

fn children(cell: &Cell<'_>) -> Count {
    casualties(cell).filter(|r| (0..=15).contains(&r.age)).count()
}

fn statements() -> Vec<Definition> {
    vec![
        milestones("M1", 1, |cell| milestones_done(cell, "2014.M1")),
        milestones("M2", 1, |cell| milestones_done(cell, "2014.M2")),
        milestones("M3", 1, |cell| milestones_done(cell, "2014.M3")),
        milestones("M4", 1, |cell| milestones_done(cell, "2014.M4")),
        milestones("M5", 1, |cell| milestones_done(cell, "2014.M5")),
    ]
}
